package io.sotto.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.broker.session.QueueLimits;
import io.sotto.broker.session.QueueLimits.Bound;
import io.sotto.broker.session.QueueLimits.Overflow;
import io.sotto.broker.session.QueueLimits.PrefixBound;
import io.sotto.broker.session.QueueLimits.Together;
import io.sotto.broker.spi.Authorizer;
import io.sotto.broker.spi.DropReason;
import io.sotto.broker.spi.Standing;
import io.sotto.mqtt.Packet;
import io.sotto.mqtt.PingReq;
import io.sotto.mqtt.PingResp;
import io.sotto.mqtt.PubAck;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.ReasonCode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Bounds of what waits for one session, for those whose client ids begin alike, and for all; and
/// what each policy does at them.
class QueueBoundsTest {
    private static final QoS ONE = QoS.AT_LEAST_ONCE;
    private static final long MANY = Long.MAX_VALUE;
    private static final int PATIENCE = 5;

    private static BrokerSettings settings(QueueLimits queue) {
        BrokerSettings like = BrokerSettings.DEFAULT;
        return new BrokerSettings(
                like.decoder(),
                queue,
                like.clients(),
                like.capabilities(),
                like.quotas(),
                like.keeping(),
                0);
    }

    private static QueueLimits limits(
            int messages, Overflow overflow, Bound total, PrefixBound... prefixes) {
        return new QueueLimits(
                messages,
                1 << 20,
                overflow,
                1024,
                MANY,
                false,
                64,
                new Together(total, List.of(prefixes), PATIENCE));
    }

    private static TestBroker broker(QueueLimits limits) {
        return new TestBroker(settings(limits), Authorizer.ALLOW_ALL);
    }

    private static TestBroker withTotal(long messages, long bytes, Overflow overflow) {
        return broker(limits(1000, Overflow.DROP_NEW, new Bound(messages, bytes, overflow)));
    }

    private static void away(TestBroker broker, String clientId, String topic) {
        broker.modern().connect(clientId, true, 1000).subscribe(topic, ONE).lose();
    }

    private static List<String> kept(TestBroker broker, String clientId) {
        TestClient back = broker.modern().connect(clientId, false, 1000);
        List<String> messages = back.messages();
        back.lose();
        return messages;
    }

    private static ReasonCode answer(TestClient client) {
        return ((PubAck) client.take().getLast()).reason();
    }

    private static List<String> reasons(TestBroker broker) {
        return broker.recorder().decisions().stream()
                .map(decision -> decision.clientId() + ": " + decision.reason())
                .toList();
    }

    @Test
    void all_queues_together_are_bounded_and_what_comes_gives_way() {
        TestBroker broker = withTotal(3, MANY, Overflow.DROP_NEW);
        away(broker, "a", "a");
        away(broker, "b", "b");
        TestClient publisher = broker.modern().connect("p", true, 0);

        publisher.publish("a", "a1", ONE).publish("b", "b1", ONE).publish("a", "a2", ONE);
        publisher.publish("b", "b2", ONE);

        assertThat(kept(broker, "b")).containsExactly("b1");
        assertThat(kept(broker, "a")).containsExactly("a1", "a2");
        assertThat(broker.shard().ledger().drops(DropReason.TOTAL_FULL)).isEqualTo(1);
        assertThat(reasons(broker))
                .singleElement()
                .asString()
                .startsWith("b: ")
                .contains("queue.total.messages");
    }

    @Test
    void at_a_shared_bound_the_oldest_of_the_same_session_give_way() {
        TestBroker broker = withTotal(MANY, 10, Overflow.DROP_OLD);
        away(broker, "a", "a");
        away(broker, "b", "b");
        TestClient publisher = broker.modern().connect("p", true, 0);

        // Topic and payload: 4 bytes, 4 bytes, then one that needs the room of the first two.
        publisher.publish("a", "one", ONE).publish("a", "two", ONE).publish("a", "7777777", ONE);
        // Nothing of its own could give way.
        publisher.publish("b", "b-1", ONE);

        assertThat(kept(broker, "a")).containsExactly("7777777");
        assertThat(kept(broker, "b")).isEmpty();
        assertThat(broker.shard().ledger().drops(DropReason.TOTAL_FULL)).isEqualTo(3);
    }

    @Test
    void the_longest_prefix_of_a_client_id_bounds_its_queue() {
        TestBroker broker =
                broker(
                        limits(
                                1000,
                                Overflow.DROP_NEW,
                                Bound.NONE,
                                new PrefixBound("car-7", new Bound(5, MANY, Overflow.DROP_NEW)),
                                new PrefixBound("car-", new Bound(2, MANY, Overflow.DROP_NEW))));
        for (String clientId : List.of("car-1", "car-2", "car-71", "bus-1")) {
            away(broker, clientId, "t");
        }
        TestClient publisher = broker.modern().connect("p", true, 0);

        for (int i = 0; i < 4; i++) {
            publisher.publish("t", "m" + i, ONE);
        }

        List<String> cars = new ArrayList<>(kept(broker, "car-1"));
        cars.addAll(kept(broker, "car-2"));
        assertThat(cars).containsExactly("m0", "m0");
        assertThat(kept(broker, "car-71")).hasSize(4);
        assertThat(kept(broker, "bus-1")).hasSize(4);
        assertThat(broker.shard().ledger().drops(DropReason.PREFIX_FULL)).isEqualTo(6);
        assertThat(reasons(broker)).allMatch(reason -> reason.contains("queue.prefixes"));
    }

    @Test
    void room_that_was_made_counts_whatever_made_it() {
        TestBroker broker = withTotal(2, MANY, Overflow.DROP_NEW);
        away(broker, "a", "a");
        away(broker, "b", "b");
        TestClient publisher = broker.modern().connect("p", true, 0);
        publisher.publish("a", "1", ONE).publish("a", "2", ONE);

        // Its session ends, and what waited with it.
        broker.modern().connect("a", true, 0).lose();
        publisher.publish("b", "3", ONE).publish("b", "4", ONE).publish("b", "5", ONE);

        assertThat(kept(broker, "b")).containsExactly("3", "4");
    }

    @Test
    void a_publisher_is_refused_at_each_bound_and_nothing_that_was_acknowledged_is_dropped() {
        Bound refusing = new Bound(2, MANY, Overflow.REFUSE);
        QueueLimits[] each = {
            limits(2, Overflow.REFUSE, Bound.NONE),
            limits(1000, Overflow.DROP_NEW, Bound.NONE, new PrefixBound("s", refusing)),
            limits(1000, Overflow.DROP_NEW, refusing)
        };
        String[] names = {"queue.messages", "queue.prefixes", "queue.total.messages"};
        for (int i = 0; i < each.length; i++) {
            TestBroker broker = broker(each[i]);
            away(broker, "s", "t");
            TestClient publisher = broker.modern().connect("p", true, 0);
            publisher.publish("t", "1", ONE).publish("t", "2", ONE);
            assertThat(answer(publisher)).isEqualTo(ReasonCode.SUCCESS);

            publisher.publish("t", "3", ONE);

            PubAck refusal = (PubAck) publisher.take().getLast();
            assertThat(refusal.reason()).isEqualTo(ReasonCode.QUOTA_EXCEEDED);
            assertThat(refusal.diagnostics().toString()).contains(names[i]);
            assertThat(publisher.isClosed()).isFalse();
            publisher.publish("other", "4", ONE);
            assertThat(answer(publisher)).isEqualTo(ReasonCode.NO_MATCHING_SUBSCRIBERS);
            assertThat(kept(broker, "s")).containsExactly("1", "2");
            assertThat(broker.shard().ledger().drops()).isZero();
            assertThat(broker.shard().ledger().refusals()).isEqualTo(1);
            assertThat(reasons(broker)).singleElement().asString().contains(names[i]);
        }
    }

    @Test
    void a_publisher_of_3_1_1_is_disconnected_instead_of_acknowledged() {
        TestBroker broker = broker(limits(1, Overflow.REFUSE, Bound.NONE));
        away(broker, "s", "t");
        TestClient publisher = broker.old().connect("p", true, 0);
        publisher.publish("t", "1", ONE).take();

        publisher.publish("t", "2", ONE);

        assertThat(publisher.take()).noneMatch(PubAck.class::isInstance);
        assertThat(publisher.isClosed()).isTrue();
        assertThat(kept(broker, "s")).containsExactly("1");
    }

    @Test
    void a_message_of_qos_0_is_dropped_where_others_are_refused() {
        TestBroker broker = broker(limits(1, Overflow.REFUSE, Bound.NONE));
        away(broker, "s", "t");
        TestClient publisher = broker.old().connect("p", true, 0);
        publisher.publish("t", "1", ONE);

        publisher.publish("t", "2", QoS.AT_MOST_ONCE);

        assertThat(publisher.isClosed()).isFalse();
        assertThat(broker.shard().ledger().drops()).isEqualTo(1);
    }

    @Test
    void nobody_is_refused_for_a_client_that_is_sent_the_message_at_once() {
        TestBroker broker = withTotal(1, MANY, Overflow.REFUSE);
        away(broker, "s", "away");
        TestClient there = broker.modern().connect("there", true, 0).subscribe("t", ONE);
        TestClient publisher = broker.modern().connect("p", true, 0);
        publisher.publish("away", "1", ONE);

        publisher.publish("t", "2", ONE);

        assertThat(answer(publisher)).isEqualTo(ReasonCode.SUCCESS);
        assertThat(there.messages()).containsExactly("2");
    }

    @Test
    void a_share_group_is_full_only_when_all_of_its_members_are() {
        TestBroker broker = broker(limits(1, Overflow.REFUSE, Bound.NONE));
        away(broker, "a", "$share/g/t");
        away(broker, "b", "$share/g/t");
        TestClient publisher = broker.modern().connect("p", true, 0);

        publisher.publish("t", "1", ONE).publish("t", "2", ONE);
        assertThat(answer(publisher)).isEqualTo(ReasonCode.SUCCESS);
        publisher.publish("t", "3", ONE);

        assertThat(answer(publisher)).isEqualTo(ReasonCode.QUOTA_EXCEEDED);
        assertThat(broker.shard().ledger().drops()).isZero();
    }

    @Test
    void a_publisher_is_not_read_until_there_is_room_and_nobody_else_waits() {
        TestBroker broker = broker(limits(2, Overflow.BLOCK, Bound.NONE));
        away(broker, "s", "t");
        TestClient other = broker.modern().connect("other", true, 0).subscribe("u", ONE);
        TestClient publisher = broker.modern().connect("p", true, 0);
        TestClient free = broker.modern().connect("q", true, 0);

        publisher.publish("t", "1", ONE);
        assertThat(publisher.isPaused()).isFalse();
        publisher.publish("t", "2", ONE);

        assertThat(answer(publisher)).isEqualTo(ReasonCode.SUCCESS);
        assertThat(publisher.isPaused()).isTrue();
        publisher.send(PingReq.INSTANCE);
        assertThat(publisher.take()).isEmpty();
        broker.sleep(100);
        free.publish("u", "x", ONE);
        assertThat(free.isPaused()).isFalse();
        assertThat(other.messages()).containsExactly("x");
        assertThat(publisher.isPaused()).isTrue();

        assertThat(kept(broker, "s")).containsExactly("1", "2");
        broker.sleep(100);

        assertThat(publisher.isPaused()).isFalse();
        assertThat(broker.shard().ledger().drops()).isZero();
    }

    @Test
    void blocking_ends_with_the_session_that_was_full() {
        TestBroker broker = broker(limits(1, Overflow.BLOCK, Bound.NONE));
        broker.modern().connect("s", true, 2).subscribe("t", ONE).lose();
        TestClient publisher = broker.modern().connect("p", true, 0).publish("t", "1", ONE);
        assertThat(publisher.isPaused()).isTrue();

        broker.sleep(2_000);
        broker.sleep(100);

        assertThat(publisher.isPaused()).isFalse();
    }

    @Test
    void blocking_ends_after_its_time_and_refuses_until_there_is_room() {
        TestBroker broker = broker(limits(1, Overflow.BLOCK, Bound.NONE));
        away(broker, "s", "t");
        TestClient publisher = broker.modern().connectWithKeepAlive("p", 1).publish("t", "1", ONE);
        // Not read for longer than its keep alive, which is not its silence.
        broker.sleep(PATIENCE * 1000L - 100);
        assertThat(publisher.isPaused()).isTrue();

        broker.sleep(200);
        assertThat(publisher.isPaused()).isFalse();
        publisher.take();
        publisher.publish("t", "2", ONE);
        assertThat(answer(publisher)).isEqualTo(ReasonCode.QUOTA_EXCEEDED);
        assertThat(publisher.isPaused()).isFalse();

        assertThat(kept(broker, "s")).containsExactly("1");
        broker.modern().connect("s", false, 1000).send(ackOf(1)).lose();
        publisher.publish("t", "3", ONE);

        assertThat(answer(publisher)).isEqualTo(ReasonCode.SUCCESS);
        assertThat(publisher.isPaused()).isTrue();
    }

    private static Packet ackOf(int packetId) {
        return new PubAck(packetId);
    }

    @Test
    void who_fills_its_own_queue_is_refused_since_not_to_read_it_would_never_make_room() {
        TestBroker broker = broker(limits(1, Overflow.BLOCK, Bound.NONE));
        TestClient both = broker.modern().connect("both", true, 0, null, 1).subscribe("t", ONE);
        both.publish("t", "sent", ONE).publish("t", "waits", ONE).take();

        both.publish("t", "too many", ONE);

        assertThat(answer(both)).isEqualTo(ReasonCode.QUOTA_EXCEEDED);
        assertThat(both.isPaused()).isFalse();
        both.send(PingReq.INSTANCE);
        assertThat(both.take()).containsExactly(PingResp.INSTANCE);
    }

    @Test
    void a_connection_that_ends_while_it_is_not_read_leaves_nothing_behind() {
        TestBroker broker = broker(limits(1, Overflow.BLOCK, Bound.NONE));
        away(broker, "s", "t");
        TestClient publisher = broker.modern().connect("p", true, 0).publish("t", "1", ONE);

        publisher.lose();
        broker.sleep(PATIENCE * 2000L);

        assertThat(publisher.isPaused()).isTrue();
    }

    @Test
    void other_bounds_hold_at_once_and_for_what_waits_already() {
        TestBroker broker = broker(limits(1000, Overflow.DROP_NEW, Bound.NONE));
        away(broker, "car-1", "t");
        TestClient publisher = broker.modern().connect("p", true, 0);
        publisher.publish("t", "1", ONE).publish("t", "2", ONE);

        broker.shard()
                .review(
                        settings(
                                limits(
                                        1000,
                                        Overflow.DROP_NEW,
                                        Bound.NONE,
                                        new PrefixBound(
                                                "car-", new Bound(2, MANY, Overflow.REFUSE)))),
                        subject -> Standing.SAME,
                        reviewed -> {});
        broker.settle();
        publisher.publish("t", "3", ONE);

        assertThat(answer(publisher)).isEqualTo(ReasonCode.QUOTA_EXCEEDED);
        assertThat(kept(broker, "car-1")).containsExactly("1", "2");
    }
}
