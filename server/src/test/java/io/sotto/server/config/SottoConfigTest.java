package io.sotto.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sotto.access.LoginBrake;
import io.sotto.access.Rules;
import io.sotto.access.ScramCredential;
import io.sotto.access.UserList.UnknownUser;
import io.sotto.broker.BrokerSettings;
import io.sotto.broker.BrokerSettings.Capabilities;
import io.sotto.broker.BrokerSettings.Clients;
import io.sotto.broker.BrokerSettings.Quotas;
import io.sotto.broker.session.QueueLimits;
import io.sotto.broker.session.QueueLimits.Overflow;
import io.sotto.broker.spi.Durability;
import io.sotto.broker.spi.EventLog.Severity;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.TopicLimits;
import io.sotto.mqtt.codec.DecoderLimits;
import io.sotto.server.config.LogConfig.Format;
import io.sotto.server.config.SottoConfig.Overrides;
import io.sotto.store.StoreSettings;
import io.sotto.store.WhenDamaged;
import io.sotto.transport.Carriers;
import io.sotto.transport.Endpoint.Port;
import io.sotto.transport.Endpoint.UnixSocket;
import io.sotto.transport.TransportSettings;
import io.sotto.transport.WebSocketSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
                connections: 41
                acl-file: src/test/acl/mosquitto.acl
                durability: async
                anonymous: false
                versions: [3.1.1, 5.0]
                client-id: user-name
                assigned-id-prefix: id-
                protocols: [mqtt, ws]
                websocket:
                  paths: [/a, /b]
                  origins: https://page.example
                  subprotocol: false
                  proxies: [10.0.0.0/8]
                  frame-size: 1KiB
                  message-size: 2KiB
                  frames-per-message: 3
                  compression: true
                  compression-ratio: 4
                  compression-contexts: 5
                tls:
                  certificate: /c
                  key: /k
                  passphrase-file: /p
                  chain: /chain
                  more: [{certificate: /c2, key: /k2, passphrase-file: /p2}]
                  client-certificate: required
                  client-ca: [/ca, /ca2]
                  crl: /crl
                  identity: san-dns
                  plain: true
                  version-1.2: false
                  engine: jdk
                  handshake-timeout: 4s
                  handshakes: 5
                  watch: 6s
                  expiry-warning: 7s
                  ciphers: TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256
                mount-point: house/
                client-id-prefixes: [id-, k-]
                proxy: {sources: [10.0.0.0/8, "::1"], identity: true}
              - name: here
                host: localhost
                port: 0
                anonymous: true
              - name: socket
                path: /run/sotto.sock
                mode: 600
                anonymous: true
            password-file: src/test/acl/passwords
            users:
              - name: ann
                password: %s
                scram-sha-256: %s
                scram-sha-512: %s
            groups: [{name: staff, users: [ann]}]
            acl:
              - {user: ann, group: staff, client-id: lamp, address: "::1", listener: house, anonymous: false, everyone: false,
                 allow: both, topics: a, maximum-qos: 1, retain: false}
              - {everyone: true, deny: both, topics: b}
            acl-file: src/test/acl/mosquitto.acl
            acl-subscriptions: any
            acl-retained: kept
            clients.unknown-user: anonymous
            data: /var/lib/sotto
            durability: async
            durability-by-topic: [{topics: [a/#, b], durability: memory}]
            store: {reserve: 30MiB, damaged: refuse}
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
              inflight-bytes: 47KiB
              write-buffer: 512KiB
              write-timeout: 24s
              connections: 25
              connections-per-address: 26
              connect-rate-per-address: 29
              receive-memory: 30MiB
              packet-timeout: 31s
              send-buffer: 32KiB
              login-failures: 32
              login-pause: 33s
              sessions: 34
              subscriptions-in-all: 35
              retained-bytes: 36KiB
              unreleased: 37
              message-rate-per-client: 38
              message-rate-per-address: 39
              connect-rate-per-client: 40
            queue: {messages: 27, bytes: 28KiB, overflow: drop-old, qos0: true, resident: 29}
            queue.total: {messages: 42, bytes: 43KiB, overflow: refuse}
            queue.block-timeout: 44s
            queue.prefixes:
              - {prefix: a, messages: 45}
              - {prefix: ab, bytes: 46KiB, overflow: block}
            clients:
              empty-id: false
              bound-id: false
              strict-mqtt-3.1: true
              close-on-forbidden-publish: true
              tolerate-receive-maximum: true
              upgrade-qos: true
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
                .containsExactly(EveryListener.open("tcp", new Port("127.0.0.1", 1883), 0));
        assertThat(config.users()).isEmpty();
        assertThat(config.store()).isEqualTo(StoreSettings.DEFAULT);
        assertThat(config.log()).isEqualTo(LogConfig.DEFAULT);
        assertThat(config.broker()).isEqualTo(BrokerSettings.DEFAULT);
        assertThat(config.transport()).isEqualTo(TransportSettings.DEFAULT);
        assertThat(config.logins().brake()).isEqualTo(LoginBrake.Limits.DEFAULT);
        assertThat(read("# nothing\n")).isEqualTo(config);
    }

    @Test
    void every_key_reaches_its_setting() throws ConfigException {
        SottoConfig config = read(ALL);

        assertThat(config.listeners()).isEqualTo(EveryListener.read());
        assertThat(config.users()).extracting(UserConfig::name).containsExactly("ann", "bob");
        assertThat(config.users().getFirst().password()).hasToString(HASH);
        assertThat(config.users().getFirst().scram())
                .extracting(ScramCredential::toString)
                .containsExactly(SCRAM_256, SCRAM_512);
        assertThat(config.logins().unknownUser()).isEqualTo(UnknownUser.ANONYMOUS);
        assertThat(config.rules()).matches(Rules::takesAny);
        assertThat(config.store())
                .isEqualTo(
                        new StoreSettings(
                                Path.of("/var/lib/sotto"),
                                Durability.ASYNC,
                                30L << 20,
                                WhenDamaged.REFUSE));
        assertThat(config.log()).isEqualTo(new LogConfig(Format.JSON, Severity.WARNING));
        assertThat(config.transport())
                .isEqualTo(
                        new TransportSettings(
                                3, 512 << 10, 24, 25, 26, 29, 30 << 20, 31, 32 << 10));
        assertThat(config.logins().brake()).isEqualTo(new LoginBrake.Limits(32, 33));
        assertThat(config.broker())
                .isEqualTo(
                        new BrokerSettings(
                                new DecoderLimits(
                                        1 << 10, 2 << 20, 11, 12, new TopicLimits(13, 14, true)),
                                new QueueLimits(
                                        27,
                                        28 << 10,
                                        Overflow.DROP_OLD,
                                        22,
                                        47 << 10,
                                        true,
                                        29,
                                        QueueKeysTest.together()),
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
                                        true,
                                        true),
                                new Capabilities(
                                        19, true, 20, QoS.AT_LEAST_ONCE, false, false, false, 21),
                                new Quotas(34, 35, 36 << 10, 37, 38, 39, 40),
                                KeepingKeysTest.keeping(),
                                0));
    }

    @Test
    void every_key_is_in_the_example_of_this_test() {
        for (Key key : SottoConfig.keys()) {
            String name = key.name();
            assertThat(ALL + LoginKeysTest.ALL)
                    .contains(name.substring(name.lastIndexOf('.', name.length() - 3) + 1));
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
                "sotto.yaml:7: queue.overflow is to be drop-new or drop-old or refuse or block, not 'oldest'",
                "sotto.yaml:8: mqtt.retain is to be false or true, not '1'",
                "sotto.yaml:11: users[].password of 'ann' is no hash that is known",
                "sotto.yaml:13: listeners[].prot is not known; did you mean port?");
    }

    @Test
    void a_directory_that_cannot_be_one_is_refused() {
        isRefused("data: \"a\\0b\"\n", "sotto.yaml:1: data is no path: Nul character not allowed");
        isRefused(
                "listeners:\n  - path: \"a\\0b\"\n",
                "sotto.yaml:2: listeners[].path is no path: Nul character not allowed");
        isRefused(
                """
                listeners:
                  - tls:
                      certificate: server.pem
                      key: "a\\0b"
                      client-certificate: required
                      client-ca: [ca.pem, "a\\0b"]
                """,
                "sotto.yaml:4: listeners[].tls.key is no path: Nul character not allowed",
                "sotto.yaml:6: listeners[].tls.client-ca is no path: Nul character not allowed");
    }

    @Test
    void a_file_that_is_no_text_is_refused_as_such(@TempDir Path directory) throws IOException {
        Path file = Files.write(directory.resolve("sotto.yaml"), new byte[] {(byte) 0xFF});

        assertThatThrownBy(() -> SottoConfig.load(new Overrides(file, null, null, null)))
                .isInstanceOf(ConfigException.class)
                .hasMessage(file + ": is no text in UTF-8");
    }

    @Test
    void what_a_listener_speaks_is_checked() throws ConfigException {
        isRefused(
                """
                listeners:
                  - protocols: [mqtt, http]
                    websocket:
                      proxies: [10.0.0.0/8, elsewhere]
                      frame-size: 1B
                """,
                "sotto.yaml:2: listeners[].protocols is to be a list of mqtt and ws, not [mqtt,"
                        + " http]",
                "sotto.yaml:4: listeners[].websocket.proxies has 'elsewhere', which is no address",
                "sotto.yaml:5: listeners[].websocket.frame-size is to be within 128B to 1GiB");
        assertThat(read("listeners: [{protocols: ws}]").listeners().getFirst().carriers())
                .isEqualTo(new Carriers(false, WebSocketSettings.DEFAULT, null, null));
    }

    @Test
    void a_listener_has_a_port_or_a_path() throws ConfigException {
        isRefused(
                """
                listeners:
                  - path: /run/sotto.sock
                    port: 1883
                  - mode: 600
                  - path: /run/other.sock
                    mode: rw
                """,
                "sotto.yaml:2: listeners[].path is given beside a host or a port",
                "sotto.yaml:4: listeners[].mode is for a listener with a path",
                "sotto.yaml:6: listeners[].mode is to be three octal digits such as 660, not 'rw'");
        assertThat(read("listeners: [{path: /s}]").listeners().getFirst().endpoint())
                .isEqualTo(new UnixSocket(Path.of("/s"), 0660));
    }

    @Test
    void half_of_a_protection_is_refused() {
        isRefused(
                """
                listeners:
                  - name: a
                    tls:
                      key: /k
                  - name: b
                    tls: {certificate: /c, key: /k, client-certificate: required}
                  - name: c
                    tls: {certificate: /c, key: /k, client-ca: /ca}
                  - name: d
                    proxy: {identity: true}
                  - name: e
                    tls: {certificate: /c, key: /k, more: [{key: /k}]}
                """,
                "sotto.yaml:2: listeners[].tls.certificate is missing",
                "sotto.yaml:6: listeners[].tls.client-ca is missing",
                "sotto.yaml:8: listeners[].tls.client-certificate is to be optional or required",
                "sotto.yaml:10: listeners[].proxy.sources is missing",
                "sotto.yaml:12: listeners[].tls.more[].certificate is missing");
    }

    @Test
    void who_shows_a_certificate_needs_no_password() throws ConfigException {
        String listener =
                "listeners: [{host: 0.0.0.0, tls: {certificate: /c, key: /k, client-ca: /ca,"
                        + " client-certificate: %s, identity: %s}}]";

        assertThat(
                        read(listener.formatted("required", "common-name"))
                                .listeners()
                                .getFirst()
                                .anonymous())
                .isFalse();
        isRefused(listener.formatted("optional", "common-name"), "sotto.yaml:1: listener tcp");
        isRefused(listener.formatted("required", "none"), "sotto.yaml:1: listener tcp");
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
                "sotto.yaml:2: listener tcp at 0.0.0.0:1883 can be reached from the network");

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

        assertThat(config.listeners().getFirst().endpoint()).isEqualTo(new Port("::1", 4711));
        assertThat(config.store().folder()).isEqualTo(Path.of("d"));
    }

    @Test
    void a_mount_point_begins_topics_and_is_no_filter() {
        for (String prefix : List.of("a/+/", "#", "$share/g/", "$SYS/", "x".repeat(1_001))) {
            isRefused(
                    "listeners: [{mount-point: '%s'}]\n".formatted(prefix),
                    "sotto.yaml:1: listeners[].mount-point is to be 1 to 1,000 characters");
        }
    }
}
