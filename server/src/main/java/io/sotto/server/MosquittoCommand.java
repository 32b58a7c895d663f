package io.sotto.server;

import static java.util.Objects.requireNonNull;

import io.sotto.broker.spi.EventLog.Severity;
import io.sotto.server.config.ConfigException;
import io.sotto.server.config.LogConfig;
import io.sotto.server.config.SottoConfig;
import io.sotto.server.mosquitto.MosquittoImport;
import io.sotto.server.mosquitto.MosquittoImport.Setting;
import java.io.BufferedReader;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Takes the place of the executable of Mosquitto: the same options, the same configuration and the
/// same defaults, save that what is acknowledged is kept.
@Command(
        name = "mosquitto",
        description = {
            "Runs the broker with a mosquitto.conf, or as Mosquitto runs without one: for this"
                    + " machine only, and open to everybody there.",
            "",
            "What is acknowledged is kept in a folder, whatever `persistence` says. The exit status is"
                    + " 0 after SIGTERM, 2 when the configuration is refused, 1 when the broker"
                    + " cannot start."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  sotto mosquitto -p 1884",
            "  sotto mosquitto -c /etc/mosquitto/mosquitto.conf -v",
            "  sotto import mosquitto FILE -o DIR     makes a configuration of Sotto's own"
        })
final class MosquittoCommand implements Callable<Integer> {
    /// Set for the process that stays when the one that was started goes.
    private static final String BACKGROUND = "SOTTO_BACKGROUND";

    private static final Path NEW_SESSION = Path.of("/usr/bin/setsid");

    @Spec @Nullable CommandSpec spec;

    @Option(
            names = {"-c", "--config-file"},
            paramLabel = "FILE",
            description = "The mosquitto.conf.")
    @Nullable Path config;

    @Option(
            names = {"-p", "--port"},
            paramLabel = "PORT",
            description = "Instead of 1883, where the configuration has no listener.")
    @Nullable Integer port;

    @Option(
            names = {"-v", "--verbose"},
            description = "Log everything, whatever log_type says.")
    boolean verbose;

    @Option(
            names = {"-d", "--daemon"},
            description = "Go into the background once the broker has started.")
    boolean daemon;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "${env:SOTTO_DATA}",
            description =
                    "The folder of the store; by default `sotto` in persistence_location, or"
                            + " ./data. Also SOTTO_DATA.")
    @Nullable Path data;

    MosquittoCommand() {}

    @Override
    public Integer call() throws InterruptedException, IOException {
        if (port != null && (port < 0 || port > 65_535)) {
            throw new ParameterException(
                    requireNonNull(spec).commandLine(),
                    "-p is to be within 0 to 65,535, not " + port);
        }
        MosquittoImport read = MosquittoImport.of(config, Setting.here().at(port));
        Import.warn(read);
        if (!read.report().refusals().isEmpty()) {
            return CommandLine.ExitCode.USAGE;
        }
        SottoConfig settings;
        try {
            settings = settings(read);
        } catch (ConfigException e) {
            System.err.println(e.getMessage());
            return CommandLine.ExitCode.USAGE;
        }
        if (port != null && read.hasListeners()) {
            System.err.println("WARNING -p is not used: the configuration has listeners");
        }
        if (daemon && System.getenv(BACKGROUND) == null) {
            return goIntoTheBackground();
        }
        return run(read, settings);
    }

    private int run(MosquittoImport read, SottoConfig settings)
            throws InterruptedException, IOException {
        if (read.logFile() != null) {
            System.setErr(
                    new PrintStream(
                            new FileOutputStream(read.logFile().toFile(), true),
                            true,
                            StandardCharsets.UTF_8));
        }
        if (read.processFile() != null) {
            Files.writeString(read.processFile(), ProcessHandle.current().pid() + "\n");
        }
        String name = config == null ? null : config.toString();
        return Serve.run(
                settings,
                new Reload.Source(
                        name, () -> settings(MosquittoImport.of(config, Setting.here().at(port)))));
    }

    private SottoConfig settings(MosquittoImport read) throws ConfigException {
        SottoConfig settings = read.config(data);
        return verbose
                ? settings.logging(new LogConfig(settings.log().format(), Severity.INFO))
                : settings;
    }

    /// Starts this program once more, in a session of its own, and waits until it is ready.
    private static int goIntoTheBackground() throws IOException, InterruptedException {
        ProcessHandle.Info self = ProcessHandle.current().info();
        List<String> command = new ArrayList<>();
        if (Files.isExecutable(NEW_SESSION)) {
            command.add(NEW_SESSION.toString());
        }
        command.add(self.command().orElseThrow(() -> new IOException("no program to start")));
        command.addAll(List.of(self.arguments().orElse(new String[0])));
        ProcessBuilder child =
                new ProcessBuilder(command)
                        .redirectInput(Path.of("/dev/null").toFile())
                        .redirectError(ProcessBuilder.Redirect.DISCARD);
        child.environment().put(BACKGROUND, "yes");
        Process started = child.start();
        try (BufferedReader out = started.inputReader(StandardCharsets.UTF_8)) {
            String ready = out.readLine();
            if (ready != null) {
                System.out.println(ready);
                return CommandLine.ExitCode.OK;
            }
        }
        System.err.println("sotto: the broker did not start; without -d it says why");
        return Math.max(CommandLine.ExitCode.SOFTWARE, started.waitFor());
    }
}
