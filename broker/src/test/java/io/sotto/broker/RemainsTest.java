package io.sotto.broker;

import static io.sotto.mqtt.QoS.AT_LEAST_ONCE;
import static io.sotto.mqtt.QoS.AT_MOST_ONCE;
import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.broker.spi.DropReason;
import io.sotto.mqtt.Payload;
import io.sotto.mqtt.Publish;
import io.sotto.mqtt.PublishProperties;
import io.sotto.mqtt.ReasonCode;
import io.sotto.mqtt.TopicName;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Copies of which very many end at once: some with each tick, so that others do not wait for all.
class RemainsTest {
    private static final int MANY = 14_500;
    private static final int TICK = 4_000;

    private final TestBroker broker = new TestBroker();
    private final TestClient publisher = broker.modern().connect("p", true, 0);

    private void tick() {
        broker.sleep(Shard.TICK_MILLIS);
    }

    private long ended(DropReason reason) {
        return broker.shard().ledger().drops(reason);
    }

    /// What counts where the queues of all sessions are bounded together.
    private long waiting() {
        return broker.broker().pools().total().messages();
    }

    private static List<String> numbers() {
        return IntStream.range(0, MANY).mapToObj(Integer::toString).toList();
    }

    private void queueMany(String topic, int expiry) {
        for (String number : numbers()) {
            publisher.send(publish(topic, number, expiry));
        }
    }

    private static Publish publish(String topic, String payload, int expiry) {
        return new Publish(
                TopicName.of(topic),
                Payload.of(payload),
                expiry == 0 ? AT_MOST_ONCE : AT_LEAST_ONCE,
                false,
                false,
                expiry == 0 ? 0 : 1,
                0,
                List.of(),
                new PublishProperties(-1, expiry == 0 ? -1 : expiry, null, null, null, List.of()));
    }

    @Test
    void what_a_session_held_ends_bit_by_bit_and_others_are_served_in_between() {
        TestClient other = broker.modern().connect("o", true, 0).subscribe("other", AT_MOST_ONCE);
        broker.modern().connect("s", true, 1000).subscribe("q", AT_LEAST_ONCE).lose();
        queueMany("q", 1000);

        TestClient again = broker.modern();
        again.connect("s", true, 0);
        assertThat(ended(DropReason.SESSION_ENDED)).isEqualTo(TICK);
        assertThat(waiting()).isEqualTo(MANY - TICK);
        publisher.hand(publish("other", "between", 0));
        assertThat(other.messages()).containsExactly("between");
        for (int ticks = 2; ticks * TICK < MANY; ticks++) {
            tick();
            assertThat(ended(DropReason.SESSION_ENDED)).isEqualTo((long) ticks * TICK);
        }
        tick();

        assertThat(waiting()).isZero();
        assertThat(again.connAck().reason()).isEqualTo(ReasonCode.SUCCESS);
        assertThat(ended(DropReason.SESSION_ENDED)).isEqualTo(MANY);
    }

    @Test
    void of_two_that_ended_the_first_one_comes_first() {
        for (String name : List.of("1", "2")) {
            broker.modern().connect(name, true, 1000).subscribe("q" + name, AT_LEAST_ONCE).lose();
            queueMany("q" + name, 1000);
        }

        broker.modern().connect("1", true, 0);
        broker.modern().connect("2", true, 0);
        assertThat(ended(DropReason.SESSION_ENDED)).isEqualTo(TICK);
        for (int ticks = 2; ticks * TICK < 2 * MANY; ticks++) {
            tick();
            assertThat(ended(DropReason.SESSION_ENDED)).isEqualTo((long) ticks * TICK);
        }
        tick();

        assertThat(ended(DropReason.SESSION_ENDED)).isEqualTo(2 * MANY);
    }

    @Test
    void another_member_of_a_share_group_gets_all_of_it_in_order() {
        broker.modern().connect("s", true, 1000).subscribe("$share/g/q", AT_LEAST_ONCE).lose();
        queueMany("q", 1000);
        TestClient other =
                broker.modern().connect("o", true, 0).subscribe("$share/g/q", AT_MOST_ONCE);

        broker.modern().connect("s", true, 0);
        List<String> got = new ArrayList<>(other.messages());
        assertThat(got).hasSize(TICK);
        while (got.size() < MANY) {
            tick();
            List<String> more = other.messages();
            assertThat(more).hasSizeBetween(1, TICK);
            got.addAll(more);
        }

        assertThat(got).containsExactlyElementsOf(numbers());
        assertThat(ended(DropReason.SESSION_ENDED)).isZero();
    }

    @Test
    void what_expired_together_makes_room_at_once_and_leaves_the_rest_in_order() {
        broker.modern().connect("s", true, 1000).subscribe("q", AT_LEAST_ONCE).lose();
        publisher.send(publish("q", "first", 500));
        queueMany("q", 2);
        publisher.send(publish("q", "last", 500));

        broker.sleep(31_000);

        assertThat(ended(DropReason.EXPIRED)).isEqualTo(TICK);
        TestClient back = broker.modern().connect("s", false, 1000);
        assertThat(back.messages()).containsExactly("first", "last");
        for (int ticks = 2; ticks * TICK < MANY; ticks++) {
            tick();
            assertThat(ended(DropReason.EXPIRED)).isEqualTo((long) ticks * TICK);
        }
        tick();
        assertThat(ended(DropReason.EXPIRED)).isEqualTo(MANY);
    }
}
