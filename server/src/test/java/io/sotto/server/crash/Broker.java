package io.sotto.server.crash;

import io.sotto.client.Transport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The real broker in a process of its own, which is killed and started again on one folder.
final class Broker implements AutoCloseable {
    private static final Pattern READY =
            Pattern.compile("sotto \\S+ listens on 127\\.0\\.0\\.1:(\\d+), ready after (\\d+) ms");
    private static final int DOWN = 0;

    private final List<String> command;
    private final Path errors;
    private final Map<String, String> environment = new HashMap<>();
    private final Lives lives = new Lives();
    private volatile int port = DOWN;
    private @Nullable Process process;

    /// @param jar the executable jar
    /// @param folder where its configuration, its log and its data lie
    /// @param settings the content of `sotto.yaml`
    Broker(Path jar, Path folder, String settings) throws IOException {
        Path config = folder.resolve("sotto.yaml");
        Files.writeString(config, settings);
        this.errors = folder.resolve("errors.txt");
        this.command =
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-XX:+UseCompactObjectHeaders",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-Xmx256m",
                        "-jar",
                        jar.toString(),
                        "serve",
                        "--config",
                        config.toString(),
                        "--data",
                        folder.resolve("data").toString(),
                        "--port",
                        "0");
    }

    /// What its next lives find in their environment.
    Map<String, String> environment() {
        return environment;
    }

    /// When it served.
    Lives lives() {
        return lives;
    }

    /// Waits until it has ended by itself; its exit status.
    int awaitEnd(long seconds) throws InterruptedException {
        if (!running().waitFor(seconds, TimeUnit.SECONDS)) {
            throw new IllegalStateException("the broker has not ended after " + seconds + " s");
        }
        port = DOWN;
        return running().exitValue();
    }

    /// Starts the process, without waiting for it.
    void launch() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(command));
        builder.environment().keySet().removeIf(name -> name.startsWith("SOTTO_"));
        builder.environment().putAll(environment);
        process = builder.redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile())).start();
    }

    /// Waits until it serves.
    ///
    /// @return what it took, in milliseconds
    int awaitReady() throws IOException {
        String line = running().inputReader().readLine();
        Matcher ready = READY.matcher(String.valueOf(line));
        if (!ready.matches()) {
            throw new IOException("the broker did not start:\n" + log());
        }
        lives.ready();
        port = Integer.parseInt(ready.group(1));
        return Integer.parseInt(ready.group(2));
    }

    /// Lets it run so long, if it does not end by itself before.
    void run(long millis) throws InterruptedException {
        if (running().waitFor(millis, TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException("the broker has ended by itself");
        }
    }

    /// Ends it with SIGKILL.
    void kill() {
        lives.killed();
        port = DOWN;
        running().destroyForcibly().onExit().join();
    }

    private Process running() {
        Process running = process;
        if (running == null) {
            throw new IllegalStateException("not launched");
        }
        return running;
    }

    /// All that it has written to its standard error, over all its lives.
    String log() throws IOException {
        return Files.readString(errors);
    }

    /// Connects to the life that it is in.
    Transport.Connector connector() {
        return timeout -> {
            int now = port;
            if (now == DOWN) {
                throw new IOException("the broker is down");
            }
            return Transport.tcp("127.0.0.1", now).open(timeout);
        };
    }

    @Override
    public void close() {
        if (process != null) {
            kill();
        }
    }
}
