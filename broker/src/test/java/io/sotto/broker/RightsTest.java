package io.sotto.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.broker.spi.Authorizer;
import io.sotto.broker.spi.DropReason;
import io.sotto.broker.spi.MemoryRecorder.Decision;
import io.sotto.mqtt.ConnAck;
import io.sotto.mqtt.Disconnect;
import io.sotto.mqtt.Packet;
import io.sotto.mqtt.Payload;
import io.sotto.mqtt.PubAck;
import io.sotto.mqtt.PubRec;
import io.sotto.mqtt.PubRel;
import io.sotto.mqtt.Publish;
import io.sotto.mqtt.PublishProperties;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.ReasonCode;
import io.sotto.mqtt.SubAck;
import io.sotto.mqtt.TopicFilter;
import io.sotto.mqtt.TopicName;
import io.sotto.mqtt.Will;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Every door at which the authorizer has to be asked.
class RightsTest {
    private static final QoS ZERO = QoS.AT_MOST_ONCE;
    private static final QoS ONE = QoS.AT_LEAST_ONCE;
    private static final QoS TWO = QoS.EXACTLY_ONCE;

    private final Rights rights = new Rights();
    private final TestBroker broker = new TestBroker(BrokerSettings.DEFAULT, rights);

    /// Denies what it is told to, for everybody.
    private static final class Rights implements Authorizer {
        private final Set<String> denied = new HashSet<>();
        private QoS highest = TWO;

        void deny(String what) {
            denied.add(what);
        }

        @Override
        public boolean mayPublish(Subject subject, TopicName topic, QoS qos, boolean retain) {
            return !denied.contains("publish " + topic)
                    && !(retain && denied.contains("retain " + topic));
        }

        @Override
        public boolean maySubscribe(Subject subject, TopicFilter filter, QoS qos) {
            return !denied.contains("subscribe " + filter.effective())
                    && qos.compareTo(highest) <= 0;
        }

        @Override
        public boolean mayReceive(Subject subject, TopicName topic) {
            return !denied.contains("receive " + topic);
        }

        @Override
        public int version() {
            return denied.size();
        }
    }

    private static Will will(String topic, int delay) {
        return new Will(
                TopicName.of(topic), Payload.of("w"), ONE, false, delay, PublishProperties.NONE);
    }

    private static Publish aliased(String topic, int packetId) {
        return new Publish(
                topic.isEmpty() ? TopicName.ABSENT : TopicName.of(topic),
                Payload.of("x"),
                ONE,
                false,
                false,
                packetId,
                1,
                List.of(),
                PublishProperties.NONE);
    }

    private List<String> reasons() {
        return broker.recorder().decisions().stream().map(Decision::reason).toList();
    }

    @Test
    void a_publish_that_is_denied_is_told_and_goes_nowhere() {
        rights.deny("publish t");
        TestClient subscriber = broker.modern().connect("s", true, 0).subscribe("#", TWO);
        subscriber.take();
        TestClient modern = broker.modern().connect("m", true, 0);
        TestClient old = broker.old().connect("o", true, 0);
        modern.take();
        old.take();

        modern.publish("t", "x", ZERO).publish("t", "x", ONE).publish("t", "x", TWO);
        old.publish("t", "x", ZERO).publish("t", "x", ONE);

        assertThat(modern.take())
                .extracting(RightsTest::reason)
                .containsExactly(ReasonCode.NOT_AUTHORIZED, ReasonCode.NOT_AUTHORIZED);
        assertThat(old.take()).extracting(RightsTest::reason).containsExactly(ReasonCode.SUCCESS);
        assertThat(subscriber.take()).isEmpty();
        assertThat(reasons()).hasSize(5).allMatch(reason -> reason.contains("may not publish"));
    }

    private static ReasonCode reason(Packet packet) {
        return switch (packet) {
            case PubAck ack -> ack.reason();
            case PubRec rec -> rec.reason();
            case SubAck ack -> ack.reasons().getFirst();
            case ConnAck ack -> ack.reason();
            case Disconnect disconnect -> disconnect.reason();
            default -> throw new AssertionError(packet.toString());
        };
    }

    @Test
    void an_alias_is_judged_by_its_topic_each_time() {
        rights.deny("publish t");
        TestClient client = broker.modern().connect("c", true, 0);
        client.take();

        client.send(aliased("t", 1)).send(aliased("", 2)).send(aliased("u", 3));
        rights.deny("publish u");
        client.send(aliased("", 4));

        assertThat(client.take())
                .extracting(RightsTest::reason)
                .containsExactly(
                        ReasonCode.NOT_AUTHORIZED,
                        ReasonCode.NOT_AUTHORIZED,
                        ReasonCode.NO_MATCHING_SUBSCRIBERS,
                        ReasonCode.NOT_AUTHORIZED);
    }

    @Test
    void a_qos_2_message_that_was_taken_over_is_not_judged_again() {
        TestClient subscriber = broker.modern().connect("s", true, 0).subscribe("+", ONE);
        subscriber.take();
        broker.modern().connect("p", true, 100).publish("t", "once", TWO).lose();
        rights.deny("publish t");

        TestClient back = broker.modern().connect("p", false, 100);
        back.take();
        back.publish("t", "once", TWO).send(new PubRel(7)).publish("u", "other", TWO);

        assertThat(subscriber.messages()).containsExactly("once", "other");
        assertThat(back.take())
                .filteredOn(PubRec.class::isInstance)
                .hasSize(2)
                .extracting(RightsTest::reason)
                .containsOnly(ReasonCode.SUCCESS);
    }

    @Test
    void a_subscription_does_not_outlive_its_right() {
        TestClient subscriber = broker.modern().connect("s", true, 0).subscribe("+", ONE);
        TestClient publisher = broker.modern().connect("p", true, 0).publish("t", "1", ONE);
        assertThat(subscriber.messages()).containsExactly("1");
        rights.deny("receive t");

        publisher.publish("t", "2", ONE).publish("u", "3", ONE);

        assertThat(subscriber.messages()).containsExactly("3");
    }

    @Test
    void retain_is_a_right_of_its_own() {
        rights.deny("retain t");
        TestClient client = broker.modern().connect("c", true, 0);
        client.publish("t", "kept", ONE, true).publish("t", "passing", ONE, false);

        assertThat(client.subscribe("t", ONE).messages()).isEmpty();
        assertThat(broker.recorder().decisions()).hasSize(1);
    }

    @Test
    void a_will_that_is_denied_is_no_way_in() {
        rights.deny("publish t");

        TestClient modern = broker.modern().connect("m", true, 0, will("t", 0));
        TestClient old = broker.old().connect("o", true, 0, will("t", 0));

        assertThat(modern.connAck().reason()).isEqualTo(ReasonCode.NOT_AUTHORIZED);
        assertThat(old.connAck().reason()).isEqualTo(ReasonCode.NOT_AUTHORIZED);
        assertThat(modern.isClosed()).isTrue();
        assertThat(old.isClosed()).isTrue();
    }

    @Test
    void a_will_is_judged_again_when_it_fires() {
        TestClient subscriber = broker.modern().connect("s", true, 0).subscribe("+", ONE);
        TestClient atOnce = broker.modern().connect("a", true, 0, will("t", 0));
        TestClient later = broker.modern().connect("l", true, 100, will("u", 5));
        subscriber.take();
        later.lose();
        rights.deny("publish t");
        rights.deny("publish u");

        atOnce.lose();
        broker.sleep(6_000);

        assertThat(subscriber.messages()).isEmpty();
        assertThat(reasons()).hasSize(2).allMatch(reason -> reason.contains("its will"));
    }

    @Test
    void each_filter_is_judged_and_a_shared_one_by_what_it_reads() {
        rights.deny("subscribe t/#");
        TestClient modern = broker.modern().connect("m", true, 0);
        TestClient old = broker.old().connect("o", true, 0);
        modern.take();
        old.take();

        modern.subscribe("t/#", ONE).subscribe("$share/g/t/#", ONE).subscribe("u", ONE);
        old.subscribe("t/#", ONE).subscribe("$share/g/t/#", ONE).subscribe("u", ONE);

        assertThat(modern.take())
                .extracting(RightsTest::reason)
                .containsExactly(
                        ReasonCode.NOT_AUTHORIZED,
                        ReasonCode.NOT_AUTHORIZED,
                        ReasonCode.GRANTED_QOS_1);
        assertThat(old.take())
                .extracting(RightsTest::reason)
                .containsExactly(
                        ReasonCode.UNSPECIFIED_ERROR,
                        ReasonCode.UNSPECIFIED_ERROR,
                        ReasonCode.GRANTED_QOS_1);
    }

    @Test
    void a_subscription_gets_the_highest_qos_that_is_allowed() {
        rights.highest = ONE;
        TestClient client = broker.modern().connect("c", true, 0);
        client.take();

        client.subscribe("t", TWO).subscribe("u", ZERO);

        assertThat(client.take())
                .extracting(RightsTest::reason)
                .containsExactly(ReasonCode.GRANTED_QOS_1, ReasonCode.SUCCESS);
    }

    @Test
    void what_is_denied_within_a_subscription_is_kept_back_now_and_when_it_is_retained() {
        rights.deny("receive secret");
        TestClient subscriber = broker.modern().connect("s", true, 0).subscribe("#", ONE);
        subscriber.take();
        TestClient publisher = broker.modern().connect("p", true, 0);

        publisher.publish("secret", "no", ONE, true).publish("open", "yes", ONE, true);

        assertThat(subscriber.messages()).containsExactly("yes");
        assertThat(broker.modern().connect("t", true, 0).subscribe("#", ONE).messages())
                .containsExactly("yes");
        assertThat(reasons()).hasSize(2).containsOnly(DropReason.NOT_AUTHORIZED.sentence());
    }

    @Test
    void what_waited_is_judged_again_when_its_client_is_back() {
        broker.modern().connect("s", true, 100).subscribe("+", ONE).lose();
        broker.modern().connect("p", true, 0).publish("a", "1", ONE).publish("b", "2", ONE);
        rights.deny("receive a");

        assertThat(broker.modern().connect("s", false, 100).messages()).containsExactly("2");
    }

    @Test
    void what_was_sent_is_not_sent_again_once_it_is_denied() {
        TestClient first = broker.modern().connect("s", true, 100).subscribe("+", TWO);
        broker.modern().connect("p", true, 0).publish("a", "1", ONE);
        broker.modern().connect("q", true, 0).publish("b", "2", TWO);
        broker.modern().connect("r", true, 0).publish("c", "3", ONE);
        assertThat(first.messages()).containsExactly("1", "2", "3");
        first.lose();
        rights.deny("receive a");
        rights.deny("receive b");

        List<Packet> again = broker.modern().connect("s", false, 100).take();

        assertThat(again.stream().filter(Publish.class::isInstance).map(Publish.class::cast))
                .extracting(publish -> publish.topic().toString())
                .containsExactly("c");
        // The client may have the QoS 2 message and wait for this.
        assertThat(again).hasAtLeastOneElementOfType(PubRel.class);
    }
}
