package io.sotto.server;

import static java.util.Objects.requireNonNull;

import io.sotto.cli.Commands;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;

/// The entry of the executable jar, and the roof over all commands: the broker's own are here,
/// those that speak to a broker in `cli`.
@Command(
        name = "sotto",
        description = "A free MQTT broker, and tools for any broker.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        scope = ScopeType.INHERIT,
        synopsisSubcommandLabel = "COMMAND")
public final class Main {
    /// When the program began, in nanoseconds of the monotonic clock. Of the process it leaves out
    /// the start of the JVM, and the build that the launcher may have made.
    static final long BEGAN = System.nanoTime();

    /// Not in the annotation, from where each command without examples would have them.
    private static final String[] EXAMPLES = {
        "  sotto serve                            a broker on 127.0.0.1:1883",
        "  sotto serve --config sotto.yaml        a broker as configured",
        "  sotto init                             a configuration with a user and TLS",
        "  sotto import mosquitto mosquitto.conf  a configuration out of one of Mosquitto",
        "  sotto mosquitto -c mosquitto.conf      a broker in the place of Mosquitto",
        "  sotto reload --config sotto.yaml       applies what that file says now",
        "  sotto passwd ada                       the lines of a user for sotto.yaml",
        "  sotto users add ada --file users.txt   a user in a password file",
        "  sotto store backup /backup/monday      a copy of all that the broker keeps",
        "  sotto acl test --user ada publish home/lamp",
        "                                         says who may do what, and by which rule",
        "  sotto sub -v -t 'home/#'               prints what is published there",
        "  sotto pub -t home/oven/light -m on     publishes a message",
        "  sotto tree                             shows the topics, alive",
        "  sotto bench pair localhost:1883        measures a broker",
        "  sotto doctor --config sotto.yaml       says what is wrong, and what to type",
        "  sotto check localhost:1883             tests a broker against the standard",
        "",
        "`sotto COMMAND --help` says what a command takes."
    };

    Main() {}

    /// Does what the arguments ask for; the exit status is 0 when it worked, 1 when it did not, 2
    /// when something that was given is wrong. `pub`, `sub` and `rr` have those of mosquitto's
    /// tools.
    public static void main(String[] arguments) throws InterruptedException {
        if (arguments.length == 1 && List.of("--version", "-V").contains(arguments[0])) {
            // Asked for often and by scripts, who need not wait until all commands were looked at.
            System.out.println("sotto " + version());
            return;
        }
        if (isGarbled(arguments)) {
            System.err.println(
                    "sotto: an argument is not ASCII, and the locale (LC_ALL, LC_CTYPE, LANG) cannot"
                            + " say it: LC_ALL=C.UTF-8, for example, can");
            boolean isClient = List.of("pub", "sub", "rr", "tree", "top").contains(arguments[0]);
            System.exit(isClient ? CommandLine.ExitCode.SOFTWARE : CommandLine.ExitCode.USAGE);
        }
        boolean serves = arguments.length > 0 && arguments[0].equals("serve");
        if (serves) {
            List<String> options = List.of(arguments).subList(1, arguments.length);
            Serve plain = Serve.plain(options, System.getenv());
            if (plain != null) {
                System.exit(plain.call());
            }
        }
        CommandLine commands = serves ? forServing() : commands();
        System.exit(run(commands, arguments));
    }

    /// The exit status; what was not written, since the disk is full or nobody reads any more, was
    /// not done.
    static int run(CommandLine commands, String... arguments) {
        int status = commands.execute(arguments);
        if (System.out.checkError() && status == CommandLine.ExitCode.OK) {
            System.err.println("sotto: the output cannot be written");
            return CommandLine.ExitCode.SOFTWARE;
        }
        return status;
    }

    /// Whether the JVM could not read an argument, and took a replacement for what it was.
    private static boolean isGarbled(String... arguments) {
        return !"UTF-8".equals(System.getProperty("sun.jnu.encoding"))
                && String.join(" ", arguments).indexOf('\uFFFD') >= 0;
    }

    /// Every command.
    static CommandLine commands() {
        CommandLine commands =
                forServing()
                        .addSubcommand(new ReloadCommand())
                        .addSubcommand(new Passwd())
                        .addSubcommand(Users.command())
                        .addSubcommand(new StoreCommand())
                        .addSubcommand(new Init())
                        .addSubcommand(Import.command())
                        .addSubcommand(new MosquittoCommand())
                        .addSubcommand(Acl.command())
                        .addSubcommand(new Rehearsal())
                        .addSubcommand(new Doctor());
        Commands.all(new ConformanceSuite(), ControlSocket::answer)
                .forEach(commands::addSubcommand);
        commands.getCommandSpec().usageMessage().footerHeading("%nExamples:%n").footer(EXAMPLES);
        return commands;
    }

    /// The broker's start does not wait until all other commands were looked at.
    private static CommandLine forServing() {
        return new CommandLine(new Main())
                .addSubcommand(new Serve())
                // A payload or a format may begin with @, and is no file then.
                .setExpandAtFiles(false)
                .setParameterExceptionHandler(Main::refuse)
                .setExecutionExceptionHandler((fault, command, _) -> fail(fault, command));
    }

    /// A file that cannot be read or written is a sentence; anything else is a fault of ours, with
    /// its trace.
    private static int fail(Exception fault, CommandLine command) throws Exception {
        IOException failed =
                switch (fault) {
                    case IOException read -> read;
                    case UncheckedIOException wrapped -> requireNonNull(wrapped.getCause());
                    default -> throw fault;
                };
        command.getErr().println("sotto: " + PrivateFiles.reason(failed));
        return CommandLine.ExitCode.SOFTWARE;
    }

    private static int refuse(ParameterException e, String[] arguments) {
        CommandLine command = e.getCommandLine();
        command.getErr().println("sotto: " + e.getMessage());
        command.getErr()
                .println(
                        "`"
                                + command.getCommandSpec().qualifiedName()
                                + " --help` says what there is.");
        return command.getCommandSpec().exitCodeOnInvalidInput();
    }

    /// The version of the jar.
    static String version() {
        String version = Main.class.getPackage().getImplementationVersion();
        return version == null ? "(unpackaged)" : version;
    }

    /// What `--version` prints.
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"sotto " + version()};
        }
    }
}
