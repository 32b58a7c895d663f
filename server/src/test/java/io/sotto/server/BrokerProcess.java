package io.sotto.server;

import io.sotto.conformance.Target;
import io.sotto.testkit.TemporaryFolders;
import java.io.IOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A Sotto of its own, started from the executable jar as a user would, on a free port of the
/// loopback address.
final class BrokerProcess {
    private static final Duration START = Duration.ofSeconds(30);
    private static final Duration STOP = Duration.ofSeconds(15);

    private final Process process;
    private final Path log;
    private final InetSocketAddress address;

    private BrokerProcess(Process process, Path log, InetSocketAddress address) {
        this.process = process;
        this.log = log;
        this.address = address;
    }

    /// @param config the text of its configuration file; empty for none
    static BrokerProcess start(Path jar, String config) throws IOException, InterruptedException {
        return start(jar, config, List.of(), List.of());
    }

    /// @param before what stands before the command, such as a command that sets limits
    /// @param flags further flags of the JVM
    static BrokerProcess start(Path jar, String config, List<String> before, List<String> flags)
            throws IOException, InterruptedException {
        InetSocketAddress address = freeAddress();
        List<String> command = command(jar);
        command.addAll(1, flags);
        command.addAll(0, before);
        command.addAll(List.of("serve", "--port", Integer.toString(address.getPort())));
        Path directory = TemporaryFolders.untilTheEnd("sotto-conformance");
        command.addAll(List.of("--data", directory.resolve("data").toString()));
        if (!config.isEmpty()) {
            Path file = Files.writeString(directory.resolve("sotto.yaml"), config);
            command.addAll(List.of("--config", file.toString()));
        }
        Path log = directory.resolve("log");
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        BrokerProcess broker = new BrokerProcess(process, log, address);
        broker.awaitPort();
        return broker;
    }

    /// The lines of a user for the configuration, as the jar prints them.
    static String user(Path jar, Target.Login login, String... options)
            throws IOException, InterruptedException {
        List<String> command = command(jar);
        command.addAll(List.of("passwd", login.user()));
        command.addAll(List.of(options));
        Process process =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        try (Writer in = process.outputWriter(StandardCharsets.UTF_8)) {
            in.write(login.password() + "\n");
        }
        String lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException("passwd ended with " + process.exitValue());
        }
        return lines;
    }

    /// How the jar is run; the arguments follow.
    static List<String> command(Path jar) {
        if (!Files.isRegularFile(jar)) {
            throw new IllegalStateException("no broker to test: " + jar + " is missing");
        }
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return new ArrayList<>(
                List.of(
                        java,
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-XX:+UseCompactObjectHeaders",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-jar",
                        jar.toString()));
    }

    long pid() {
        return process.pid();
    }

    /// What it has written so far.
    String log() throws IOException {
        return Files.readString(log);
    }

    /// The folder of its store.
    Path data() {
        return log.resolveSibling("data");
    }

    InetSocketAddress address() {
        return address;
    }

    /// A place where nobody listens.
    static InetSocketAddress freeAddress() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return new InetSocketAddress(probe.getInetAddress(), probe.getLocalPort());
        }
    }

    private void awaitPort() throws IOException, InterruptedException {
        Instant deadline = Instant.now().plus(START);
        while (!accepts()) {
            if (!process.isAlive() || Instant.now().isAfter(deadline)) {
                process.destroyForcibly();
                throw new IllegalStateException(
                        "the broker did not come up:\n" + Files.readString(log));
            }
            process.waitFor(50, TimeUnit.MILLISECONDS);
        }
    }

    private boolean accepts() {
        try (Socket socket = new Socket()) {
            socket.connect(address, 200);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /// Stops it as an operator does, with SIGTERM, and expects status 0.
    void stop() throws IOException, InterruptedException {
        boolean alive = process.isAlive();
        process.destroy();
        boolean ended = process.waitFor(STOP.toSeconds(), TimeUnit.SECONDS);
        if (!ended) {
            process.destroyForcibly();
        }
        String output = Files.readString(log);
        if (!alive || !ended || process.exitValue() != 0) {
            throw new IllegalStateException(
                    "the broker %s:\n%s"
                            .formatted(
                                    !alive
                                            ? "was gone before it was stopped"
                                            : !ended
                                                    ? "does not stop"
                                                    : "ended with " + process.exitValue(),
                                    output));
        }
    }
}
