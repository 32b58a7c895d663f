package io.sotto.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sotto.access.ScramCredential;
import io.sotto.broker.BrokerSettings;
import io.sotto.broker.BrokerSettings.Capabilities;
import io.sotto.broker.BrokerSettings.Clients;
import io.sotto.broker.session.QueueLimits;
import io.sotto.broker.session.QueueLimits.Overflow;
import io.sotto.broker.spi.EventLog.Severity;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.TopicLimits;
import io.sotto.mqtt.codec.DecoderLimits;
import io.sotto.server.config.LogConfig.Format;
import io.sotto.server.config.SottoConfig.Overrides;
import io.sotto.transport.TransportSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SottoConfigTest {
    private static final String HASH =
            "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ"
                    + "$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";

    // Both of the password "pencil".
    private static final String SCRAM_256 =
            "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ=="
                    + "$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY="
                    + ":wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=";
    private static final String SCRAM_512 =
            "SCRAM-SHA-512$4096:W22ZaJ0SNY7soEsUEjb6gQ=="
                    + "$6AAub3065EYRmyFpM2RNwqK+eGnrkYuEWbXn19LsEmBq"
                    + "zu8QaCXNc1FwpnX9NhH2hK/60dzj9DoO5DvVkOHbvg=="
                    + ":jZHbYjC1aHh0/hKbxyBuGFjDrgjgKTT1esA7awWiKcRZ"
                    + "0o/0b1yWEebBeSVkkCFewf91nLDfKF24mvD5nmE6rA==";

    private static final String ALL =
            """
            listeners:
              - name: house
                host: 0.0.0.0
                port: 1884
                anonymous: false
              - name: here
                host: localhost
                port: 0
                anonymous: true
            users:
              - name: ann
                password: %s
                scram-sha-256: %s
                scram-sha-512: %s
            data: /var/lib/sotto
            log: {format: json, level: warning}
            loops: 3
            sys-interval: never
            shared.absence: never
            limits:
              connect-size: 1KiB
              packet-size: 2MiB
              user-properties: 11
              filters-per-packet: 12
              topic-bytes: 13
              topic-levels: 14
              control-characters: true
              connect-timeout: 15s
              client-id-bytes: 26
              session-expiry: unlimited
              keep-alive: 17m
              subscriptions: 18
              receive-maximum: 19
              topic-aliases: 20
              retained: 21
              inflight: 22
              write-buffer: 512KiB
              write-timeout: 24s
              connections: 25
              connections-per-address: 26
            queue: {messages: 27, bytes: 28KiB, overflow: drop-old, qos0: true}
            clients:
              empty-id: false
              bound-id: false
              strict-mqtt-3.1: true
              close-on-forbidden-publish: true
              tolerate-receive-maximum: true
            mqtt: {maximum-qos: 1, retain: false, wildcards: false, shared-subscriptions: false}
            """
                    .formatted(HASH, SCRAM_256, SCRAM_512);

    private static SottoConfig read(@Nullable String text) throws ConfigException {
        return SottoConfig.read("sotto.yaml", text, Overrides.NONE);
    }

    private static void isRefused(String text, String... lines) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOfSatisfying(
                        ConfigException.class,
                        e -> {
                            List<String> sentences =
                                    String.valueOf(e.getMessage()).lines().toList();
                            assertThat(sentences).hasSameSizeAs(lines);
                            for (int i = 0; i < lines.length; i++) {
                                assertThat(sentences.get(i)).startsWith(lines[i]);
                            }
                        });
    }

    @Test
    void without_a_file_everything_is_at_its_default() throws ConfigException {
        SottoConfig config = read(null);

        assertThat(config.listeners())
                .containsExactly(new ListenerConfig("tcp", "127.0.0.1", 1883, true, 0));
        assertThat(config.users()).isEmpty();
        assertThat(config.data()).isNull();
        assertThat(config.log()).isEqualTo(LogConfig.DEFAULT);
        assertThat(config.broker()).isEqualTo(BrokerSettings.DEFAULT);
        assertThat(config.transport()).isEqualTo(TransportSettings.DEFAULT);
        assertThat(read("# nothing\n")).isEqualTo(config);
    }

    @Test
    void every_key_reaches_its_setting() throws ConfigException {
        SottoConfig config = read(ALL);

        assertThat(config.listeners())
                .containsExactly(
                        new ListenerConfig("house", "0.0.0.0", 1884, false, 2),
                        new ListenerConfig("here", "localhost", 0, true, 6));
        assertThat(config.users()).extracting(UserConfig::name).containsExactly("ann");
        assertThat(config.users().getFirst().password()).hasToString(HASH);
        assertThat(config.users().getFirst().scram())
                .extracting(ScramCredential::toString)
                .containsExactly(SCRAM_256, SCRAM_512);
        assertThat(config.data()).isEqualTo(Path.of("/var/lib/sotto"));
        assertThat(config.log()).isEqualTo(new LogConfig(Format.JSON, Severity.WARNING));
        assertThat(config.transport()).isEqualTo(new TransportSettings(3, 512 << 10, 24, 25, 26));
        assertThat(config.broker())
                .isEqualTo(
                        new BrokerSettings(
                                new DecoderLimits(
                                        1 << 10, 2 << 20, 11, 12, new TopicLimits(13, 14, true)),
                                new QueueLimits(27, 28 << 10, Overflow.DROP_OLD, 22, true),
                                new Clients(
                                        15,
                                        26,
                                        false,
                                        false,
                                        true,
                                        0xFFFF_FFFFL,
                                        17 * 60,
                                        18,
                                        -1,
                                        true),
                                new Capabilities(
                                        19, true, 20, QoS.AT_LEAST_ONCE, false, false, false, 21),
                                0));
    }

    @Test
    void every_key_is_in_the_example_of_this_test() {
        for (Key key : SottoConfig.keys()) {
            String name = key.name();
            assertThat(ALL).contains(name.substring(name.lastIndexOf('.', name.length() - 3) + 1));
        }
    }

    @Test
    void all_faults_come_at_once_with_their_lines() {
        isRefused(
                """
                loops: many
                limits:
                  packet-szie: 1MiB
                  keep-alive: 30
                  connections: 0
                packet-size: 1MiB
                queue: {overflow: oldest}
                mqtt: {retain: 1}
                users:
                  - name: ann
                    password: secret
                listeners:
                  - prot: 1883
                """,
                "sotto.yaml:1: loops is to be a number, not 'many'",
                "sotto.yaml:3: limits.packet-szie is not known; did you mean limits.packet-size?",
                "sotto.yaml:4: limits.keep-alive is to be a duration",
                "sotto.yaml:5: limits.connections is to be within 1 to 10,000,000, not '0'",
                "sotto.yaml:6: packet-size is not known; did you mean limits.packet-size?",
                "sotto.yaml:7: queue.overflow is to be drop-new or drop-old, not 'oldest'",
                "sotto.yaml:8: mqtt.retain is to be false or true, not '1'",
                "sotto.yaml:11: users[].password of 'ann' is not an Argon2id hash",
                "sotto.yaml:13: listeners[].prot is not known; did you mean port?");
    }

    @Test
    void a_user_proves_itself_by_something_that_was_made_for_it() {
        isRefused(
                "users:\n  - name: ann\n",
                "sotto.yaml:2: users[].password is missing, and there is no SCRAM instead");
        isRefused(
                "users:\n  - {name: ann, scram-sha-512: '" + SCRAM_256 + "'}\n",
                "sotto.yaml:2: users[].scram-sha-512 of 'ann' is one for SCRAM-SHA-256");
        isRefused(
                "users:\n  - {name: 'a\u00A0b', scram-sha-256: '" + SCRAM_256 + "'}\n",
                "sotto.yaml:2: users[].scram-sha-256 of 'a\u00A0b' is of a user name that clients");
        isRefused(
                "users:\n  - {name: ann, password: '%s'}\n  - {name: ann, password: '%s'}\n"
                        .formatted(HASH, HASH),
                "sotto.yaml:3: users[].name 'ann' is given twice");
    }

    @Test
    void a_key_given_twice_is_refused_also_in_its_two_forms() {
        isRefused("loops: 1\nloops: 2\n", "sotto.yaml:2: loops is given twice, first on line 1");
        isRefused(
                "limits: {retained: 1}\nlimits.retained: 2\n",
                "sotto.yaml:2: limits.retained is given twice, first on line 1");
    }

    @Test
    void what_is_not_yaml_is_refused_with_its_line() {
        isRefused("loops: 2\nlimits: [1\n", "sotto.yaml:");
        isRefused("- 1\n", "sotto.yaml:1: the file is to hold keys and values");
        isRefused("limits: &n {retained: 1}\n", "sotto.yaml:1: anchors and aliases are not read");
    }

    @Test
    void a_listener_is_not_opened_to_the_network_for_everybody_by_accident()
            throws ConfigException {
        isRefused(
                "listeners:\n  - host: 0.0.0.0\n",
                "sotto.yaml:2: listener tcp at 0.0.0.0 can be reached from the network");

        String onPurpose = "listeners:\n  - {host: 0.0.0.0, anonymous: true}\n";
        assertThat(read(onPurpose).listeners().getFirst().anonymous()).isTrue();
    }

    @Test
    void with_users_nobody_is_anonymous_unless_it_is_written() throws ConfigException {
        String users = "users:\n  - {name: ann, password: '" + HASH + "'}\n";

        assertThat(read(users).listeners().getFirst().anonymous()).isFalse();
        String open = users + "listeners:\n  - anonymous: true\n";
        assertThat(read(open).listeners().getFirst().anonymous()).isTrue();
    }

    @Test
    void the_command_line_moves_the_first_listener() throws ConfigException {
        Overrides overrides = new Overrides(null, "::1", 4711, Path.of("d"));

        SottoConfig config = SottoConfig.read("sotto.yaml", null, overrides);

        assertThat(config.listeners().getFirst().host()).isEqualTo("::1");
        assertThat(config.listeners().getFirst().port()).isEqualTo(4711);
        assertThat(config.data()).isEqualTo(Path.of("d"));
    }

    @Test
    void every_key_is_documented_with_its_values_and_default() throws IOException {
        String home = System.getProperty("sotto.home", "..");
        List<String> rows =
                Files.readAllLines(Path.of(home, "docs", "configuration.md")).stream()
                        .filter(line -> line.startsWith("| `") && !line.startsWith("| `--"))
                        .toList();

        for (Key key : SottoConfig.keys()) {
            String fallback = key.name().equals("loops") ? "one per processor" : key.fallback();
            String end = " | %s | %s |".formatted(key.values(), fallback);
            assertThat(rows)
                    .as(key.toString())
                    .anyMatch(row ->
                            row.startsWith("| `" + key.name() + "` | ") && row.endsWith(end));
        }
        assertThat(rows).hasSize(SottoConfig.keys().size());
    }
}
