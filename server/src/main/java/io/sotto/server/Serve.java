package io.sotto.server;

import io.sotto.server.config.ConfigException;
import io.sotto.server.config.SottoConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Runs the broker until it gets SIGTERM or SIGINT.
@Command(
        name = "serve",
        description = "Runs the broker until SIGTERM or SIGINT.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  sotto serve                       for this machine only, on 127.0.0.1:1883",
            "  sotto serve --config sotto.yaml   docs/configuration.md lists every key",
            "  sotto serve --port 1884           with another port for the first listener"
        })
final class Serve implements Callable<Integer> {
    private static final List<String> OPTIONS = List.of("--config", "--host", "--port", "--data");
    private static final Pattern VALUE = Pattern.compile("[\\w./:][-\\w./: ]*");
    private static final Pattern PORT = Pattern.compile("[0-9]{1,4}|[1-5][0-9]{4}");

    @Spec @Nullable CommandSpec spec;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            defaultValue = "${env:SOTTO_CONFIG}",
            description = "The configuration; without one, 127.0.0.1:1883. Also SOTTO_CONFIG.")
    @Nullable Path config;

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            defaultValue = "${env:SOTTO_HOST}",
            description = "The address of the first listener. Also SOTTO_HOST.")
    @Nullable String host;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "${env:SOTTO_PORT}",
            description = "The port of the first listener, 0 for any. Also SOTTO_PORT.")
    @Nullable Integer port;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "${env:SOTTO_DATA}",
            description = "The folder of the store, ./data by default. Also SOTTO_DATA.")
    @Nullable Path data;

    Serve() {}

    /// The command as it mostly is: each option once, with a value that is one. Null where there is
    /// more to it, which picocli is to read, to explain or to refuse; it takes 60 ms for that, some
    /// of them with its classes, which are too old for the JVM to have learned them by heart.
    ///
    /// @param arguments what stands behind `serve`
    static @Nullable Serve plain(List<String> arguments, Map<String, String> environment) {
        Map<String, String> values = new HashMap<>();
        for (String name : OPTIONS) {
            String variable = "SOTTO_" + name.substring(2).toUpperCase(Locale.ROOT);
            if (environment.containsKey(variable)) {
                values.put(name, environment.get(variable));
            }
        }
        Set<String> given = new HashSet<>();
        for (int i = 0; i < arguments.size(); i += 2) {
            boolean isWhole = i + 1 < arguments.size() && given.add(arguments.get(i));
            if (!isWhole || !OPTIONS.contains(arguments.get(i))) {
                return null;
            }
            values.put(arguments.get(i), arguments.get(i + 1));
        }
        if (values.values().stream().anyMatch(value -> !VALUE.matcher(value).matches())
                || !PORT.matcher(values.getOrDefault("--port", "0")).matches()) {
            return null;
        }
        Serve serve = new Serve();
        serve.config = path(values.get("--config"));
        serve.host = values.get("--host");
        String port = values.get("--port");
        serve.port = port == null ? null : Integer.valueOf(port);
        serve.data = path(values.get("--data"));
        return serve;
    }

    private static @Nullable Path path(@Nullable String text) {
        return text == null ? null : Path.of(text);
    }

    @Override
    public Integer call() throws InterruptedException {
        if (spec != null && port != null && (port < 0 || port > 65_535)) {
            throw new ParameterException(
                    spec.commandLine(), "--port is to be within 0 to 65,535, not " + port);
        }
        try {
            var overrides = new SottoConfig.Overrides(config, host, port, data);
            return run(SottoConfig.load(overrides), Reload.Source.of(overrides));
        } catch (ConfigException e) {
            System.err.println(e.getMessage());
            return CommandLine.ExitCode.USAGE;
        }
    }

    /// Runs a broker until a signal ends it; the exit status when it cannot start.
    ///
    /// @param source what a reload reads
    static int run(SottoConfig config, Reload.Source source) throws InterruptedException {
        long began = Main.BEGAN;
        Server server;
        try {
            server = Server.start(config);
            server.awaitCommands(source, config);
        } catch (IOException e) {
            System.err.println("sotto: " + e.getMessage());
            return CommandLine.ExitCode.SOFTWARE;
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server), "sotto-stop"));
        System.out.println(
                "sotto %s listens on %s, ready after %d ms"
                        .formatted(
                                Main.version(),
                                server.places(),
                                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began)));
        new CountDownLatch(1).await();
        return CommandLine.ExitCode.OK;
    }

    /// Ends the process with status 0, which a JVM that got a signal does not do by itself.
    private static void stop(Server server) {
        server.stop();
        Runtime.getRuntime().halt(CommandLine.ExitCode.OK);
    }
}
