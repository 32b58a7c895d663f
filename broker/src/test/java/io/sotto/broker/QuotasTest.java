package io.sotto.broker;

import static io.sotto.mqtt.QoS.AT_LEAST_ONCE;
import static io.sotto.mqtt.QoS.AT_MOST_ONCE;
import static io.sotto.mqtt.QoS.EXACTLY_ONCE;
import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.broker.BrokerSettings.Quotas;
import io.sotto.broker.spi.Authorizer;
import io.sotto.mqtt.ConnAck;
import io.sotto.mqtt.Disconnect;
import io.sotto.mqtt.Packet;
import io.sotto.mqtt.Payload;
import io.sotto.mqtt.PingReq;
import io.sotto.mqtt.PubAck;
import io.sotto.mqtt.Publish;
import io.sotto.mqtt.PublishProperties;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.ReasonCode;
import io.sotto.mqtt.SubAck;
import io.sotto.mqtt.TopicName;
import io.sotto.mqtt.Will;
import java.util.List;
import org.junit.jupiter.api.Test;

class QuotasTest {
    private static final int ANY = 1_000_000;

    private static TestBroker broker(Quotas quotas) {
        BrokerSettings like = BrokerSettings.DEFAULT;
        return new TestBroker(
                new BrokerSettings(
                        like.decoder(),
                        like.queue(),
                        like.clients(),
                        like.capabilities(),
                        quotas,
                        like.keeping(),
                        0),
                Authorizer.ALLOW_ALL);
    }

    private static Quotas rates(int perClient, int perAddress, int connects) {
        return new Quotas(ANY, ANY, 0, ANY, perClient, perAddress, connects);
    }

    private static Publish publish(String topic, QoS qos, int packetId) {
        return new Publish(
                TopicName.of(topic),
                Payload.of("x"),
                qos,
                false,
                false,
                packetId,
                0,
                List.of(),
                PublishProperties.NONE);
    }

    private static void isTold(TestClient client, ReasonCode reason, String setting) {
        List<Packet> told = client.take();
        assertThat(told.getLast())
                .isInstanceOfSatisfying(
                        Disconnect.class,
                        disconnect -> {
                            assertThat(disconnect.reason()).isEqualTo(reason);
                            assertThat(disconnect.diagnostics().toString()).contains(setting);
                        });
        assertThat(client.isClosed()).isTrue();
    }

    @Test
    void one_session_too_many_is_refused_and_those_that_are_there_go_on() {
        TestBroker broker = broker(new Quotas(2, ANY, 0, ANY, 0, 0, 0));
        broker.modern().connect("first", true, 100).lose();
        broker.modern().connect("second", true, 100).lose();

        TestClient third = broker.modern().connect("third", true, 100);
        TestClient back = broker.modern().connect("first", false, 100);

        ConnAck refusal = third.connAck();
        assertThat(refusal.reason()).isEqualTo(ReasonCode.QUOTA_EXCEEDED);
        assertThat(refusal.properties().diagnostics().toString()).contains("limits.sessions");
        assertThat(third.isClosed()).isTrue();
        assertThat(back.connAck().sessionPresent()).isTrue();
    }

    @Test
    void one_subscription_too_many_in_all_is_refused_and_a_known_one_renewed() {
        TestBroker broker = broker(new Quotas(ANY, 2, 0, ANY, 0, 0, 0));
        TestClient first = broker.modern().connect("first", true, 0).subscribe("a", AT_LEAST_ONCE);
        TestClient second = broker.modern().connect("second", true, 0).subscribe("b", AT_MOST_ONCE);

        second.subscribe("c", AT_MOST_ONCE);
        first.subscribe("a", AT_MOST_ONCE);

        SubAck refusal = (SubAck) second.take().getLast();
        assertThat(refusal.reasons()).containsExactly(ReasonCode.QUOTA_EXCEEDED);
        assertThat(refusal.diagnostics().toString()).contains("limits.subscriptions-in-all");
        assertThat(((SubAck) first.take().getLast()).reasons()).containsExactly(ReasonCode.SUCCESS);
    }

    @Test
    void retained_bytes_are_bounded_and_what_is_not_retained_goes_on() {
        TestBroker broker = broker(new Quotas(ANY, ANY, 20, ANY, 0, 0, 0));
        TestClient client = broker.modern().connect("c", true, 0);
        client.publish("t/1", "12345678901234567", AT_LEAST_ONCE, true);

        client.publish("t/2", "", AT_LEAST_ONCE, true);
        client.publish("t/3", "1", AT_LEAST_ONCE, true);
        PubAck full = (PubAck) client.take().getLast();
        client.publish("t/4", "1", AT_LEAST_ONCE, false);
        PubAck plain = (PubAck) client.take().getLast();
        client.publish("t/1", "", AT_LEAST_ONCE, true);
        client.publish("t/3", "1", AT_LEAST_ONCE, true);
        PubAck fits = (PubAck) client.take().getLast();

        assertThat(full.reason()).isEqualTo(ReasonCode.QUOTA_EXCEEDED);
        assertThat(full.diagnostics().toString()).contains("limits.retained-bytes");
        assertThat(plain.reason().isFailure()).isFalse();
        assertThat(fits.reason().isFailure()).isFalse();
    }

    @Test
    void retained_bytes_of_one_turn_are_bounded_together() {
        TestBroker broker = broker(new Quotas(ANY, ANY, 20, ANY, 0, 0, 0));
        TestClient client = broker.modern().connect("c", true, 0);
        client.take();

        client.hand(retained(1, "t/1"), retained(2, "t/2"), retained(3, "t/3"));
        broker.settle();

        assertThat(client.take())
                .map(packet -> ((PubAck) packet).reason())
                .containsExactly(
                        ReasonCode.NO_MATCHING_SUBSCRIBERS,
                        ReasonCode.NO_MATCHING_SUBSCRIBERS,
                        ReasonCode.QUOTA_EXCEEDED);
        assertThat(broker.broker().retainedCount()).isEqualTo(2);
    }

    private static Publish retained(int packetId, String topic) {
        return new Publish(
                TopicName.of(topic),
                Payload.of("123456"),
                AT_LEAST_ONCE,
                true,
                false,
                packetId,
                0,
                List.of(),
                PublishProperties.NONE);
    }

    @Test
    void a_will_is_published_though_there_is_no_room_to_retain_it() {
        TestBroker broker = broker(new Quotas(ANY, ANY, 1, ANY, 0, 0, 0));
        TestClient heir = broker.modern().connect("heir", true, 0).subscribe("w", AT_MOST_ONCE);
        Will will =
                new Will(
                        TopicName.of("w"),
                        Payload.of("gone"),
                        AT_MOST_ONCE,
                        true,
                        0,
                        PublishProperties.NONE);

        broker.modern().connect("c", true, 0, will).lose();

        assertThat(heir.messages()).containsExactly("gone");
        assertThat(broker.modern().connect("l", true, 0).subscribe("w", AT_MOST_ONCE).messages())
                .isEmpty();
    }

    @Test
    void qos_2_messages_that_are_never_released_end_the_connection_of_every_version() {
        TestBroker broker = broker(new Quotas(ANY, ANY, 0, 2, 0, 0, 0));
        TestClient modern = broker.modern().connect("modern", true, 0);
        TestClient old = broker.old().connect("old", true, 0);

        for (int id = 1; id <= 3; id++) {
            modern.send(publish("t", EXACTLY_ONCE, id));
            old.send(publish("t", EXACTLY_ONCE, id));
        }

        isTold(modern, ReasonCode.QUOTA_EXCEEDED, "limits.unreleased");
        assertThat(old.isClosed()).isTrue();
    }

    @Test
    void a_repeated_qos_2_message_is_not_one_more() {
        TestBroker broker = broker(new Quotas(ANY, ANY, 0, 1, 0, 0, 0));
        TestClient client = broker.modern().connect("c", true, 0);

        client.send(publish("t", EXACTLY_ONCE, 1));
        client.send(publish("t", EXACTLY_ONCE, 1));

        assertThat(client.isClosed()).isFalse();
    }

    @Test
    void who_sends_too_much_is_not_read_for_a_while() {
        TestBroker broker = broker(rates(10, 0, 0));
        TestClient fast = broker.modern().connect("fast", true, 0);
        TestClient other = broker.modern().connect("other", true, 0);

        for (int i = 0; !fast.isPaused(); i++) {
            assertThat(i).isLessThan(10);
            fast.send(publish("t", AT_MOST_ONCE, 0));
        }

        assertThat(other.isPaused()).isFalse();
        broker.sleep(50);
        assertThat(fast.isPaused()).isTrue();
        broker.sleep(100);
        assertThat(fast.isPaused()).isFalse();
        fast.send(PingReq.INSTANCE);
        assertThat(fast.isPaused()).isTrue();
    }

    @Test
    void acknowledgements_are_free() {
        TestBroker broker = broker(rates(10, 0, 0));
        TestClient client = broker.modern().connect("c", true, 0);

        for (int i = 0; i < 100; i++) {
            client.send(new PubAck(7));
        }

        assertThat(client.isPaused()).isFalse();
    }

    @Test
    void the_connections_of_an_address_share_its_rate() {
        TestBroker broker = broker(rates(0, 10, 0));
        TestClient first = broker.modern().connect("first", true, 0);
        TestClient second = broker.modern().connect("second", true, 0);

        for (int i = 0; i < 9; i++) {
            first.send(publish("t", AT_MOST_ONCE, 0));
        }
        second.send(publish("t", AT_MOST_ONCE, 0));

        assertThat(second.isPaused()).isTrue();
    }

    @Test
    void a_client_that_is_not_read_is_not_silent() {
        TestBroker broker = broker(rates(1, 0, 0));
        TestClient client = broker.modern().connectWithKeepAlive("c", 1);
        for (int i = 0; i < 20; i++) {
            // What a pause cannot keep away: it was read before.
            client.send(publish("t", AT_MOST_ONCE, 0));
        }

        for (int i = 0; i < 10; i++) {
            broker.sleep(1_000);
            assertThat(client.isClosed()).isFalse();
        }

        assertThat(client.isPaused()).isTrue();
    }

    @Test
    void a_client_id_that_comes_too_often_is_told_so_and_another_let_in() {
        TestBroker broker = broker(rates(0, 0, 3));
        for (int i = 0; i < 3; i++) {
            broker.modern().connect("restless", true, 0).lose();
        }

        TestClient refused = broker.modern().connect("restless", true, 0);
        TestClient other = broker.modern().connect("other", true, 0);

        ConnAck refusal = refused.connAck();
        assertThat(refusal.reason()).isEqualTo(ReasonCode.CONNECTION_RATE_EXCEEDED);
        assertThat(refusal.properties().diagnostics().toString())
                .contains("limits.connect-rate-per-client");
        assertThat(other.connAck().reason()).isEqualTo(ReasonCode.SUCCESS);

        broker.sleep(20_001);
        assertThat(broker.modern().connect("restless", true, 0).connAck().reason())
                .isEqualTo(ReasonCode.SUCCESS);
    }

    @Test
    void what_is_remembered_of_addresses_and_clients_is_bounded() {
        Rates rates = new Rates(rates(0, 0, 1));

        for (int i = 0; i < 3 * Rates.KEPT; i++) {
            rates.admits("client-" + i, 1_000);
        }

        assertThat(rates.remembered()).isLessThanOrEqualTo(Rates.KEPT);
    }
}
