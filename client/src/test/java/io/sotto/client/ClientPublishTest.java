package io.sotto.client;

import static io.sotto.client.ScriptedServer.async;
import static io.sotto.client.ScriptedServer.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sotto.client.ScriptedServer.Pair;
import io.sotto.client.ScriptedServer.Peer;
import io.sotto.conformance.Spec;
import io.sotto.mqtt.ConnAck;
import io.sotto.mqtt.Diagnostics;
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
import io.sotto.mqtt.RetainHandling;
import io.sotto.mqtt.SubAck;
import io.sotto.mqtt.Subscribe;
import io.sotto.mqtt.TopicName;
import io.sotto.mqtt.UnsubAck;
import io.sotto.mqtt.Unsubscribe;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(30)
class ClientPublishTest {
    private static final TopicName TOPIC = TopicName.of("home/kitchen/temperature");
    private static final Duration SHORT = Duration.ofMillis(50);

    private final ScriptedServer server;

    ClientPublishTest() throws IOException {
        server = new ScriptedServer();
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    @ClientSpec({
        "MQTT-4.3.1-1",
        "MQTT-2.2.1-2",
        "MQTT-3.3.1-2",
        "MQTT3-4.3.1-1",
        "MQTT3-3.3.1-2",
        "MQTT3-2.3.1-5"
    })
    @ParameterizedTest
    @EnumSource(ProtocolVersion.class)
    void qos_0_is_sent_and_done(ProtocolVersion version) throws IOException {
        try (Pair pair = server.connect(server.options().version(version))) {
            pair.client().publish(TOPIC, Payload.of("21"), QoS.AT_MOST_ONCE, true);

            Publish sent = pair.peer().expect(Publish.class);
            assertThat(sent.topic()).isEqualTo(TOPIC);
            assertThat(sent.payload()).isEqualTo(Payload.of("21"));
            assertThat(sent.retain()).isTrue();
            assertThat(sent.dup()).isFalse();
            assertThat(sent.packetId()).isZero();
        }
    }

    @ClientSpec({"MQTT-4.3.2-1", "MQTT-4.3.2-2", "MQTT-4.3.2-3", "MQTT3-4.3.2-1"})
    @ParameterizedTest
    @EnumSource(ProtocolVersion.class)
    void qos_1_is_done_with_puback(ProtocolVersion version) throws IOException {
        try (Pair pair = server.connect(server.options().version(version))) {
            CompletableFuture<ReasonCode> outcome = publish(pair, QoS.AT_LEAST_ONCE);

            Publish sent = pair.peer().expect(Publish.class);
            assertThat(sent.packetId()).isPositive();
            assertThat(sent.dup()).isFalse();
            assertThat(outcome).isNotDone();
            pair.peer().send(new PubAck(sent.packetId()));
            assertThat(get(outcome)).isEqualTo(ReasonCode.SUCCESS);
        }
    }

    @ClientSpec({
        "MQTT-4.3.3-1",
        "MQTT-4.3.3-2",
        "MQTT-4.3.3-3",
        "MQTT-4.3.3-4",
        "MQTT-4.3.3-5",
        "MQTT3-4.3.3-1",
        "MQTT3-2.3.1-6"
    })
    @ParameterizedTest
    @EnumSource(ProtocolVersion.class)
    void qos_2_is_done_with_pubcomp(ProtocolVersion version) throws IOException {
        try (Pair pair = server.connect(server.options().version(version))) {
            CompletableFuture<ReasonCode> outcome = publish(pair, QoS.EXACTLY_ONCE);

            int id = pair.peer().expect(Publish.class).packetId();
            pair.peer().send(new PubRec(id));
            assertThat(pair.peer().expect(PubRel.class).packetId()).isEqualTo(id);
            assertThat(outcome).isNotDone();
            pair.peer().send(new PubComp(id));
            assertThat(get(outcome)).isEqualTo(ReasonCode.SUCCESS);
        }
    }

    @Test
    void nobody_listening_is_told() throws IOException {
        try (Pair pair = server.connect(server.options())) {
            CompletableFuture<ReasonCode> once = publish(pair, QoS.AT_LEAST_ONCE);
            int id = pair.peer().expect(Publish.class).packetId();
            pair.peer().send(new PubAck(id, ReasonCode.NO_MATCHING_SUBSCRIBERS, Diagnostics.NONE));

            assertThat(get(once)).isEqualTo(ReasonCode.NO_MATCHING_SUBSCRIBERS);
        }
    }

    @ClientSpec({"MQTT-4.3.3-4", "MQTT-4.4.0-2"})
    @Test
    void a_refused_message_is_over() throws IOException {
        try (Pair pair = server.connect(server.options())) {
            CompletableFuture<ReasonCode> outcome = publish(pair, QoS.EXACTLY_ONCE);
            int id = pair.peer().expect(Publish.class).packetId();
            pair.peer()
                    .send(
                            new PubRec(
                                    id,
                                    ReasonCode.NOT_AUTHORIZED,
                                    Diagnostics.of("topic is ours")));

            assertThatThrownBy(() -> get(outcome)).hasMessageContaining("topic is ours");
            pair.peer().expectNothingFor(SHORT);
            assertThat(pair.client().isConnected()).isTrue();
        }
    }

    @ClientSpec({"MQTT-2.2.1-3", "MQTT3-2.3.1-2"})
    @Test
    void packet_identifiers_in_use_are_not_used_again() throws IOException {
        try (Pair pair = server.connect(server.options())) {
            Set<Integer> ids = new HashSet<>();
            for (int i = 0; i < 10; i++) {
                publishAsync(pair, QoS.AT_LEAST_ONCE);
                ids.add(pair.peer().expect(Publish.class).packetId());
            }
            var _ = async(() -> pair.client().subscribe("a", QoS.AT_MOST_ONCE));
            ids.add(pair.peer().expect(Subscribe.class).packetId());

            assertThat(ids).hasSize(11).doesNotContain(0);
        }
    }

    @ClientSpec({"MQTT-3.3.4-7", "MQTT-4.9.0-1", "MQTT-4.9.0-2", "MQTT-4.9.0-3", "MQTT-3.3.4-8"})
    @Spec(value = "MQTT-3.3.4-8", says = "a full window delays messages above QoS 0 and no more")
    @Test
    void the_servers_receive_maximum_holds_back_messages_and_nothing_else() throws IOException {
        try (Pair pair = server.connect(server.options(), new Offer().receiveMaximum(2).done())) {
            Peer peer = pair.peer();
            publishAsync(pair, QoS.AT_LEAST_ONCE);
            publishAsync(pair, QoS.EXACTLY_ONCE);
            int first = peer.expect(Publish.class).packetId();
            int second = peer.expect(Publish.class).packetId();

            CompletableFuture<ReasonCode> third = publish(pair, QoS.AT_LEAST_ONCE);
            CompletableFuture<ReasonCode> granted =
                    async(() -> pair.client().subscribe("a", QoS.AT_MOST_ONCE));
            int request = peer.expect(Subscribe.class).packetId();
            peer.send(new SubAck(request, List.of(ReasonCode.SUCCESS), Diagnostics.NONE));
            assertThat(get(granted)).isEqualTo(ReasonCode.SUCCESS);
            pair.client().publish(TOPIC, Payload.EMPTY, QoS.AT_MOST_ONCE, false);
            assertThat(peer.expect(Publish.class).qos()).isEqualTo(QoS.AT_MOST_ONCE);
            peer.send(new PubRec(second));
            peer.expect(PubRel.class);
            peer.expectNothingFor(SHORT);

            // Surplus acknowledgements do not widen the window.
            peer.send(new PubAck(first), new PubAck(first), new PubAck(first));
            int last = peer.expect(Publish.class).packetId();
            var _ = publish(pair, QoS.AT_LEAST_ONCE);
            peer.expectNothingFor(SHORT);
            peer.send(new PubAck(last));
            assertThat(get(third)).isEqualTo(ReasonCode.SUCCESS);
            peer.expect(Publish.class);
        }
    }

    @ClientSpec({"MQTT-3.2.2-11", "MQTT-3.2.2-14", "MQTT-3.2.2-15"})
    @Test
    void what_the_server_does_not_take_is_not_sent() throws IOException {
        ConnAck.Properties offer =
                new Offer().maximumQoS(QoS.AT_LEAST_ONCE).noRetain().packetSize(100).done();

        try (Pair pair = server.connect(server.options(), offer)) {
            Client client = pair.client();
            Payload large = Payload.copyOf(new byte[100]);

            assertRefused(
                    () -> client.publish(TOPIC, Payload.EMPTY, QoS.EXACTLY_ONCE, false),
                    ReasonCode.QOS_NOT_SUPPORTED);
            assertRefused(
                    () -> client.publish(TOPIC, Payload.EMPTY, QoS.AT_MOST_ONCE, true),
                    ReasonCode.RETAIN_NOT_SUPPORTED);
            assertRefused(
                    () -> client.publish(TOPIC, large, QoS.AT_MOST_ONCE, false),
                    ReasonCode.PACKET_TOO_LARGE);
            assertRefused(
                    () -> client.subscribe("a".repeat(100), QoS.AT_MOST_ONCE),
                    ReasonCode.PACKET_TOO_LARGE);
            pair.peer().expectNothingFor(SHORT);
        }
    }

    @ClientSpec({"MQTT-3.2.2-17", "MQTT-3.2.2-18", "MQTT-3.3.2-8", "MQTT-3.3.2-9"})
    @Test
    void aliases_stand_for_topics_up_to_the_servers_maximum() throws IOException {
        ClientOptions options = server.options().limits(ClientLimits.DEFAULT.topicAliases(5));
        TopicName other = TopicName.of("another/topic");

        try (Pair pair = server.connect(options, new Offer().aliases(1).done())) {
            pair.client().publish(TOPIC, Payload.EMPTY, QoS.AT_MOST_ONCE, false);
            pair.client().publish(TOPIC, Payload.EMPTY, QoS.AT_MOST_ONCE, false);
            pair.client().publish(other, Payload.EMPTY, QoS.AT_MOST_ONCE, false);

            Publish first = pair.peer().expect(Publish.class);
            assertThat(first.topic()).isEqualTo(TOPIC);
            assertThat(first.topicAlias()).isEqualTo(1);
            Publish second = pair.peer().expect(Publish.class);
            assertThat(second.topic().isAbsent()).isTrue();
            assertThat(second.topicAlias()).isEqualTo(1);
            Publish third = pair.peer().expect(Publish.class);
            assertThat(third.topic()).isEqualTo(other);
            assertThat(third.topicAlias()).isZero();
        }
    }

    @ClientSpec("MQTT-3.2.2-18")
    @Test
    void a_server_without_aliases_gets_none() throws IOException {
        ClientOptions options = server.options().limits(ClientLimits.DEFAULT.topicAliases(5));

        try (Pair pair = server.connect(options)) {
            pair.client().publish(TOPIC, Payload.EMPTY, QoS.AT_MOST_ONCE, false);

            assertThat(pair.peer().expect(Publish.class).topicAlias()).isZero();
        }
    }

    @ClientSpec({
        "MQTT-3.3.2-2",
        "MQTT-4.7.0-1",
        "MQTT-3.3.2-14",
        "MQTT-4.7.1-1",
        "MQTT-4.7.1-2",
        "MQTT-4.7.3-1",
        "MQTT-3.8.3-2",
        "MQTT-3.8.3-4",
        "MQTT-4.8.2-1",
        "MQTT-4.8.2-2",
        "MQTT-3.10.3-2",
        "MQTT3-3.8.3-3",
        "MQTT3-3.10.3-2",
        "MQTT3-4.7.1-1",
        "MQTT3-4.7.1-2",
        "MQTT3-4.7.1-3",
        "MQTT3-4.7.3-1"
    })
    @Test
    void topics_and_filters_that_are_none_are_not_sent() throws IOException {
        PublishProperties wild = new PublishProperties(-1, -1, null, "a/#", null, List.of());
        Subscribe.Request shared =
                new Subscribe.Request(
                        "$share/g/a", QoS.AT_MOST_ONCE, true, false, RetainHandling.SEND);

        try (Pair pair = server.connect(server.options())) {
            Client client = pair.client();

            assertBroken(
                    () -> client.publish(TopicName.ABSENT, Payload.EMPTY, QoS.AT_MOST_ONCE, false));
            assertBroken(() -> client.publish(TOPIC, Payload.EMPTY, QoS.AT_MOST_ONCE, false, wild));
            for (String filter : List.of("", "a#", "a+", "#/a", "$share/g", "$share//a")) {
                assertBroken(() -> client.subscribe(filter, QoS.AT_MOST_ONCE));
            }
            assertBroken(() -> client.unsubscribe(""));
            assertBroken(() -> client.subscribe(0, List.of()));
            assertBroken(() -> client.subscribe(0, List.of(shared)));
            pair.peer().expectNothingFor(SHORT);
        }
    }

    @ClientSpec({"MQTT-2.2.1-6", "MQTT3-2.3.1-7"})
    @ParameterizedTest
    @EnumSource(ProtocolVersion.class)
    void subscribing_and_unsubscribing_wait_for_their_answer(ProtocolVersion version)
            throws IOException {
        try (Pair pair = server.connect(server.options().version(version))) {
            CompletableFuture<ReasonCode> granted =
                    async(() -> pair.client().subscribe("a/+", QoS.EXACTLY_ONCE));
            Subscribe subscribe = pair.peer().expect(Subscribe.class);
            assertThat(subscribe.requests().getFirst().filter()).isEqualTo("a/+");
            pair.peer()
                    .send(
                            new SubAck(
                                    subscribe.packetId(),
                                    List.of(ReasonCode.GRANTED_QOS_1),
                                    Diagnostics.NONE));
            assertThat(get(granted)).isEqualTo(ReasonCode.GRANTED_QOS_1);

            CompletableFuture<ReasonCode> over = async(() -> pair.client().unsubscribe("a/+"));
            int id = pair.peer().expect(Unsubscribe.class).packetId();
            pair.peer().send(new UnsubAck(id, List.of(ReasonCode.SUCCESS), Diagnostics.NONE));
            assertThat(get(over)).isEqualTo(ReasonCode.SUCCESS);
        }
    }

    @Test
    void a_server_that_takes_nothing_makes_publishing_fail_in_time() throws IOException {
        ClientOptions options =
                server.options().limits(ClientLimits.DEFAULT.timeout(Duration.ofMillis(100)));

        try (Pair pair = server.connect(options)) {
            assertThatThrownBy(() ->
                            pair.client().publish(TOPIC, Payload.EMPTY, QoS.AT_LEAST_ONCE, false))
                    .isInstanceOf(ClientException.class)
                    .hasMessageContaining("no answer");
        }
    }

    private static void assertRefused(ThrowingCallable call, ReasonCode reason) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ClientException.class,
                        refused -> assertThat(refused.reason()).isEqualTo(reason));
    }

    private static void assertBroken(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(ProtocolException.class);
    }

    private static CompletableFuture<ReasonCode> publish(Pair pair, QoS qos) {
        return async(() -> pair.client().publish(TOPIC, Payload.of("21"), qos, false));
    }

    private static void publishAsync(Pair pair, QoS qos) {
        var _ =
                pair.client()
                        .publishAsync(TOPIC, Payload.of("21"), qos, false, PublishProperties.NONE);
    }
}
