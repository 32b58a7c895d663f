package io.sotto.client;

import static io.sotto.client.ScriptedServer.async;
import static io.sotto.client.ScriptedServer.get;
import static io.sotto.client.ScriptedServer.publish;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sotto.client.ScriptedServer.Pair;
import io.sotto.client.ScriptedServer.Peer;
import io.sotto.mqtt.ConnAck;
import io.sotto.mqtt.Connect;
import io.sotto.mqtt.Disconnect;
import io.sotto.mqtt.Payload;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.PubAck;
import io.sotto.mqtt.PubComp;
import io.sotto.mqtt.PubRec;
import io.sotto.mqtt.PubRel;
import io.sotto.mqtt.Publish;
import io.sotto.mqtt.PublishProperties;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.ReasonCode;
import io.sotto.mqtt.TopicName;
import io.sotto.mqtt.UserProperty;
import io.sotto.mqtt.Will;
import java.io.IOException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What the client sends, byte by byte, and what it makes of bytes that are not as they should be.
@Timeout(30)
class ClientBytesTest {
    private static final Duration SHORT = Duration.ofMillis(50);

    private final ScriptedServer server;

    ClientBytesTest() throws IOException {
        server = new ScriptedServer();
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static ProtocolVersion version(int level) {
        return level == 4 ? ProtocolVersion.MQTT_3_1_1 : ProtocolVersion.MQTT_5;
    }

    /// The first packet of a client with these options, in hexadecimal digits.
    private String connect(ClientOptions options) throws IOException {
        CompletableFuture<Client> client = async(() -> Client.connect(options));
        try (Peer peer = server.accept()) {
            return hex(peer.raw());
        } finally {
            assertThatThrownBy(() -> get(client)).isNotNull();
        }
    }

    /// What the client sends first once it is connected.
    private String sent(int level, Deed deed) throws IOException {
        try (Pair pair = server.connect(server.options().version(version(level)))) {
            var _ =
                    async(() -> {
                        deed.on(pair.client());
                        return true;
                    });
            return hex(pair.peer().raw());
        }
    }

    private interface Deed {
        void on(Client client) throws IOException;
    }

    @ClientSpec({
        "MQTT-3.1.0-1", "MQTT-3.1.2-1", "MQTT-3.1.2-11", "MQTT-3.1.2-13", "MQTT-3.1.2-16",
        "MQTT-3.1.2-18", "MQTT-3.1.3-3", "MQTT3-3.1.2-11", "MQTT3-3.1.2-13", "MQTT3-3.1.2-15",
        "MQTT3-3.1.2-18", "MQTT3-3.1.2-20", "MQTT3-3.1.3-3", "MQTT3-3.1.0-1"
    })
    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void without_will_and_login_nothing_of_them_is_sent(int level) throws IOException {
        String connect = connect(server.options().version(version(level)));

        // MQTT, the level, and of the flags only clean start.
        assertThat(connect).startsWith("10").contains("00044d515454" + "0" + level + "020000");
        assertThat(connect).endsWith("000163");
    }

    @ClientSpec({
        "MQTT-2.2.2-1", "MQTT-3.1.2-9", "MQTT-3.1.2-12", "MQTT-3.1.2-17", "MQTT-3.1.2-19",
        "MQTT-3.1.3-1", "MQTT-3.1.3-3", "MQTT-3.1.3-4", "MQTT-3.1.3-11", "MQTT-3.1.3-12",
        "MQTT3-3.1.2-9", "MQTT3-3.1.2-14", "MQTT3-3.1.2-19", "MQTT3-3.1.2-21", "MQTT3-3.1.3-1",
        "MQTT3-3.1.3-4", "MQTT3-3.1.3-10", "MQTT3-3.1.3-11"
    })
    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void the_payload_of_connect_is_in_order_and_utf_8(int level) throws IOException {
        Will will =
                new Will(
                        TopicName.of("ä"),
                        Payload.of("m"),
                        QoS.AT_LEAST_ONCE,
                        true,
                        0,
                        PublishProperties.NONE);
        ClientOptions options =
                server.options()
                        .version(version(level))
                        .clientId("ö")
                        .will(will)
                        .login("ü", Payload.of("p"));

        String connect = connect(options);

        assertThat(connect).contains("00044d515454" + "0" + level + "ee0000");
        String properties = level == 5 ? "00" : "";
        assertThat(connect)
                .endsWith("0002c3b6" + properties + "0002c3a4" + "00016d" + "0002c3bc" + "000170");
    }

    @ClientSpec({
        "MQTT-2.1.3-1",
        "MQTT-3.8.1-1",
        "MQTT-3.8.3-1",
        "MQTT-3.8.3-5",
        "MQTT-2.2.2-1",
        "MQTT3-2.2.2-1",
        "MQTT3-2.3.1-1",
        "MQTT3-3.8.1-1",
        "MQTT3-3.8.3-1"
    })
    @ParameterizedTest
    @CsvSource({"4, 82 09 0001 0004 c3a42f2b 01", "5, 82 0a 0001 00 0004 c3a42f2b 01"})
    void subscribe_has_its_flags_and_filters_in_utf_8(int level, String bytes) throws IOException {
        String sent = sent(level, client -> client.subscribe("ä/+", QoS.AT_LEAST_ONCE));

        assertThat(sent).isEqualTo(bytes.replace(" ", ""));
    }

    @ClientSpec({
        "MQTT-2.1.3-1", "MQTT-3.10.1-1", "MQTT-3.10.3-1", "MQTT-2.2.2-1",
        "MQTT3-2.2.2-1", "MQTT3-2.3.1-1", "MQTT3-3.10.1-1", "MQTT3-3.10.3-1"
    })
    @ParameterizedTest
    @CsvSource({"4, a2 06 0001 0002 c3a4", "5, a2 07 0001 00 0002 c3a4"})
    void unsubscribe_has_its_flags_and_filters_in_utf_8(int level, String bytes)
            throws IOException {
        String sent = sent(level, client -> client.unsubscribe("ä"));

        assertThat(sent).isEqualTo(bytes.replace(" ", ""));
    }

    @ClientSpec({
        "MQTT-2.2.1-2",
        "MQTT-2.2.2-1",
        "MQTT-1.5.5-1",
        "MQTT-3.3.1-2",
        "MQTT-3.3.2-1",
        "MQTT-3.3.4-6",
        "MQTT3-2.3.1-5",
        "MQTT3-3.3.1-2",
        "MQTT3-3.3.2-1"
    })
    @ParameterizedTest
    @CsvSource({"4, 30 05 0002 c3a4 70", "5, 30 06 0002 c3a4 00 70"})
    void publish_begins_with_its_topic_in_utf_8(int level, String bytes) throws IOException {
        String sent =
                sent(
                        level,
                        client ->
                                client.publish(
                                        TopicName.of("ä"),
                                        Payload.of("p"),
                                        QoS.AT_MOST_ONCE,
                                        false));

        assertThat(sent).isEqualTo(bytes.replace(" ", ""));
    }

    @ClientSpec({"MQTT-1.5.7-1", "MQTT-3.3.2-13", "MQTT-3.3.2-14", "MQTT-3.3.2-19", "MQTT-3.3.4-6"})
    @Test
    void texts_that_go_with_a_message_are_utf_8() throws IOException {
        PublishProperties properties =
                new PublishProperties(-1, -1, "ä", "ö", null, List.of(new UserProperty("ü", "ß")));

        String sent =
                sent(
                        5,
                        client ->
                                client.publish(
                                        TopicName.of("a"),
                                        Payload.EMPTY,
                                        QoS.AT_MOST_ONCE,
                                        false,
                                        properties));

        assertThat(sent)
                .contains("030002c3a4")
                .contains("080002c3b6")
                .contains("260002c3bc0002c39f")
                // Ten bytes of the first two, nine of the third, and no subscription identifier.
                .startsWith("3017" + "000161" + "13");
    }

    @ClientSpec({
        "MQTT-1.5.4-1", "MQTT-1.5.4-2", "MQTT-4.7.3-2", "MQTT-4.7.3-3",
        "MQTT3-1.5.3-1", "MQTT3-1.5.3-2", "MQTT3-4.7.3-2", "MQTT3-4.7.3-3"
    })
    @ParameterizedTest
    @EnumSource(ProtocolVersion.class)
    void no_text_that_a_server_would_have_to_refuse_is_sent(ProtocolVersion version)
            throws IOException {
        String large = "a".repeat(65_536);
        try (Pair pair = server.connect(server.options().version(version))) {
            for (String wrong : List.of("a\0", large)) {
                assertThatThrownBy(() -> pair.client().subscribe(wrong, QoS.AT_MOST_ONCE))
                        .isInstanceOf(RuntimeException.class);
                assertThatThrownBy(() -> pair.client().unsubscribe(wrong))
                        .isInstanceOf(RuntimeException.class);
                assertThatThrownBy(() -> TopicName.of(wrong)).isInstanceOf(RuntimeException.class);
            }
            // Half a character is none, and becomes a question mark.
            assertThat(TopicName.of("\ud800")).isEqualTo(TopicName.of("?"));
            pair.peer().expectNothingFor(SHORT);
            assertThat(pair.client().isConnected()).isTrue();
        }
    }

    @ClientSpec({"MQTT-1.5.4-3", "MQTT3-1.5.3-3"})
    @ParameterizedTest
    @CsvSource({"4, 30 07 0004 efbbbf61 70", "5, 30 08 0004 efbbbf61 00 70"})
    void a_byte_order_mark_is_a_character(int level, String bytes) throws IOException {
        try (Pair pair = server.connect(server.options().version(version(level)))) {
            pair.peer().sendBytes(bytes);

            Publish message = requireNonNull(pair.client().receive(ScriptedServer.PATIENCE));
            assertThat(message.topic().toString()).isEqualTo("\ufeffa");
        }
    }

    @ClientSpec({
        "MQTT3-1.5.3-1",
        "MQTT3-2.2.2-2",
        "MQTT3-3.3.1-4",
        "MQTT3-3.3.2-2",
        "MQTT3-4.7.1-1",
        "MQTT3-4.7.3-1",
        "MQTT3-4.8.0-1"
    })
    @ParameterizedTest
    @CsvSource({
        "a topic that is no UTF-8, 30 04 0002 c080",
        "a topic with NUL, 30 03 0001 00",
        "a topic with a wildcard, 30 03 0001 23",
        "no topic, 30 02 0000",
        "QoS 3, 36 05 0001 61 0001",
        "PUBREL with other flags, 60 02 0001",
        "SUBACK with flags, 91 03 0001 00",
        "PINGRESP with flags, d1 00"
    })
    void a_server_of_3_1_1_that_breaks_a_rule_is_left(String what, String bytes)
            throws IOException {
        ClientOptions options = server.options().version(ProtocolVersion.MQTT_3_1_1);
        try (Pair pair = server.connect(options)) {
            pair.peer().sendBytes(bytes);

            pair.peer().expectEnd();
            assertThatThrownBy(() -> get(pair.client().ended())).as(what).isNotNull();
        }
    }

    @ClientSpec({"MQTT-2.1.3-1", "MQTT-3.6.1-1", "MQTT-3.14.1-1", "MQTT-3.15.1-1"})
    @ParameterizedTest
    @ValueSource(strings = {"60 02 0001", "e1 00", "f1 00", "42 02 0001", "d8 00"})
    void a_server_of_5_0_with_other_flags_is_told_and_left(String bytes) throws IOException {
        try (Pair pair = server.connect(server.options())) {
            pair.peer().sendBytes(bytes);

            assertThat(pair.peer().expect(Disconnect.class).reason())
                    .isEqualTo(ReasonCode.MALFORMED_PACKET);
            pair.peer().expectEnd();
        }
    }

    @ClientSpec("MQTT-4.13.2-1")
    @Test
    void a_server_that_refuses_is_left() throws IOException {
        CompletableFuture<Client> client = async(() -> Client.connect(server.options()));
        try (Peer peer = server.accept()) {
            peer.expect(Connect.class);

            peer.send(ConnAck.refused(ReasonCode.BANNED, "go"));

            peer.expectEnd();
        }
        assertThatThrownBy(() -> get(client)).isNotNull();
    }

    @ClientSpec({"MQTT3-3.14.4-1", "MQTT3-3.14.4-2"})
    @Test
    void behind_disconnect_of_3_1_1_nothing_follows() throws IOException {
        ClientOptions options = server.options().version(ProtocolVersion.MQTT_3_1_1);
        Pair pair = server.connect(options);

        CompletableFuture<Boolean> closed =
                async(() -> {
                    pair.client().close();
                    return true;
                });

        assertThat(hex(pair.peer().raw())).isEqualTo("e000");
        pair.peer().expectEnd();
        pair.peer().close();
        assertThat(get(closed)).isTrue();
    }

    @ClientSpec({"MQTT-4.6.0-2", "MQTT-4.6.0-3", "MQTT3-4.6.0-2", "MQTT3-4.6.0-3"})
    @ParameterizedTest
    @EnumSource(ProtocolVersion.class)
    void answers_leave_in_the_order_of_the_messages(ProtocolVersion version) throws IOException {
        try (Pair pair = server.connect(server.options().version(version))) {
            for (int id : List.of(3, 1, 2)) {
                pair.peer().send(publish("a", QoS.AT_LEAST_ONCE, id));
                pair.peer().send(publish("b", QoS.EXACTLY_ONCE, id + 10));
            }
            for (int i = 0; i < 6; i++) {
                assertThat(pair.client().receive(ScriptedServer.PATIENCE)).isNotNull();
            }

            for (int id : List.of(3, 1, 2)) {
                assertThat(pair.peer().expect(PubAck.class).packetId()).isEqualTo(id);
                assertThat(pair.peer().expect(PubRec.class).packetId()).isEqualTo(id + 10);
            }
        }
    }

    @ClientSpec({"MQTT-3.6.1-1", "MQTT3-3.6.1-1", "MQTT-4.3.3-4"})
    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void pubrel_has_its_flags(int level) throws IOException {
        try (Pair pair = server.connect(server.options().version(version(level)))) {
            var _ =
                    async(() ->
                            pair.client()
                                    .publish(
                                            TopicName.of("a"),
                                            Payload.EMPTY,
                                            QoS.EXACTLY_ONCE,
                                            false));
            int id = pair.peer().expect(Publish.class).packetId();

            pair.peer().send(new PubRec(id));

            assertThat(hex(pair.peer().raw())).isEqualTo("6202" + "0001");
        }
    }

    @ClientSpec({"MQTT-4.3.3-7", "MQTT-4.3.3-13"})
    @Test
    void a_handshake_goes_on_though_its_message_has_expired() throws IOException {
        PublishProperties expired = new PublishProperties(-1, 0, null, null, null, List.of());
        try (Pair pair = server.connect(server.options())) {
            CompletableFuture<ReasonCode> outcome =
                    async(() ->
                            pair.client()
                                    .publish(
                                            TopicName.of("a"),
                                            Payload.EMPTY,
                                            QoS.EXACTLY_ONCE,
                                            false,
                                            expired));
            int id = pair.peer().expect(Publish.class).packetId();
            pair.peer().send(new PubRec(id));
            pair.peer().expect(PubRel.class);
            pair.peer().send(new PubComp(id));
            assertThat(get(outcome)).isEqualTo(ReasonCode.SUCCESS);

            // PUBLISH of QoS 2, identifier 7, message expiry interval 0.
            pair.peer().sendBytes("34 0b 0001 61 0007 05 02 00000000");
            assertThat(pair.client().receive(ScriptedServer.PATIENCE)).isNotNull();
            pair.peer().expect(PubRec.class);
            pair.peer().send(new PubRel(7));
            assertThat(pair.peer().expect(PubComp.class).packetId()).isEqualTo(7);
        }
    }

    @ClientSpec("MQTT-3.3.2-7")
    @Test
    void an_alias_ends_with_its_connection() throws IOException {
        TopicName topic = TopicName.of("a/topic");
        ClientOptions options =
                server.options()
                        .sessionExpiryInterval(100)
                        .limits(ClientLimits.DEFAULT.topicAliases(5))
                        .reconnect(new Backoff(Duration.ofMillis(1), Duration.ofMillis(1)));
        Pair pair = server.connect(options, new Offer().aliases(5).done());
        pair.client().publish(topic, Payload.EMPTY, QoS.AT_MOST_ONCE, false);
        assertThat(pair.peer().expect(Publish.class).topicAlias()).isEqualTo(1);
        pair.peer().close();
        try (Peer second = server.accept()) {
            second.expect(Connect.class);
            second.send(new ConnAck(true, ReasonCode.SUCCESS, new Offer().aliases(5).done()));
            var _ =
                    pair.client()
                            .publishAsync(
                                    topic,
                                    Payload.EMPTY,
                                    QoS.AT_LEAST_ONCE,
                                    false,
                                    PublishProperties.NONE);

            assertThat(second.expect(Publish.class).topic()).isEqualTo(topic);
        }
        pair.client().close();
    }
}
