package io.sotto.server;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParameterException;

/// The entry of the executable jar.
@Command(
        name = "sotto",
        description = "A free MQTT broker.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {Serve.class, Passwd.class})
public final class Main {
    /// When the program began, in nanoseconds of the monotonic clock. Of the process it leaves out
    /// the start of the JVM, and the build that the launcher may have made.
    static final long BEGAN = System.nanoTime();

    Main() {}

    /// Does what the arguments ask for; the exit status is 0 when it worked, 1 when it did not, 2
    /// when something that was given is wrong.
    public static void main(String[] arguments) {
        int status = commandLine().execute(arguments);
        System.exit(status);
    }

    static CommandLine commandLine() {
        return new CommandLine(new Main()).setParameterExceptionHandler(Main::refuse);
    }

    private static int refuse(ParameterException e, String[] arguments) {
        CommandLine command = e.getCommandLine();
        command.getErr().println("sotto: " + e.getMessage());
        command.getErr().println("`sotto " + help(command) + "--help` says what there is.");
        return CommandLine.ExitCode.USAGE;
    }

    private static String help(CommandLine command) {
        return command.getParent() == null ? "" : command.getCommandName() + " ";
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
