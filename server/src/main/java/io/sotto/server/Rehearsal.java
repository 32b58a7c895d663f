package io.sotto.server;

import io.sotto.client.Client;
import io.sotto.client.ClientOptions;
import io.sotto.mqtt.Payload;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.PublishProperties;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.ReasonCode;
import io.sotto.mqtt.TopicName;
import io.sotto.server.config.ConfigException;
import io.sotto.server.config.SottoConfig;
import io.sotto.store.RocksLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Starts a broker of its own, uses it for a moment and stops it.
///
/// It is of no use to a user. The launcher runs it once after a build and has the JVM write down
/// what it loaded and what it compiled, which later starts take from there. What is not rehearsed
/// works all the same, and is loaded when it is needed.
@Command(
        name = "rehearse",
        hidden = true,
        description = "Uses a broker of its own for a moment, so that later starts are quick.")
final class Rehearsal implements Callable<Integer> {
    private static final int CLIENTS = 400;
    private static final int MESSAGES = 20_000;

    /// How long everything together may take at most; without an answer it has failed.
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Option(
            names = "--libraries",
            paramLabel = "DIR",
            description = "Where native code is left for later starts.")
    @Nullable Path libraries;

    Rehearsal() {}

    @Override
    public Integer call() throws IOException {
        Path folder = Files.createTempDirectory("sotto-rehearsal");
        try {
            SottoConfig.Overrides overrides =
                    new SottoConfig.Overrides(null, "127.0.0.1", 0, folder.resolve("data"));
            Server server = Server.start(SottoConfig.load(overrides));
            try {
                String place = server.places();
                use(Integer.parseInt(place.substring(place.lastIndexOf(':') + 1)));
            } finally {
                server.stop();
            }
            if (libraries != null) {
                RocksLibrary.unpack(libraries);
            }
            return CommandLine.ExitCode.OK;
        } catch (ConfigException e) {
            throw new IOException(e.getMessage(), e);
        } finally {
            delete(folder);
        }
    }

    private static void use(int port) {
        for (int i = 0; i < CLIENTS; i++) {
            ProtocolVersion version =
                    i % 2 == 0 ? ProtocolVersion.MQTT_5 : ProtocolVersion.MQTT_3_1_1;
            try (Client client = Client.connect(options(port, version, "visitor-" + i))) {
                client.subscribe("home/+/visitor-" + i, QoS.AT_LEAST_ONCE);
            }
        }
        for (QoS qos : QoS.values()) {
            exchange(port, qos);
        }
    }

    private static ClientOptions options(int port, ProtocolVersion version, String clientId) {
        return ClientOptions.of("127.0.0.1", port).version(version).clientId(clientId);
    }

    /// Messages that many take in, some of them retained, and some for somebody who is away.
    private static void exchange(int port, QoS qos) {
        ClientOptions away =
                options(port, ProtocolVersion.MQTT_5, "away").sessionExpiryInterval(60);
        Client.connect(away).subscribe("home/kitchen/#", qos);
        try (Client near = Client.connect(options(port, ProtocolVersion.MQTT_5, "near"));
                Client far = Client.connect(options(port, ProtocolVersion.MQTT_3_1_1, "far"));
                Client source = Client.connect(options(port, ProtocolVersion.MQTT_5, "source"))) {
            near.listen(message -> {});
            far.listen(message -> {});
            near.subscribe("home/#", qos);
            far.subscribe("home/+/temperature", qos);
            List<CompletableFuture<ReasonCode>> sent = new ArrayList<>();
            for (int i = 0; i < MESSAGES; i++) {
                String room = i % 100 == 0 ? "kitchen" : "room-" + i % 50;
                sent.add(
                        source.publishAsync(
                                TopicName.of("home/" + room + "/temperature"),
                                Payload.of(Integer.toString(i)),
                                qos,
                                i % 10 == 0,
                                PublishProperties.NONE));
            }
            CompletableFuture.allOf(sent.toArray(CompletableFuture[]::new))
                    .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                    .join();
        }
    }

    private static void delete(Path folder) throws IOException {
        List<Path> found;
        try (Stream<Path> files = Files.walk(folder)) {
            found = files.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : found) {
            Files.delete(file);
        }
    }
}
