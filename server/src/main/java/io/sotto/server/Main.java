package io.sotto.server;

import io.sotto.cli.Commands;
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
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExamples:%n",
        footer = {
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
        })
public final class Main {
    /// When the program began, in nanoseconds of the monotonic clock. Of the process it leaves out
    /// the start of the JVM, and the build that the launcher may have made.
    static final long BEGAN = System.nanoTime();

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
        boolean serves = arguments.length > 0 && arguments[0].equals("serve");
        if (serves) {
            List<String> options = List.of(arguments).subList(1, arguments.length);
            Serve plain = Serve.plain(options, System.getenv());
            if (plain != null) {
                System.exit(plain.call());
            }
        }
        CommandLine commands = serves ? forServing() : commands();
        System.exit(commands.execute(arguments));
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
        return commands;
    }

    /// The broker's start does not wait until all other commands were looked at.
    private static CommandLine forServing() {
        return new CommandLine(new Main())
                .addSubcommand(new Serve())
                // A payload or a format may begin with @, and is no file then.
                .setExpandAtFiles(false)
                .setParameterExceptionHandler(Main::refuse);
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
