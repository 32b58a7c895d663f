package io.sotto.client;

import static io.sotto.client.ScriptedServer.PATIENCE;
import static io.sotto.client.ScriptedServer.get;
import static io.sotto.client.ScriptedServer.publish;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sotto.client.ScriptedServer.Pair;
import io.sotto.client.ScriptedServer.Peer;
import io.sotto.conformance.Spec;
import io.sotto.mqtt.Connect;
import io.sotto.mqtt.Disconnect;
import io.sotto.mqtt.PingReq;
import io.sotto.mqtt.PingResp;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.PubAck;
import io.sotto.mqtt.PubComp;
import io.sotto.mqtt.PubRec;
import io.sotto.mqtt.PubRel;
import io.sotto.mqtt.Publish;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.ReasonCode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(30)
class ClientReceiveTest {
    private static final Duration SHORT = Duration.ofMillis(50);

    private final ScriptedServer server;

    ClientReceiveTest() throws IOException {
        server = new ScriptedServer();
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    @ClientSpec({
        "MQTT-3.3.4-1",
        "MQTT-4.3.2-4",
        "MQTT-4.3.3-8",
        "MQTT-4.3.3-11",
        "MQTT-4.5.0-2",
        "MQTT3-3.3.4-1",
        "MQTT3-4.3.2-2",
        "MQTT3-4.5.0-2",
        "MQTT3-2.3.1-6"
    })
    @ParameterizedTest
    @EnumSource(ProtocolVersion.class)
    void each_qos_is_answered_as_it_asks(ProtocolVersion version) throws IOException {
        try (Pair pair = server.connect(server.options().version(version))) {
            Peer peer = pair.peer();
            peer.send(
                    publish("a", QoS.AT_MOST_ONCE, 0),
                    publish("b", QoS.AT_LEAST_ONCE, 7),
                    publish("c", QoS.EXACTLY_ONCE, 8));

            assertThat(topic(pair)).isEqualTo("a");
            assertThat(topic(pair)).isEqualTo("b");
            assertThat(topic(pair)).isEqualTo("c");

            assertThat(peer.expect(PubAck.class).packetId()).isEqualTo(7);
            assertThat(peer.expect(PubRec.class).packetId()).isEqualTo(8);
            peer.send(new PubRel(8));
            assertThat(peer.expect(PubComp.class).packetId()).isEqualTo(8);
        }
    }

    @Test
    void nothing_is_acknowledged_before_it_is_handed_over() throws IOException {
        try (Pair pair = server.connect(server.options())) {
            pair.peer().send(publish("a", QoS.AT_LEAST_ONCE, 1));
            pair.peer().send(publish("b", QoS.EXACTLY_ONCE, 2));

            pair.peer().expectNothingFor(SHORT);
        }
    }

    @ClientSpec("MQTT-4.3.2-5")
    @Test
    void after_puback_the_same_identifier_is_a_new_message() throws IOException {
        try (Pair pair = server.connect(server.options())) {
            pair.peer().send(publish("a", QoS.AT_LEAST_ONCE, 1));
            assertThat(topic(pair)).isEqualTo("a");
            pair.peer().expect(PubAck.class);

            pair.peer().send(publish("b", QoS.AT_LEAST_ONCE, 1, true, 0));

            assertThat(topic(pair)).isEqualTo("b");
            pair.peer().expect(PubAck.class);
        }
    }

    @ClientSpec({"MQTT-4.3.3-10", "MQTT-4.3.3-12", "MQTT3-4.3.3-2"})
    @Test
    void a_repeated_qos_2_message_is_answered_and_not_handed_over_again() throws IOException {
        try (Pair pair = server.connect(server.options())) {
            Peer peer = pair.peer();
            peer.send(publish("a", QoS.EXACTLY_ONCE, 5));
            assertThat(topic(pair)).isEqualTo("a");
            peer.expect(PubRec.class);

            peer.send(publish("a", QoS.EXACTLY_ONCE, 5, true, 0));
            peer.expect(PubRec.class);
            peer.send(new PubRel(5));
            peer.expect(PubComp.class);
            peer.send(publish("b", QoS.EXACTLY_ONCE, 5));

            assertThat(topic(pair)).isEqualTo("b");
        }
    }

    @ClientSpec("MQTT-2.2.1-5")
    @Test
    void unknown_identifiers_are_answered_so() throws IOException {
        try (Pair pair = server.connect(server.options())) {
            pair.peer().send(new PubRel(9), new PubRec(10), new PubAck(11), new PubComp(12));

            PubComp comp = pair.peer().expect(PubComp.class);
            assertThat(comp.packetId()).isEqualTo(9);
            assertThat(comp.reason()).isEqualTo(ReasonCode.PACKET_IDENTIFIER_NOT_FOUND);
            PubRel rel = pair.peer().expect(PubRel.class);
            assertThat(rel.packetId()).isEqualTo(10);
            assertThat(rel.reason()).isEqualTo(ReasonCode.PACKET_IDENTIFIER_NOT_FOUND);
            pair.peer().expectNothingFor(SHORT);
        }
    }

    @ClientSpec("MQTT-4.6.0-2")
    @Test
    void pubacks_leave_in_the_order_of_the_messages() throws IOException {
        try (Pair pair = server.connect(server.options())) {
            for (int id : List.of(3, 1, 2)) {
                pair.peer().send(publish("a", QoS.AT_LEAST_ONCE, id));
            }
            for (int id : List.of(3, 1, 2)) {
                topic(pair);
                assertThat(pair.peer().expect(PubAck.class).packetId()).isEqualTo(id);
            }
        }
    }

    @ClientSpec({"MQTT-4.2-1", "MQTT3-7.1.2-1"})
    @Spec(value = "MQTT3-7.1.2-1", says = "TCP serves the client: an ordered stream, in any pieces")
    @ParameterizedTest
    @EnumSource(ProtocolVersion.class)
    void a_stream_may_come_in_any_pieces(ProtocolVersion version) throws IOException {
        try (Pair pair = server.connect(server.options().version(version))) {
            pair.peer().sendByteByByte(publish("a", QoS.AT_LEAST_ONCE, 1));
            pair.peer().sendByteByByte(publish("b", QoS.AT_LEAST_ONCE, 2));

            assertThat(topic(pair)).isEqualTo("a");
            assertThat(topic(pair)).isEqualTo("b");
            assertThat(pair.peer().expect(PubAck.class).packetId()).isEqualTo(1);
            assertThat(pair.peer().expect(PubAck.class).packetId()).isEqualTo(2);
        }
    }

    @ClientSpec("MQTT-3.3.2-10")
    @Spec(value = "MQTT-3.3.2-10", says = "every alias up to the client's maximum is taken")
    @Test
    void an_alias_of_the_server_stands_for_its_topic() throws IOException {
        try (Pair pair = server.connect(server.options().properties(properties(100, 2)))) {
            assertThat(pair.connect().properties().topicAliasMaximum()).isEqualTo(2);
            pair.peer()
                    .send(
                            publish("a/b", QoS.AT_MOST_ONCE, 0, false, 2),
                            publish("", QoS.AT_MOST_ONCE, 0, false, 2),
                            publish("c", QoS.AT_MOST_ONCE, 0, false, 2),
                            publish("", QoS.AT_MOST_ONCE, 0, false, 2));

            assertThat(topic(pair)).isEqualTo("a/b");
            assertThat(topic(pair)).isEqualTo("a/b");
            assertThat(topic(pair)).isEqualTo("c");
            assertThat(topic(pair)).isEqualTo("c");
        }
    }

    /// [MQTT-3.1.2-26] on the client's side
    @Test
    void an_alias_above_the_clients_maximum_ends_the_connection() throws IOException {
        try (Pair pair = server.connect(server.options().properties(properties(100, 2)))) {
            pair.peer().send(publish("a", QoS.AT_MOST_ONCE, 0, false, 3));

            assertThat(pair.peer().expect(Disconnect.class).reason())
                    .isEqualTo(ReasonCode.TOPIC_ALIAS_INVALID);
            pair.peer().expectEnd();
        }
    }

    /// [MQTT-3.3.4-9] on the client's side
    @Test
    void more_than_the_clients_receive_maximum_ends_the_connection() throws IOException {
        try (Pair pair = server.connect(server.options().properties(properties(2, 0)))) {
            for (int id = 1; id <= 3; id++) {
                pair.peer().send(publish("a", QoS.AT_LEAST_ONCE, id));
            }

            assertThat(pair.peer().expect(Disconnect.class).reason())
                    .isEqualTo(ReasonCode.RECEIVE_MAXIMUM_EXCEEDED);
            pair.peer().expectEnd();
        }
    }

    @Test
    void a_full_inbox_stops_the_reading_and_the_pings_go_on() throws IOException {
        ClientOptions options =
                server.options()
                        .keepAlive(Duration.ofMillis(40))
                        .limits(ClientLimits.DEFAULT.timeout(PATIENCE).inbound(2, 1 << 20));

        try (Pair pair = server.connect(options)) {
            for (int i = 0; i < 4; i++) {
                pair.peer().send(publish("a" + i, QoS.AT_MOST_ONCE, 0));
            }
            // Nobody reads a PINGRESP now, and still the server is not blamed.
            for (int i = 0; i < 4; i++) {
                pair.peer().expect(PingReq.class);
                pair.peer().send(PingResp.INSTANCE);
            }

            for (int i = 0; i < 4; i++) {
                assertThat(topic(pair)).isEqualTo("a" + i);
            }
            assertThat(pair.client().isConnected()).isTrue();
        }
    }

    @Test
    void a_listener_gets_every_message_and_acknowledges_by_returning() throws Exception {
        LinkedBlockingQueue<String> topics = new LinkedBlockingQueue<>();
        CountDownLatch go = new CountDownLatch(1);
        try (Pair pair = server.connect(server.options())) {
            pair.client()
                    .listen(message -> {
                        topics.add(message.topic().toString());
                        awaitOpen(go);
                    });
            pair.peer().send(publish("a", QoS.AT_LEAST_ONCE, 1));
            pair.peer().send(publish("b", QoS.EXACTLY_ONCE, 2));

            assertThat(topics.poll(10, TimeUnit.SECONDS)).isEqualTo("a");
            pair.peer().expectNothingFor(SHORT);
            go.countDown();

            pair.peer().expect(PubAck.class);
            pair.peer().expect(PubRec.class);
            assertThat(topics.poll(10, TimeUnit.SECONDS)).isEqualTo("b");
        }
    }

    @Test
    void a_listener_that_throws_ends_the_client_without_acknowledging() throws IOException {
        try (Pair pair = server.connect(server.options())) {
            pair.client()
                    .listen(_ -> {
                        throw new IllegalStateException("no");
                    });
            pair.peer().send(publish("a", QoS.AT_LEAST_ONCE, 1));

            pair.peer().expect(Disconnect.class);
            pair.peer().close();
            assertThatThrownBy(() -> get(pair.client().ended()))
                    .hasMessageContaining("listener failed");
        }
    }

    @Test
    void what_came_before_the_end_can_still_be_taken() throws IOException {
        try (Pair pair = server.connect(server.options())) {
            pair.peer().send(publish("a", QoS.AT_MOST_ONCE, 0));
            pair.peer().send(Disconnect.because(ReasonCode.SERVER_SHUTTING_DOWN, "night"));
            CompletableFuture<Void> ended = pair.client().ended();
            assertThatThrownBy(() -> get(ended)).hasMessageContaining("night");

            assertThat(topic(pair)).isEqualTo("a");
            assertThatThrownBy(() -> pair.client().receive(Duration.ZERO))
                    .hasMessageContaining("night");
        }
    }

    private static void awaitOpen(CountDownLatch go) {
        try {
            assertThat(go.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    private static Connect.Properties properties(int receiveMaximum, int aliases) {
        return new Connect.Properties(
                0, receiveMaximum, 0, aliases, false, true, List.of(), null, null);
    }

    private static String topic(Pair pair) {
        @Nullable Publish message = pair.client().receive(PATIENCE);
        assertThat(message).isNotNull();
        return String.valueOf(message == null ? null : message.topic());
    }
}
