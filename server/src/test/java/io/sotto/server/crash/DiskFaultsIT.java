package io.sotto.server.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sotto.client.Client;
import io.sotto.client.ClientException;
import io.sotto.client.ClientOptions;
import io.sotto.client.ClientSession;
import io.sotto.mqtt.Payload;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.Publish;
import io.sotto.mqtt.PublishProperties;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.ReasonCode;
import io.sotto.mqtt.TopicName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/// The real process on a disk that fails on command: a library, compiled here and preloaded, fails
/// or delays what is written to the logs of the store. Left out where there is no C compiler.
@Timeout(120)
@EnabledIf("hasCompiler")
class DiskFaultsIT {
    private static final QoS ONE = QoS.AT_LEAST_ONCE;
    private static final TopicName TOPIC = TopicName.of("t");
    private static final int KEPT = 20;

    /// The exit status when the store has failed.
    private static final int STORE_FAILED = 3;

    @TempDir Path folder = Path.of("");
    private final Map<String, ClientSession> sessions = new HashMap<>();
    private @Nullable Broker broker;

    static boolean hasCompiler() {
        return System.getProperty("os.name").equals("Linux")
                && Files.isExecutable(Path.of("/usr/bin/cc"));
    }

    @BeforeEach
    void begin() throws Exception {
        Path library = folder.resolve("disk-faults.so");
        Process compiler =
                new ProcessBuilder(
                                "/usr/bin/cc",
                                "-shared",
                                "-fPIC",
                                "-Wall",
                                "-Werror",
                                "-o",
                                library.toString(),
                                "src/test/c/disk-faults.c",
                                "-ldl")
                        .inheritIO()
                        .start();
        assertThat(compiler.waitFor()).isZero();
        Broker fresh =
                new Broker(
                        Path.of(System.getProperty("sotto.jar")),
                        folder,
                        "sys-interval: never\nloops: 2\n");
        fresh.environment().put("LD_PRELOAD", library.toString());
        fresh.environment().put("DISK_FAULTS", order().toString());
        broker = fresh;
        start();
        Client away = client("away", ProtocolVersion.MQTT_5);
        away.subscribe("t", ONE);
        away.close();
    }

    @AfterEach
    void end() {
        broker().close();
    }

    private Broker broker() {
        return Objects.requireNonNull(broker);
    }

    private void start() throws IOException {
        broker().launch();
        broker().awaitReady();
    }

    private Path order() {
        return folder.resolve("order");
    }

    private void order(String fault) throws IOException {
        Files.writeString(order(), fault);
    }

    private void calm() throws IOException {
        Files.deleteIfExists(order());
    }

    private Client client(String id, ProtocolVersion version) {
        ClientOptions options =
                ClientOptions.of(broker().connector())
                        .version(version)
                        .clientId(id)
                        .cleanStart(false)
                        .session(sessions.computeIfAbsent(id, absent -> new ClientSession()))
                        .keepAlive(Duration.ofSeconds(60));
        return Client.connect(
                version == ProtocolVersion.MQTT_5 ? options.sessionExpiryInterval(1000) : options);
    }

    private static ReasonCode publish(Client client, String text) {
        return client.publish(TOPIC, Payload.of(text), ONE, false);
    }

    private static CompletableFuture<ReasonCode> send(Client client, String text) {
        return client.publishAsync(TOPIC, Payload.of(text), ONE, false, PublishProperties.NONE);
    }

    /// Messages that are acknowledged before anything fails.
    private static List<String> keep(Client client) {
        List<String> kept = new ArrayList<>();
        for (int i = 0; i < KEPT; i++) {
            kept.add("kept " + i);
            assertThat(publish(client, "kept " + i)).isEqualTo(ReasonCode.SUCCESS);
        }
        return kept;
    }

    /// What the session that was away has waiting.
    private List<String> waiting() {
        List<String> texts = new ArrayList<>();
        try (Client back = client("away", ProtocolVersion.MQTT_5)) {
            assertThat(back.connAck().sessionPresent()).isTrue();
            for (Publish next = back.receive(Duration.ofSeconds(2));
                    next != null;
                    next = back.receive(Duration.ofSeconds(1))) {
                texts.add(new String(next.payload().toByteArray(), StandardCharsets.UTF_8));
            }
        }
        return texts;
    }

    private void endsAndKeepsWhatItAcknowledged(String fault) throws Exception {
        List<String> kept;
        CompletableFuture<ReasonCode> doubtful;
        try (Client publisher = client("publisher", ProtocolVersion.MQTT_5)) {
            kept = keep(publisher);
            order(fault);

            doubtful = send(publisher, "doubtful");

            assertThat(broker().awaitEnd(20)).isEqualTo(STORE_FAILED);
        }
        assertThat(order()).doesNotExist();
        assertThat(doubtful.isDone() && !doubtful.isCompletedExceptionally()).isFalse();
        assertThat(broker().log()).contains("nothing can be kept any more");
        start();
        List<String> found = waiting();
        assertThat(found).startsWith(kept.toArray(String[]::new));
        assertThat(found.subList(KEPT, found.size())).isSubsetOf("doubtful");
    }

    @Test
    void a_sync_that_failed_once_is_never_taken_for_a_success() throws Exception {
        endsAndKeepsWhatItAcknowledged("sync-error");
    }

    @Test
    void a_write_that_fails_ends_the_broker_and_it_starts_from_what_is_there() throws Exception {
        endsAndKeepsWhatItAcknowledged("write-error");
    }

    @Test
    void a_write_that_takes_a_half_is_gone_on_with() throws Exception {
        order("write-short");
        List<String> kept;
        try (Client publisher = client("publisher", ProtocolVersion.MQTT_5)) {
            kept = keep(publisher);
        }
        broker().kill();
        calm();
        start();

        assertThat(waiting()).isEqualTo(kept);
    }

    @Test
    void a_full_disk_refuses_what_it_cannot_keep_and_goes_on_by_itself() throws Exception {
        try (Client publisher = client("publisher", ProtocolVersion.MQTT_5);
                Client other = client("other", ProtocolVersion.MQTT_5);
                Client there = there();
                Client old = client("old", ProtocolVersion.MQTT_3_1_1)) {
            List<String> kept = keep(publisher);
            order("write-full");
            // Taken over before the disk was found full: it waits.
            CompletableFuture<ReasonCode> first = send(other, "waits");
            awaitLog("the disk is full");
            assertThatThrownBy(() -> publish(publisher, "refused"))
                    .isInstanceOf(ClientException.class)
                    .hasMessageContaining("QUOTA_EXCEEDED")
                    .hasMessageContaining("store.reserve");
            assertThat(first).isNotDone();
            assertThatThrownBy(() -> publish(old, "refused")).isInstanceOf(ClientException.class);
            assertThat(isReached(there)).isTrue();

            calm();

            assertThat(first.get(30, TimeUnit.SECONDS)).isEqualTo(ReasonCode.SUCCESS);
            // What was held open has been written; now nothing is refused any more.
            assertThat(publish(publisher, "room again")).isEqualTo(ReasonCode.SUCCESS);
            broker().kill();
            start();
            assertThat(waiting())
                    .startsWith(kept.toArray(String[]::new))
                    .contains("waits", "room again")
                    .doesNotContain("refused");
        }
    }

    /// Waits until the broker has said something.
    private void awaitLog(String words) throws Exception {
        for (int i = 0; i < 100 && !broker().log().contains(words); i++) {
            broker().run(50);
        }
        assertThat(broker().log()).contains(words);
    }

    /// A client that is connected before anything fails.
    private Client there() {
        Client there =
                Client.connect(
                        ClientOptions.of(broker().connector())
                                .version(ProtocolVersion.MQTT_5)
                                .clientId("there")
                                .cleanStart(true));
        there.subscribe("quick", QoS.AT_MOST_ONCE);
        return there;
    }

    /// Whether it gets a message of QoS 0.
    private static boolean isReached(Client there) {
        there.publish(TopicName.of("quick"), Payload.of("x"), QoS.AT_MOST_ONCE, false);
        return there.receive(Duration.ofSeconds(1)) != null;
    }

    @Test
    void a_slow_sync_delays_acknowledgements_and_nothing_else() throws Exception {
        try (Client publisher = client("publisher", ProtocolVersion.MQTT_5);
                Client there = there()) {
            order("sync-slow");
            long began = System.nanoTime();
            CompletableFuture<ReasonCode> acknowledged = send(publisher, "late");

            assertThat(isReached(there)).isTrue();
            assertThat(acknowledged).isNotDone();

            assertThat(acknowledged.get(20, TimeUnit.SECONDS)).isEqualTo(ReasonCode.SUCCESS);
            assertThat(Duration.ofNanos(System.nanoTime() - began))
                    .isGreaterThan(Duration.ofSeconds(2));
            calm();
        }
        assertThat(waiting()).containsExactly("late");
    }
}
