package io.sotto.client;

import static io.sotto.client.ScriptedServer.PATIENCE;
import static io.sotto.client.ScriptedServer.async;
import static io.sotto.client.ScriptedServer.get;
import static io.sotto.client.ScriptedServer.publish;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sotto.client.ScriptedServer.Pair;
import io.sotto.client.ScriptedServer.Peer;
import io.sotto.conformance.Spec;
import io.sotto.mqtt.ConnAck;
import io.sotto.mqtt.Connect;
import io.sotto.mqtt.Diagnostics;
import io.sotto.mqtt.Disconnect;
import io.sotto.mqtt.Payload;
import io.sotto.mqtt.ProtocolException;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.PubAck;
import io.sotto.mqtt.PubComp;
import io.sotto.mqtt.PubRec;
import io.sotto.mqtt.PubRel;
import io.sotto.mqtt.Publish;
import io.sotto.mqtt.PublishProperties;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.ReasonCode;
import io.sotto.mqtt.SubAck;
import io.sotto.mqtt.Subscribe;
import io.sotto.mqtt.TopicName;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(30)
class ClientSessionTest {
    private static final Backoff SOON = new Backoff(Duration.ofMillis(1), Duration.ofMillis(2));
    private static final ConnAck PRESENT =
            new ConnAck(true, ReasonCode.SUCCESS, ConnAck.Properties.DEFAULT);
    private static final ConnAck ABSENT =
            new ConnAck(false, ReasonCode.SUCCESS, ConnAck.Properties.DEFAULT);

    private final ScriptedServer server;

    ClientSessionTest() throws IOException {
        server = new ScriptedServer();
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    private ClientOptions lasting(ProtocolVersion version) {
        ClientOptions options = server.options().version(version);
        return version == ProtocolVersion.MQTT_5
                ? options.sessionExpiryInterval(100)
                : options.cleanStart(false);
    }

    @ClientSpec({
        "MQTT-4.4.0-1",
        "MQTT-3.3.1-1",
        "MQTT-4.6.0-1",
        "MQTT-4.6.0-4",
        "MQTT-4.3.3-5",
        "MQTT-4.3.3-6",
        "MQTT3-2.3.1-3",
        "MQTT3-4.4.0-1",
        "MQTT3-3.3.1-1",
        "MQTT3-4.6.0-1",
        "MQTT3-4.6.0-4",
        "MQTT3-4.1.0-1",
        "MQTT3-3.1.2-4",
        "MQTT-3.1.2-23",
        "MQTT-4.1.0-1",
        "MQTT3-3.1.3-2",
        "MQTT-3.1.3-2"
    })
    @ParameterizedTest
    @EnumSource(ProtocolVersion.class)
    void resuming_sends_again_what_is_unacknowledged_in_order(ProtocolVersion version)
            throws IOException {
        Pair pair = server.connect(lasting(version).reconnect(SOON));
        Peer first = pair.peer();
        List<CompletableFuture<ReasonCode>> outcomes =
                List.of(
                        send(pair, "a", QoS.EXACTLY_ONCE),
                        send(pair, "b", QoS.AT_LEAST_ONCE),
                        send(pair, "c", QoS.EXACTLY_ONCE),
                        send(pair, "d", QoS.EXACTLY_ONCE));
        int a = first.expect(Publish.class).packetId();
        int b = first.expect(Publish.class).packetId();
        int c = first.expect(Publish.class).packetId();
        int d = first.expect(Publish.class).packetId();
        // c is released before a.
        first.send(new PubRec(c));
        first.expect(PubRel.class);
        first.send(new PubRec(a));
        first.expect(PubRel.class);
        first.close();

        Peer second = server.accept();
        assertThat(second.expect(Connect.class).cleanStart()).isFalse();
        second.send(PRESENT);

        assertThat(second.expect(PubRel.class).packetId()).isEqualTo(c);
        assertThat(second.expect(PubRel.class).packetId()).isEqualTo(a);
        Publish again = second.expect(Publish.class);
        assertThat(again.packetId()).isEqualTo(b);
        assertThat(again.dup()).isTrue();
        assertThat(again.topic()).isEqualTo(TopicName.of("b"));
        assertThat(second.expect(Publish.class).packetId()).isEqualTo(d);
        second.send(new PubComp(c), new PubComp(a), new PubAck(b), new PubRec(d));
        second.expect(PubRel.class);
        second.send(new PubComp(d));
        outcomes.forEach(outcome -> assertThat(get(outcome)).isEqualTo(ReasonCode.SUCCESS));
        second.close();
        pair.client().close();
    }

    /// The application gets it, or the server is not asked for it again; not both.
    @ParameterizedTest
    @EnumSource
    void what_waited_as_the_connection_ended_comes_once(ProtocolVersion version)
            throws IOException {
        Pair pair = server.connect(lasting(version).reconnect(SOON));
        pair.peer().send(publish("a", QoS.EXACTLY_ONCE, 7));
        pair.peer().close();

        Peer second = server.accept();
        second.expect(Connect.class);
        // Whether it comes again is not known yet.
        assertThat(pair.client().receive(Duration.ofMillis(50))).isNull();
        second.send(PRESENT, publish("a", QoS.EXACTLY_ONCE, 7, true, 0));

        assertThat(pair.client().receive(PATIENCE)).isNotNull();
        assertThat(second.expect(PubRec.class).packetId()).isEqualTo(7);
        assertThat(pair.client().receive(Duration.ofMillis(50))).isNull();
        second.close();
        pair.client().close();
    }

    @Test
    void what_waited_is_handed_over_where_it_will_not_come_again() throws IOException {
        Pair pair = server.connect(lasting(ProtocolVersion.MQTT_5).reconnect(SOON));
        pair.peer().send(publish("a", QoS.EXACTLY_ONCE, 7));
        pair.peer().close();

        Peer second = server.accept();
        second.expect(Connect.class);
        second.send(ABSENT);

        assertThat(pair.client().receive(PATIENCE)).isNotNull();
        second.close();
        pair.client().close();
    }

    @ClientSpec("MQTT-3.3.4-7")
    @Test
    void what_is_sent_again_keeps_to_the_servers_receive_maximum() throws IOException {
        Pair pair = server.connect(lasting(ProtocolVersion.MQTT_5).reconnect(SOON));
        for (int i = 0; i < 3; i++) {
            var _ = send(pair, "a", QoS.AT_LEAST_ONCE);
            pair.peer().expect(Publish.class);
        }
        pair.peer().close();

        Peer second = server.accept();
        second.expect(Connect.class);
        second.send(new ConnAck(true, ReasonCode.SUCCESS, new Offer().receiveMaximum(1).done()));

        for (int i = 0; i < 3; i++) {
            int id = second.expect(Publish.class).packetId();
            second.expectNothingFor(Duration.ofMillis(30));
            second.send(new PubAck(id));
        }
        second.close();
        pair.client().close();
    }

    @ClientSpec("MQTT-3.2.2-5")
    @Spec(value = "MQTT-3.2.2-5", says = "without the session, the client discards its own")
    @Test
    void a_server_without_the_session_ends_the_clients_too() throws IOException {
        Pair pair = server.connect(lasting(ProtocolVersion.MQTT_5).reconnect(SOON));
        CompletableFuture<ReasonCode> outcome = send(pair, "a", QoS.AT_LEAST_ONCE);
        pair.peer().expect(Publish.class);
        pair.peer().close();

        Peer second = server.accept();
        second.expect(Connect.class);
        second.send(ABSENT);

        assertThatThrownBy(() -> get(outcome)).hasMessageContaining("not kept the session");
        second.expectNothingFor(Duration.ofMillis(30));
        second.close();
        pair.client().close();
    }

    @Test
    void subscriptions_are_made_again_where_the_server_lost_them() throws IOException {
        Pair pair = server.connect(server.options().reconnect(SOON));
        CompletableFuture<ReasonCode> granted =
                async(() -> pair.client().subscribe("a/#", QoS.AT_LEAST_ONCE));
        answer(pair.peer());
        get(granted);
        pair.peer().close();

        Peer second = server.accept();
        second.expect(Connect.class);
        second.send(ABSENT);

        Subscribe again = answer(second);
        assertThat(again.requests().getFirst().filter()).isEqualTo("a/#");
        assertThat(again.requests().getFirst().qos()).isEqualTo(QoS.AT_LEAST_ONCE);
        second.close();
        pair.client().close();
    }

    @ClientSpec("MQTT-3.2.2-4")
    @Spec(value = "MQTT-3.2.2-4", says = "a session that the client does not know ends it")
    @Test
    void a_session_that_the_client_does_not_have_is_not_believed() throws IOException {
        CompletableFuture<Client> client =
                async(() -> Client.connect(lasting(ProtocolVersion.MQTT_5).cleanStart(false)));
        Peer peer = server.accept();
        peer.expect(Connect.class);
        peer.send(PRESENT);

        assertThatThrownBy(() -> get(client)).hasMessageContaining("MQTT-3.2.2-4");
        peer.expectEnd();
    }

    @Test
    void a_session_left_behind_by_an_earlier_process_is_resumed() throws IOException {
        ClientOptions options =
                lasting(ProtocolVersion.MQTT_5)
                        .cleanStart(false)
                        .session(ClientSession.leftBehind());

        try (Pair pair = server.connect(options, PRESENT)) {
            assertThat(pair.client().connAck().sessionPresent()).isTrue();
        }
    }

    @ClientSpec({"MQTT-3.1.2-23", "MQTT-4.1.0-1"})
    @Test
    void a_session_outlives_its_client() throws IOException {
        ClientSession session = new ClientSession();
        ClientOptions options = lasting(ProtocolVersion.MQTT_5).session(session);
        Pair pair = server.connect(options);
        CompletableFuture<ReasonCode> outcome = send(pair, "a", QoS.AT_LEAST_ONCE);
        int id = pair.peer().expect(Publish.class).packetId();
        assertThatThrownBy(() -> Client.connect(options)).isInstanceOf(IllegalStateException.class);
        pair.client().abort();
        assertThatThrownBy(() -> get(outcome)).hasMessageContaining("closed");
        assertThat(session.unacknowledged()).isEqualTo(1);

        try (Pair next = server.connect(options.cleanStart(false), PRESENT)) {
            assertThat(next.peer().expect(Publish.class).packetId()).isEqualTo(id);
        }
        pair.peer().close();
    }

    @ClientSpec({"MQTT-3.1.2-4", "MQTT3-3.1.2-6"})
    @Test
    void a_session_that_does_not_last_keeps_nothing() throws IOException {
        ClientSession session = new ClientSession();
        Pair pair = server.connect(server.options().session(session));
        var _ = send(pair, "a", QoS.AT_LEAST_ONCE);
        pair.peer().expect(Publish.class);

        pair.client().abort();

        assertThat(session.unacknowledged()).isZero();
        pair.peer().close();
    }

    @Test
    void a_session_that_does_not_last_cannot_be_prolonged_at_its_end() throws IOException {
        try (Pair pair = server.connect(server.options())) {
            Disconnect longer = new Disconnect(ReasonCode.SUCCESS, 100, Diagnostics.NONE, null);

            assertThatThrownBy(() -> pair.client().disconnect(longer))
                    .isInstanceOf(ProtocolException.class);
        }
    }

    @ClientSpec("MQTT-4.3.3-10")
    @Test
    void a_qos_2_message_is_handed_over_once_over_connections() throws IOException {
        Pair pair = server.connect(lasting(ProtocolVersion.MQTT_5).reconnect(SOON));
        pair.peer().send(publish("taken", QoS.EXACTLY_ONCE, 1));
        assertThat(topic(pair)).isEqualTo("taken");
        pair.peer().expect(PubRec.class);
        pair.peer().send(publish("waiting", QoS.EXACTLY_ONCE, 2));
        pair.peer().send(publish("mark", QoS.AT_MOST_ONCE, 0));
        pair.peer().close();

        Peer second = server.accept();
        second.expect(Connect.class);
        second.send(PRESENT);
        second.send(
                publish("taken", QoS.EXACTLY_ONCE, 1, true, 0),
                publish("waiting", QoS.EXACTLY_ONCE, 2, true, 0),
                publish("last", QoS.EXACTLY_ONCE, 3));

        assertThat(second.expect(PubRec.class).packetId()).isEqualTo(1);
        String next = topic(pair);
        if (next.equals("mark")) {
            // It was read before the connection ended.
            next = topic(pair);
        }
        assertThat(next).isEqualTo("waiting");
        assertThat(topic(pair)).isEqualTo("last");
        second.close();
        pair.client().close();
    }

    @Test
    void attempts_go_on_until_the_server_is_back() throws IOException {
        Pair pair = server.connect(server.options().reconnect(SOON));
        pair.peer().close();
        for (int i = 0; i < 3; i++) {
            try (Peer refusing = server.accept()) {
                refusing.expect(Connect.class);
                refusing.send(ConnAck.refused(ReasonCode.SERVER_BUSY, "later"));
            }
        }

        Peer again = server.accept();
        again.expect(Connect.class);
        again.send(ABSENT);
        pair.client().publish(TopicName.of("a"), Payload.EMPTY, QoS.AT_MOST_ONCE, false);

        again.expect(Publish.class);
        again.close();
        pair.client().close();
    }

    @Test
    void a_session_taken_over_is_not_taken_back() throws IOException {
        Pair pair = server.connect(server.options().reconnect(SOON));

        pair.peer().send(Disconnect.because(ReasonCode.SESSION_TAKEN_OVER, "another came"));

        assertThatThrownBy(() -> get(pair.client().ended())).hasMessageContaining("another came");
        pair.peer().close();
    }

    @Test
    void options_serve_many_clients() throws IOException {
        ClientOptions same = server.options();
        try (Pair one = server.connect(same);
                Pair two = server.connect(same.clientId("d"))) {
            assertThat(one.client().isConnected()).isTrue();
            assertThat(two.client().isConnected()).isTrue();
        }
    }

    @Test
    void closing_while_there_is_no_connection_ends_the_attempts() throws IOException {
        Backoff never = new Backoff(Duration.ofHours(1), Duration.ofHours(1));
        Pair pair = server.connect(server.options().reconnect(never));
        pair.peer().close();

        pair.client().close();

        assertThat(pair.client().ended()).isCompleted();
    }

    private static Subscribe answer(Peer peer) throws IOException {
        Subscribe subscribe = peer.expect(Subscribe.class);
        peer.send(
                new SubAck(
                        subscribe.packetId(), List.of(ReasonCode.GRANTED_QOS_1), Diagnostics.NONE));
        return subscribe;
    }

    private static CompletableFuture<ReasonCode> send(Pair pair, String topic, QoS qos) {
        return pair.client()
                .publishAsync(
                        TopicName.of(topic), Payload.of("p"), qos, false, PublishProperties.NONE);
    }

    private static String topic(Pair pair) {
        Publish message = pair.client().receive(PATIENCE);
        assertThat(message).isNotNull();
        return String.valueOf(message == null ? null : message.topic());
    }
}
