package io.sotto.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.broker.session.QueueLimits;
import io.sotto.broker.spi.Authorizer;
import io.sotto.broker.spi.DropReason;
import io.sotto.broker.spi.MemoryRecorder.Decision;
import io.sotto.broker.spi.Standing;
import io.sotto.mqtt.Disconnect;
import io.sotto.mqtt.Packet;
import io.sotto.mqtt.Payload;
import io.sotto.mqtt.PubRec;
import io.sotto.mqtt.Publish;
import io.sotto.mqtt.PublishProperties;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.ReasonCode;
import io.sotto.mqtt.TopicFilter;
import io.sotto.mqtt.TopicName;
import io.sotto.mqtt.Will;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/// What a change of rights and settings does to those who are there.
class ReviewTest {
    private static final QoS ONE = QoS.AT_LEAST_ONCE;
    private static final QoS TWO = QoS.EXACTLY_ONCE;

    private final Rights rights = new Rights();
    private final TestBroker broker = new TestBroker(BrokerSettings.DEFAULT, rights);
    private final List<Shard.Reviewed> outcomes = new ArrayList<>();

    /// Denies filters, for everybody or for one client, and what is above a QoS.
    private static final class Rights implements Authorizer {
        private final Set<String> denied = new HashSet<>();
        private QoS highest = TWO;
        private String whom = "";

        @Override
        public boolean mayPublish(Subject subject, TopicName topic, QoS qos, boolean retain) {
            return true;
        }

        @Override
        public boolean maySubscribe(Subject subject, TopicFilter filter, QoS qos) {
            boolean meant = whom.isEmpty() || whom.equals(subject.clientId());
            return !(meant && denied.contains(filter.effective())) && qos.compareTo(highest) <= 0;
        }

        @Override
        public boolean mayReceive(Subject subject, TopicName topic) {
            return true;
        }

        @Override
        public int version() {
            return denied.size();
        }
    }

    private void review(BrokerSettings settings, Function<Authorizer.Subject, Standing> standings) {
        broker.shard().review(settings, standings, outcomes::add);
        broker.settle();
    }

    private void review() {
        review(BrokerSettings.DEFAULT, subject -> Standing.SAME);
    }

    private void publish(String topic, String payload) {
        broker.modern().connect("p", true, 0).publish(topic, payload, TWO).lose();
    }

    @Test
    void a_subscription_that_lost_its_right_gets_nothing_and_the_others_of_the_client_do() {
        TestClient client = broker.modern().connect("s", true, 0);
        client.subscribe("#", ONE).subscribe("home/#", ONE).take();
        rights.denied.add("#");

        review();
        publish("home/lamp", "1");
        publish("street/lamp", "2");

        assertThat(client.messages()).containsExactly("1");
        assertThat(outcomes).containsExactly(new Shard.Reviewed(0, 1, 0));
        assertThat(broker.recorder().decisions())
                .extracting(Decision::reason)
                .anyMatch(reason -> reason.contains("may not hold this subscription"));
    }

    @Test
    void a_right_that_comes_back_brings_the_subscription_back() {
        TestClient client = broker.modern().connect("s", true, 100).subscribe("#", ONE);
        client.take();
        rights.denied.add("#");
        review();
        publish("t", "kept from it");
        rights.denied.clear();

        review();
        publish("t", "for it");

        assertThat(client.messages()).containsExactly("for it");
        assertThat(outcomes.getLast()).isEqualTo(new Shard.Reviewed(0, 0, 1));
    }

    @Test
    void what_waits_because_of_a_subscription_that_is_withheld_is_not_handed_over() {
        broker.modern().connect("s", true, 100).subscribe("#", ONE).subscribe("home/#", ONE).lose();
        publish("home/lamp", "1");
        publish("street/lamp", "2");
        rights.denied.add("#");

        review();

        assertThat(broker.modern().connect("s", false, 100).messages()).containsExactly("1");
        assertThat(broker.recorder().decisions())
                .extracting(Decision::reason)
                .contains(DropReason.NOT_AUTHORIZED.sentence());
    }

    @Test
    void what_was_sent_because_of_it_is_not_sent_again() {
        TestClient client = broker.modern().connect("s", true, 100).subscribe("#", ONE);
        publish("t", "1");
        assertThat(client.messages()).containsExactly("1");
        client.lose();
        rights.denied.add("#");

        review();

        assertThat(broker.modern().connect("s", false, 100).messages()).isEmpty();
    }

    @Test
    void a_new_subscription_for_the_same_topics_is_served() {
        TestClient client = broker.modern().connect("s", true, 100).subscribe("#", ONE);
        client.take();
        rights.denied.add("#");
        review();

        client.subscribe("home/#", ONE).take();
        publish("home/lamp", "1");

        assertThat(client.messages()).containsExactly("1");
    }

    @Test
    void a_lower_qos_holds_from_then_on() {
        TestClient client = broker.modern().connect("s", true, 100).subscribe("t", TWO);
        client.take();
        rights.highest = QoS.AT_MOST_ONCE;

        review();
        publish("t", "1");

        assertThat(client.take())
                .singleElement()
                .isInstanceOfSatisfying(
                        Publish.class,
                        publish -> assertThat(publish.qos()).isEqualTo(QoS.AT_MOST_ONCE));
        assertThat(outcomes).containsExactly(new Shard.Reviewed(0, 0, 0));
    }

    @Test
    void others_of_the_share_group_get_what_a_member_may_not_have_any_more() {
        broker.modern().connect("a", true, 100).subscribe("$share/g/t", ONE).lose();
        publish("t", "1");
        TestClient other = broker.modern().connect("b", true, 100).subscribe("$share/g/t", ONE);
        other.take();
        rights.denied.add("t");
        rights.whom = "a";

        review();

        assertThat(other.messages()).containsExactly("1");
        assertThat(outcomes).containsExactly(new Shard.Reviewed(0, 1, 0));
    }

    @Test
    void who_may_not_stay_is_told_and_everybody_else_notices_nothing() {
        TestClient modern = broker.modern().connect("m", true, 0);
        TestClient old = broker.old().connect("o", true, 0);
        TestClient other = broker.modern().connect("x", true, 0);
        modern.take();
        old.take();
        other.take();

        review(
                BrokerSettings.DEFAULT,
                subject -> subject.clientId().equals("x") ? Standing.SAME : Standing.CHANGED);

        assertThat(modern.isClosed()).isTrue();
        assertThat(modern.take())
                .singleElement()
                .isInstanceOfSatisfying(
                        Disconnect.class,
                        packet -> assertThat(packet.reason()).isEqualTo(ReasonCode.NOT_AUTHORIZED));
        assertThat(old.isClosed()).isTrue();
        assertThat(old.take()).isEmpty();
        assertThat(other.isClosed()).isFalse();
        assertThat(other.take()).isEmpty();
        assertThat(outcomes).containsExactly(new Shard.Reviewed(2, 0, 0));
    }

    private static Will will(String topic, int delay) {
        return new Will(
                TopicName.of(topic), Payload.of(topic), ONE, false, delay, PublishProperties.NONE);
    }

    @Test
    void the_will_of_a_user_who_is_gone_does_not_go_out_and_that_of_one_who_was_changed_does() {
        TestClient heir = broker.modern().connect("h", true, 0).subscribe("+", ONE);
        broker.modern().connect("gone-there", true, 0, will("gone-there", 0));
        broker.modern().connect("gone-away", true, 100, will("gone-away", 5)).lose();
        broker.modern().connect("changed-there", true, 0, will("changed-there", 0));
        broker.modern().connect("changed-away", true, 100, will("changed-away", 5)).lose();
        heir.take();

        review(
                BrokerSettings.DEFAULT,
                subject ->
                        subject.clientId().startsWith("gone")
                                ? Standing.GONE
                                : subject.clientId().startsWith("changed")
                                        ? Standing.CHANGED
                                        : Standing.SAME);
        broker.sleep(6_000);

        assertThat(heir.messages()).containsExactly("changed-there", "changed-away");
        assertThat(broker.recorder().decisions())
                .extracting(Decision::reason)
                .filteredOn(reason -> reason.contains("its user is gone"))
                .hasSize(2);
    }

    @Test
    void more_sessions_than_one_turn_takes_are_all_reviewed() {
        List<TestClient> clients = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            clients.add(broker.modern().connect("c" + i, true, 0));
        }

        review(BrokerSettings.DEFAULT, subject -> Standing.GONE);

        assertThat(clients).allMatch(TestClient::isClosed);
        assertThat(outcomes).containsExactly(new Shard.Reviewed(600, 0, 0));
    }

    @Test
    void limits_hold_from_then_on_and_what_was_announced_stays() {
        TestClient before = broker.modern().connect("s", true, 100).subscribe("t", TWO);
        before.take();
        BrokerSettings fallback = BrokerSettings.DEFAULT;
        QueueLimits queue =
                new QueueLimits(
                        1,
                        1 << 20,
                        QueueLimits.Overflow.DROP_NEW,
                        100,
                        Long.MAX_VALUE,
                        false,
                        100,
                        QueueLimits.Together.UNBOUNDED);
        BrokerSettings.Capabilities capabilities =
                new BrokerSettings.Capabilities(10, false, 0, ONE, true, true, true, 1);

        review(
                new BrokerSettings(
                        fallback.decoder(),
                        queue,
                        fallback.clients(),
                        capabilities,
                        fallback.quotas(),
                        fallback.keeping(),
                        0),
                subject -> Standing.SAME);
        before.publish("t", "at QoS 2", TWO);
        List<Packet> received = before.take();
        before.lose();
        publish("u", "nobody's");
        TestClient publisher = broker.modern().connect("q", true, 0);
        publisher.publish("t", "1", ONE).publish("t", "2", ONE);

        assertThat(received).hasAtLeastOneElementOfType(PubRec.class);
        assertThat(publisher.connAck().properties().maximumQoS()).isEqualTo(ONE);
        assertThat(broker.recorder().decisions())
                .extracting(Decision::reason)
                .contains(DropReason.QUEUE_FULL.sentence());
    }
}
