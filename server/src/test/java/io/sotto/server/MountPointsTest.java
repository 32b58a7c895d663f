package io.sotto.server;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sotto.client.Client;
import io.sotto.client.ClientException;
import io.sotto.client.ClientOptions;
import io.sotto.mqtt.Payload;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.Publish;
import io.sotto.mqtt.PublishProperties;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.ReasonCode;
import io.sotto.mqtt.TopicName;
import io.sotto.mqtt.Will;
import io.sotto.server.config.SottoConfig;
import io.sotto.server.config.SottoConfig.Overrides;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Listeners with mount points in the real server, over sockets: who sees what, and by which name.
@Timeout(60)
class MountPointsTest {
    private static final Pattern PORT = Pattern.compile(":(\\d+)");
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir Path directory = Path.of("");
    private final List<Client> clients = new ArrayList<>();
    private final Map<At, Integer> ports = new EnumMap<>(At.class);
    private Server server;

    /// Where clients come in, in the order of the configuration.
    private enum At {
        ALL,
        HOUSE,
        GARDEN
    }

    @BeforeEach
    void start() throws Exception {
        Path file =
                Files.writeString(
                        directory.resolve("sotto.yaml"),
                        """
                        durability: memory
                        log: {level: error}
                        listeners:
                          - {name: all, port: 0}
                          - {name: house, port: 0, mount-point: house/}
                          - {name: garden, port: 0, mount-point: garden/}
                        acl:
                          - {everyone: true, allow: both, topics: ['#', '$SYS/#']}
                          - {everyone: true, deny: publish, topics: [house/safe, lamp]}
                          - {listener: [house, garden], deny: subscribe, topics: [house/safe, lamp]}
                        """);
        server =
                Server.start(
                        SottoConfig.load(
                                new Overrides(file, null, null, directory.resolve("data"))));
        Matcher matcher = PORT.matcher(server.places());
        for (At at : At.values()) {
            assertThat(matcher.find()).isTrue();
            ports.put(at, Integer.parseInt(matcher.group(1)));
        }
    }

    @AfterEach
    void stop() {
        clients.forEach(Client::abort);
        server.stop();
    }

    private ClientOptions options(At at, String id, ProtocolVersion version) {
        return ClientOptions.of("127.0.0.1", requireNonNull(ports.get(at)))
                .clientId(id)
                .version(version);
    }

    private Client connect(ClientOptions options) {
        Client client = Client.connect(options);
        clients.add(client);
        return client;
    }

    private Client connect(At at, String id, ProtocolVersion version) {
        return connect(options(at, id, version));
    }

    private static ReasonCode publish(Client client, String topic, boolean retain) {
        try {
            return client.publish(TopicName.of(topic), Payload.of("x"), QoS.AT_LEAST_ONCE, retain);
        } catch (ClientException e) {
            return requireNonNull(e.reason());
        }
    }

    private static ReasonCode subscribe(Client client, String filter) {
        try {
            return client.subscribe(filter, QoS.AT_LEAST_ONCE);
        } catch (ClientException e) {
            return requireNonNull(e.reason());
        }
    }

    private static Will will(String topic) {
        return new Will(
                TopicName.of(topic),
                Payload.of("x"),
                QoS.AT_LEAST_ONCE,
                true,
                0,
                PublishProperties.NONE);
    }

    /// What came to a client until it hears from itself.
    private static List<String> topics(Client client) {
        return topics(client, 0);
    }

    /// The same; what others published is on its way when they are told that it was taken.
    ///
    /// @param count how many messages there are at least
    private static List<String> topics(Client client, int count) {
        List<String> topics = new ArrayList<>();
        while (topics.size() < count) {
            Publish publish = requireNonNull(client.receive(PATIENCE), topics + " and no more");
            topics.add(publish.topic().toString());
        }
        client.publish(TopicName.of("done"), Payload.of("x"), QoS.AT_LEAST_ONCE, false);
        while (true) {
            Publish publish = requireNonNull(client.receive(PATIENCE), "nothing came");
            String topic = publish.topic().toString();
            if (topic.equals("done")) {
                return topics;
            }
            topics.add(topic);
        }
    }

    /// Adds what comes within a moment.
    private static void take(Client client, String before, List<String> taken) {
        Publish publish = client.receive(Duration.ofMillis(50));
        if (publish != null) {
            taken.add(before + publish.topic());
        }
    }

    private Client reader(At at, ProtocolVersion version) {
        Client client = connect(at, "reader-" + at, version);
        assertThat(subscribe(client, "#").isFailure()).isFalse();
        return client;
    }

    @ParameterizedTest
    @EnumSource
    void what_is_published_has_a_name_at_each_listener(ProtocolVersion version) {
        Client all = reader(At.ALL, version);
        Client house = reader(At.HOUSE, version);
        Client garden = reader(At.GARDEN, version);

        publish(connect(At.HOUSE, "h", version), "hall/light", false);
        publish(connect(At.GARDEN, "g", version), "pond", false);
        publish(all, "house/cellar", false);

        assertThat(topics(house, 2)).containsExactlyInAnyOrder("hall/light", "cellar");
        assertThat(topics(garden, 1)).containsExactly("pond");
        assertThat(topics(all, 5))
                .contains("house/hall/light", "garden/pond", "house/cellar", "house/done");
    }

    @ParameterizedTest
    @EnumSource
    void a_will_and_what_is_retained_are_below_the_mount_point(ProtocolVersion version) {
        Client all = reader(At.ALL, version);

        connect(options(At.HOUSE, "h", version).will(will("gone"))).abort();
        Publish outside = requireNonNull(all.receive(PATIENCE));
        publish(connect(At.HOUSE, "p", version), "kept", true);

        assertThat(outside.topic().toString()).isEqualTo("house/gone");
        assertThat(topics(reader(At.HOUSE, version), 2)).containsExactlyInAnyOrder("gone", "kept");
        assertThat(topics(reader(At.GARDEN, version))).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void a_share_group_is_one_for_all_who_mean_the_same(ProtocolVersion version) {
        Client inside = connect(At.HOUSE, "in", version);
        Client outside = connect(At.ALL, "out", version);
        Client elsewhere = connect(At.GARDEN, "elsewhere", version);
        subscribe(inside, "$share/g/work/+");
        subscribe(outside, "$share/g/house/work/+");
        subscribe(elsewhere, "$share/g/work/+");
        for (Client each : List.of(inside, outside, elsewhere)) {
            subscribe(each, "done");
        }

        for (int i = 0; i < 20; i++) {
            publish(inside, "work/" + i, false);
        }

        List<String> taken = new ArrayList<>();
        while (taken.size() < 20) {
            take(inside, "house/", taken);
            take(outside, "", taken);
        }
        assertThat(topics(inside)).isEmpty();
        assertThat(topics(outside)).isEmpty();
        assertThat(topics(elsewhere)).isEmpty();
        assertThat(taken).hasSize(20).doesNotHaveDuplicates().allMatch(t -> t.startsWith("house/"));
    }

    /// `lamp` is denied, and `house/lamp` is not.
    @ParameterizedTest
    @EnumSource(names = "MQTT_5")
    void rules_are_about_whole_topics(ProtocolVersion version) {
        Client house = connect(At.HOUSE, "h", version);
        Client garden = connect(At.GARDEN, "g", version);
        Client all = connect(At.ALL, "a", version);

        assertThat(publish(house, "lamp", false).isFailure()).isFalse();
        assertThat(subscribe(house, "lamp").isFailure()).isFalse();
        assertThat(publish(all, "lamp", false)).isEqualTo(ReasonCode.NOT_AUTHORIZED);
        assertThat(publish(house, "safe", false)).isEqualTo(ReasonCode.NOT_AUTHORIZED);
        assertThat(subscribe(house, "safe")).isEqualTo(ReasonCode.NOT_AUTHORIZED);
        assertThat(publish(garden, "safe", false).isFailure()).isFalse();
    }

    /// A mount point is what rewrites topics: what is asked about is where a message ends up, in
    /// whatever way it comes.
    @ParameterizedTest
    @EnumSource(names = "MQTT_5")
    @Hostile("H-CFG-03")
    void nothing_is_allowed_by_a_topic_that_is_rewritten_later(ProtocolVersion version) {
        Client witness = reader(At.ALL, version);
        Client house = connect(At.HOUSE, "h", version);
        Client garden = connect(At.GARDEN, "g", version);

        assertThat(publish(house, "safe", false)).isEqualTo(ReasonCode.NOT_AUTHORIZED);
        assertThat(publish(house, "safe", true)).isEqualTo(ReasonCode.NOT_AUTHORIZED);
        assertThat(subscribe(house, "safe")).isEqualTo(ReasonCode.NOT_AUTHORIZED);
        assertThat(subscribe(house, "$share/g/safe")).isEqualTo(ReasonCode.NOT_AUTHORIZED);
        assertThatThrownBy(() -> connect(options(At.HOUSE, "w", version).will(will("safe"))))
                .isInstanceOfSatisfying(
                        ClientException.class,
                        e -> assertThat(e.reason()).isEqualTo(ReasonCode.NOT_AUTHORIZED));
        connect(options(At.GARDEN, "w", version).will(will("safe"))).abort();
        assertThat(publish(garden, "open", false).isFailure()).isFalse();

        // What is denied under its whole name never came by its short one.
        assertThat(topics(witness, 2)).containsExactlyInAnyOrder("garden/safe", "garden/open");
    }

    @ParameterizedTest
    @EnumSource(names = "MQTT_5")
    void what_the_broker_says_of_itself_has_no_name_there(ProtocolVersion version) {
        Client all = connect(At.ALL, "a", version);
        Client house = connect(At.HOUSE, "h", version);
        subscribe(all, "$SYS/broker/version");
        subscribe(house, "$SYS/#");
        subscribe(house, "done");

        assertThat(requireNonNull(all.receive(PATIENCE)).topic().toString())
                .isEqualTo("$SYS/broker/version");
        assertThat(publish(house, "$SYS/broker/version", true))
                .isEqualTo(ReasonCode.NOT_AUTHORIZED);
        assertThat(topics(house)).isEmpty();
    }
}
