package io.sotto.interop;

import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// mosquitto_pub and mosquitto_sub through a socket in the file system.
class UnixSocketIT {
    @Test
    void a_message_comes_through_a_socket(@TempDir Path folder) throws IOException {
        assumeFalse(Broker.isMosquitto(), "the configuration is Sotto's");
        String socket = folder.resolve("mqtt.sock").toString();
        Path config =
                Files.writeString(
                        folder.resolve("sotto.yaml"),
                        "listeners: [{path: %s}, {}]%n".formatted(socket));
        Broker broker = Broker.start("--config", config.toString());
        List<String> door = List.of("--unix", socket, "-d", "-q", "1", "-t", "door");
        try (Running listening = Running.start(command("mosquitto_sub", door))) {
            listening.awaitLine("Subscribed (mid: ");

            Running.start(command("mosquitto_pub", door, "-m", "knock")).awaitSuccess();

            listening.awaitLine("knock");
        } finally {
            broker.stop();
        }
    }

    private static List<String> command(String tool, List<String> arguments, String... more) {
        return Stream.of(List.of("stdbuf", "-oL", tool), arguments, List.of(more))
                .flatMap(List::stream)
                .toList();
    }
}
