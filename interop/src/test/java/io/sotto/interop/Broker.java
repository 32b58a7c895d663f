package io.sotto.interop;

import io.sotto.testkit.TemporaryFolders;
import io.sotto.testkit.login.TestKeys;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/// The broker process that all tests of a run share.
///
/// It is Sotto, unless the system property `interop.broker` is `mosquitto`: then the tests
/// themselves are on trial, against a broker of another house.
final class Broker {
    private static final Path SOTTO =
            Path.of(System.getProperty("sotto.jar", "../server/target/sotto.jar"));

    private final Running process;
    private final int port;
    private final Path data;

    private Broker(Running process, int port, Path data) {
        this.process = process;
        this.port = port;
        this.data = data;
    }

    /// Its port. The first caller starts it; it ends with this JVM. With the system property
    /// `interop.port`, whatever listens there is the broker.
    static int port() {
        Integer running = Integer.getInteger("interop.port");
        return running == null ? Shared.BROKER.port : running;
    }

    /// A broker of one's own, with further arguments if it is Sotto.
    static Broker start(String... arguments) {
        // A free port can be taken before the broker has it: then the next one.
        for (int attempt = 1; ; attempt++) {
            int port = freePort();
            Path data = dataFolder();
            Running process = Running.start(command(port, data, arguments));
            Broker broker = new Broker(process, port, data);
            if (answers(process, port)) {
                return broker;
            }
            broker.stop();
            if (attempt == 3) {
                throw new AssertionError("the broker does not start: " + process);
            }
        }
    }

    /// SIGTERM; the status with which it ended.
    int stop() {
        process.close();
        int status = process.awaitExit();
        TemporaryFolders.delete(data);
        return status;
    }

    int ownPort() {
        return port;
    }

    static boolean isMosquitto() {
        return System.getProperty("interop.broker", "sotto").equals("mosquitto");
    }

    private static List<String> command(int port, Path data, String... arguments) {
        if (isMosquitto()) {
            return List.of("/usr/sbin/mosquitto", "-c", mosquittoConfig(port).toString());
        }
        if (!Files.isRegularFile(SOTTO)) {
            throw new AssertionError("no " + SOTTO.toAbsolutePath() + ": build the server first");
        }
        List<String> command = new ArrayList<>();
        command.add(Processes.javaBinary());
        command.addAll(
                List.of(
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-XX:+UseCompactObjectHeaders",
                        "-ea"));
        command.addAll(List.of("-jar", SOTTO.toString(), "serve"));
        command.addAll(List.of("--port", Integer.toString(port)));
        command.addAll(List.of("--data", data.toString()));
        command.addAll(List.of(arguments));
        return command;
    }

    private static Path dataFolder() {
        try {
            return Files.createTempDirectory("sotto-interop");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path mosquittoConfig(int port) {
        List<String> config =
                List.of(
                        "listener " + port + " 127.0.0.1",
                        "allow_anonymous true",
                        "max_queued_messages 0",
                        "set_tcp_nodelay true");
        try {
            return Files.write(Path.of("target", "mosquitto-" + port + ".conf"), config);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean answers(Running process, int port) {
        long deadline = System.nanoTime() + Client.PATIENCE.toNanos();
        while (process.isAlive() && System.nanoTime() < deadline) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                return true;
            } catch (IOException _) {
                LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
            }
        }
        return false;
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// All that may carry MQTT, at one port.
    private static Broker startForEverything() {
        if (isMosquitto()) {
            return start();
        }
        String listener =
                "listeners: [{protocols: [mqtt, ws], tls: {plain: true, %s}}]"
                        .formatted(TestKeys.server());
        try {
            Path config = Files.createTempFile("sotto", ".yaml");
            config.toFile().deleteOnExit();
            Files.writeString(config, listener);
            return start("--config", config.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class Shared {
        static final Broker BROKER = startForEverything();

        static {
            Runtime.getRuntime().addShutdownHook(new Thread(Shared::end));
        }

        /// Stops it; one that is gone already took every later test with it and must be named.
        private static void end() {
            if (!BROKER.process.isAlive()) {
                int status = BROKER.process.awaitExit();
                System.err.printf(
                        "the broker ended by itself, status %d: %s%n", status, BROKER.process);
            }
            BROKER.stop();
        }
    }
}
