package io.sotto.server;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sotto.client.Client;
import io.sotto.client.ClientException;
import io.sotto.client.ClientOptions;
import io.sotto.conformance.Target;
import io.sotto.mqtt.Payload;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.Publish;
import io.sotto.mqtt.PublishProperties;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.ReasonCode;
import io.sotto.mqtt.TopicName;
import io.sotto.mqtt.Will;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/// The real jar with rules in its configuration and in a file of Mosquitto's.
@Timeout(60)
class AclIT {
    private static final String SENSOR = "sensor-device-001";
    private static final Payload WORD = Payload.of("word");

    private static final String RULES =
            """
            acl:
              - user: sensor-device-001
                allow: publish
                topics: sensors/device-001/#
                maximum-qos: 1
                retain: false
              - user: sensor-device-001
                allow: subscribe
                topics: commands/device-001/#
              - everyone: true
                deny: both
                topics: commands/+/secret
            """;
    private static final String FILE =
            """
            user boss
            topic readwrite #
            topic read $SYS/#
            """;

    private final Path jar = Path.of(System.getProperty("sotto.jar"));
    @TempDir Path directory = Path.of("");

    private String config() throws Exception {
        Path file = Files.writeString(directory.resolve("rules.acl"), FILE);
        return "users:\n"
                + BrokerProcess.user(jar, new Target.Login(SENSOR, "s"))
                + BrokerProcess.user(jar, new Target.Login("boss", "b"))
                + RULES
                + "acl-file: "
                + file
                + "\n";
    }

    private static ClientOptions options(InetSocketAddress address, String user) {
        return ClientOptions.of(address.getHostString(), address.getPort())
                .clientId(user + "-client")
                .login(user, Payload.of(user.substring(0, 1)));
    }

    private static void isDenied(Executable attempt) {
        assertThatThrownBy(attempt::execute)
                .isInstanceOfSatisfying(
                        ClientException.class,
                        e -> assertThat(e.reason()).isEqualTo(ReasonCode.NOT_AUTHORIZED));
    }

    private static String receive(Client client) {
        Publish publish = client.receive(Duration.ofSeconds(20));
        return requireNonNull(publish, "nothing came").topic().toString();
    }

    @Test
    void what_is_refused_is_in_the_log_also_where_the_client_cannot_be_told() throws Exception {
        BrokerProcess broker = BrokerProcess.start(jar, config());
        try (Client sensor =
                Client.connect(
                        options(broker.address(), SENSOR).version(ProtocolVersion.MQTT_3_1_1))) {
            sensor.publish(TopicName.of("commands/device-001/x"), WORD, QoS.AT_LEAST_ONCE, false);
        }
        broker.stop();

        assertThat(broker.log())
                .contains(
                        "WARNING client sensor-device-001-client is refused commands/device-001/x:"
                                + " may not publish to this topic");
    }

    @Test
    void everybody_may_do_what_the_rules_say_and_nothing_else() throws Exception {
        BrokerProcess broker = BrokerProcess.start(jar, config());
        try (Client boss = Client.connect(options(broker.address(), "boss"));
                Client sensor = Client.connect(options(broker.address(), SENSOR))) {
            boss.subscribe("#", QoS.AT_LEAST_ONCE);
            sensor.subscribe("commands/device-001/#", QoS.AT_LEAST_ONCE);

            for (String filter : List.of("#", "commands/#", "$share/g/#", "sensors/device-001/#")) {
                isDenied(() -> sensor.subscribe(filter, QoS.AT_LEAST_ONCE));
            }
            TopicName own = TopicName.of("sensors/device-001/t");
            isDenied(() ->
                    sensor.publish(
                            TopicName.of("commands/device-001/x"), WORD, QoS.AT_LEAST_ONCE, false));
            isDenied(() -> sensor.publish(own, WORD, QoS.EXACTLY_ONCE, false));
            isDenied(() -> sensor.publish(own, WORD, QoS.AT_LEAST_ONCE, true));
            sensor.publish(own, WORD, QoS.AT_LEAST_ONCE, false);
            assertThat(receive(boss)).isEqualTo("sensors/device-001/t");

            isDenied(() ->
                    boss.publish(
                            TopicName.of("commands/device-001/secret"),
                            WORD,
                            QoS.AT_LEAST_ONCE,
                            false));
            boss.publish(TopicName.of("commands/device-002/x"), WORD, QoS.AT_LEAST_ONCE, false);
            boss.publish(TopicName.of("commands/device-001/x"), WORD, QoS.AT_LEAST_ONCE, false);
            assertThat(receive(sensor)).isEqualTo("commands/device-001/x");
            boss.subscribe("$SYS/broker/version", QoS.AT_MOST_ONCE);
        }
        broker.stop();
    }

    @Test
    void an_old_client_is_refused_in_its_own_words() throws Exception {
        BrokerProcess broker = BrokerProcess.start(jar, config());
        ClientOptions old = options(broker.address(), SENSOR).version(ProtocolVersion.MQTT_3_1_1);
        try (Client boss = Client.connect(options(broker.address(), "boss"));
                Client sensor = Client.connect(old)) {
            boss.subscribe("#", QoS.AT_LEAST_ONCE);

            assertThatThrownBy(() -> sensor.subscribe("#", QoS.AT_LEAST_ONCE))
                    .isInstanceOfSatisfying(
                            ClientException.class,
                            e -> assertThat(e.reason()).isEqualTo(ReasonCode.UNSPECIFIED_ERROR));
            sensor.publish(TopicName.of("elsewhere"), WORD, QoS.AT_LEAST_ONCE, false);
            sensor.publish(TopicName.of("sensors/device-001"), WORD, QoS.AT_LEAST_ONCE, false);

            assertThat(receive(boss)).isEqualTo("sensors/device-001");
        }
        broker.stop();
    }

    @Test
    void a_will_needs_the_right_to_publish() throws Exception {
        BrokerProcess broker = BrokerProcess.start(jar, config());
        Will will =
                new Will(
                        TopicName.of("commands/device-001/x"),
                        WORD,
                        QoS.AT_MOST_ONCE,
                        false,
                        0,
                        PublishProperties.NONE);

        isDenied(() -> Client.connect(options(broker.address(), SENSOR).will(will)));

        broker.stop();
    }

    @Test
    void the_command_names_the_rule() throws Exception {
        Path config = Files.writeString(directory.resolve("sotto.yaml"), config());

        assertThat(trial(config, 0, "--user", SENSOR, "publish", "sensors/device-001/t"))
                .isEqualTo(
                        "allowed by "
                                + config
                                + ":7: allow publish sensors/device-001/# for user "
                                + SENSOR);
        assertThat(trial(config, 1, "--user", SENSOR, "publish", "commands/device-001/t"))
                .isEqualTo("denied: no rule allows it");
        assertThat(trial(config, 1, "--user", "boss", "subscribe", "commands/+/secret"))
                .startsWith("denied by " + config + ":")
                .endsWith(": deny both commands/+/secret for everyone");
        assertThat(trial(config, 0, "--user", "boss", "--qos", "2", "subscribe", "#"))
                .isEqualTo(
                        "allowed by "
                                + directory.resolve("rules.acl")
                                + ":2: allow both # for user boss");
        assertThat(trial(config, 1, "--user", SENSOR, "subscribe", "#"))
                .isEqualTo("denied: no rule allows it");
    }

    @Test
    void the_command_reads_topics_as_a_listener_does() throws Exception {
        Path config =
                Files.writeString(
                        directory.resolve("sotto.yaml"),
                        """
                        listeners:
                          - {name: all, port: 1883}
                          - {name: garden, port: 1884, mount-point: garden/}
                        acl:
                          - {anonymous: true, listener: garden, allow: both, topics: garden/#}
                          - {listener: all, deny: publish, topics: garden/safe}
                        """);
        String rule =
                "allowed by "
                        + config
                        + ":5: allow both garden/# for anonymous, listener garden; below its mount"
                        + " point, ";

        assertThat(trial(config, 0, "--listener", "garden", "publish", "safe"))
                .isEqualTo(rule + "safe is garden/safe");
        assertThat(trial(config, 0, "--listener", "garden", "subscribe", "$share/g/#"))
                .isEqualTo(rule + "$share/g/# is $share/g/garden/#");
        assertThat(trial(config, 1, "--listener", "garden", "publish", "$SYS/x"))
                .isEqualTo("denied: only the broker itself publishes there");
        assertThat(trial(config, 1, "--listener", "all", "publish", "garden/lamp"))
                .isEqualTo("denied: no rule allows it");
        assertThat(trial(config, 1, "publish", "garden/safe"))
                .startsWith("denied by " + config + ":6:");
        assertThat(trial(config, 2, "--listener", "gate", "publish", "x")).isEmpty();
    }

    private String trial(Path config, int status, String... arguments) throws Exception {
        List<String> command = BrokerProcess.command(jar);
        command.addAll(List.of("acl", "test", "--config", config.toString()));
        command.addAll(List.of(arguments));
        Process process =
                new ProcessBuilder(new ArrayList<>(command))
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isEqualTo(status);
        return said.strip();
    }
}
