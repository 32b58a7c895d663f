package io.sotto.broker;

import static io.sotto.mqtt.QoS.AT_LEAST_ONCE;
import static io.sotto.mqtt.QoS.AT_MOST_ONCE;
import static io.sotto.mqtt.QoS.EXACTLY_ONCE;
import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.broker.BrokerSettings.Clients;
import io.sotto.broker.session.QueueLimits;
import io.sotto.broker.session.QueueLimits.Overflow;
import io.sotto.broker.spi.Authorizer;
import io.sotto.mqtt.Payload;
import io.sotto.mqtt.Publish;
import io.sotto.mqtt.PublishProperties;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.TopicName;
import io.sotto.mqtt.Will;
import java.util.List;
import org.junit.jupiter.api.Test;

class UpgradedQoSTest {
    private static TestBroker broker(boolean upgraded, QueueLimits queue, int sysInterval) {
        BrokerSettings like = BrokerSettings.DEFAULT;
        Clients clients = like.clients();
        return new TestBroker(
                new BrokerSettings(
                        like.decoder(),
                        queue,
                        new Clients(
                                clients.connectTimeout(),
                                clients.clientIdBytes(),
                                clients.emptyClientId(),
                                clients.boundClientId(),
                                clients.strictMqtt31(),
                                clients.sessionExpiryMaximum(),
                                clients.keepAliveMaximum(),
                                clients.subscriptions(),
                                clients.sharedAbsence(),
                                clients.forbiddenPublishCloses(),
                                upgraded),
                        like.capabilities(),
                        like.quotas(),
                        like.keeping(),
                        sysInterval),
                Authorizer.ALLOW_ALL);
    }

    private static TestBroker broker(boolean upgraded) {
        return broker(upgraded, QueueLimits.DEFAULT, 0);
    }

    private static QueueLimits holding(Overflow overflow) {
        QueueLimits like = QueueLimits.DEFAULT;
        return new QueueLimits(
                1,
                like.bytes(),
                overflow,
                like.window(),
                like.windowBytes(),
                false,
                like.resident(),
                like.together());
    }

    private static List<QoS> levels(TestClient client) {
        return client.take().stream()
                .filter(Publish.class::isInstance)
                .map(packet -> ((Publish) packet).qos())
                .toList();
    }

    private static List<QoS> levels(TestBroker broker, QoS published) {
        TestClient publisher = broker.modern().connect("p", true, 0);
        List<TestClient> readers =
                List.of(AT_MOST_ONCE, AT_LEAST_ONCE, EXACTLY_ONCE).stream()
                        .map(qos ->
                                broker.modern()
                                        .connect("r" + qos.level(), true, 0)
                                        .subscribe("t", qos))
                        .toList();
        publisher.publish("t", "x", published);
        return readers.stream().flatMap(reader -> levels(reader).stream()).toList();
    }

    @Test
    void a_message_goes_out_at_the_qos_of_the_subscription() {
        assertThat(levels(broker(true), AT_MOST_ONCE))
                .containsExactly(AT_MOST_ONCE, AT_LEAST_ONCE, EXACTLY_ONCE);
        assertThat(levels(broker(true), AT_LEAST_ONCE))
                .containsExactly(AT_MOST_ONCE, AT_LEAST_ONCE, EXACTLY_ONCE);
    }

    @Test
    void by_default_it_goes_out_at_the_lower_qos() {
        assertThat(levels(broker(false), AT_MOST_ONCE))
                .containsExactly(AT_MOST_ONCE, AT_MOST_ONCE, AT_MOST_ONCE);
        assertThat(levels(broker(false), AT_LEAST_ONCE))
                .containsExactly(AT_MOST_ONCE, AT_LEAST_ONCE, AT_LEAST_ONCE);
    }

    @Test
    void what_was_published_at_qos_0_waits_for_a_client_that_is_away() {
        TestBroker broker = broker(true);
        broker.modern().connect("away", true, 100).subscribe("t", AT_LEAST_ONCE).lose();
        broker.modern().connect("p", true, 0).publish("t", "kept", AT_MOST_ONCE);

        assertThat(broker.modern().connect("away", false, 100).messages()).containsExactly("kept");
    }

    @Test
    void retained_messages_and_wills_are_upgraded_too() {
        TestBroker broker = broker(true);
        broker.modern().connect("p", true, 0).publish("t/r", "r", AT_MOST_ONCE, true);
        TestClient reader = broker.modern().connect("r", true, 0).subscribe("t/#", AT_LEAST_ONCE);
        List<QoS> retained = levels(reader);
        Will will =
                new Will(
                        TopicName.of("t/w"),
                        Payload.of("gone"),
                        AT_MOST_ONCE,
                        false,
                        0,
                        PublishProperties.NONE);

        broker.modern().connect("w", true, 0, will).lose();

        assertThat(retained).containsExactly(AT_LEAST_ONCE);
        assertThat(levels(reader)).containsExactly(AT_LEAST_ONCE);
    }

    @Test
    void a_member_of_a_share_group_that_is_away_gets_what_was_published_at_qos_0() {
        TestBroker broker = broker(true);
        broker.modern().connect("m", true, 100).subscribe("$share/g/t", AT_LEAST_ONCE).lose();
        broker.modern().connect("p", true, 0).publish("t", "kept", AT_MOST_ONCE);

        assertThat(broker.modern().connect("m", false, 100).messages()).containsExactly("kept");
    }

    @Test
    void the_figures_of_the_broker_stay_at_qos_0() {
        TestBroker broker = broker(true, QueueLimits.DEFAULT, 10);
        broker.settle();
        TestClient reader =
                broker.modern().connect("r", true, 0).subscribe("$SYS/#", AT_LEAST_ONCE);
        broker.sleep(10_000);
        broker.sleep(10_000);

        assertThat(levels(reader)).isNotEmpty().containsOnly(AT_MOST_ONCE);
    }

    @Test
    void where_a_full_queue_refuses_publishers_qos_0_is_refused_too() {
        TestBroker broker = broker(true, holding(Overflow.REFUSE), 0);
        broker.modern().connect("away", true, 100).subscribe("t", AT_LEAST_ONCE).lose();
        TestClient publisher = broker.modern().connect("p", true, 0);

        publisher.publish("t", "1", AT_MOST_ONCE).publish("t", "2", AT_MOST_ONCE);

        assertThat(publisher.isClosed()).isFalse();
        assertThat(broker.modern().connect("away", false, 100).messages()).containsExactly("1");
    }

    @Test
    void where_a_full_queue_blocks_publishers_so_does_qos_0() {
        TestBroker broker = broker(true, holding(Overflow.BLOCK), 0);
        broker.modern().connect("away", true, 100).subscribe("t", AT_LEAST_ONCE).lose();
        TestClient publisher = broker.modern().connect("p", true, 0);

        publisher.publish("t", "1", AT_MOST_ONCE);

        assertThat(publisher.isPaused()).isTrue();
    }
}
