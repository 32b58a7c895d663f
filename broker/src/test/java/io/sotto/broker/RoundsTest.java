package io.sotto.broker;

import static io.sotto.mqtt.QoS.AT_LEAST_ONCE;
import static io.sotto.mqtt.QoS.AT_MOST_ONCE;
import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.broker.spi.Authorizer;
import io.sotto.mqtt.Payload;
import io.sotto.mqtt.Publish;
import io.sotto.mqtt.PublishProperties;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.RetainHandling;
import io.sotto.mqtt.Subscribe;
import io.sotto.mqtt.TopicName;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What waits in great numbers is sent in turns.
class RoundsTest {
    private static final int MANY = 1_000;
    private static final int TURN = 64;

    private final TestBroker broker = new TestBroker(BrokerSettings.DEFAULT, Authorizer.ALLOW_ALL);
    private final TestClient publisher = broker.modern().connect("p", true, 0);

    private static List<String> numbers() {
        return IntStream.range(0, MANY).mapToObj(Integer::toString).toList();
    }

    private void turn() {
        broker.shard().endTurn(broker.now());
        broker.shard().drain(broker.now());
    }

    private static Subscribe subscribe(QoS qos) {
        return new Subscribe(
                1,
                0,
                List.of(),
                List.of(new Subscribe.Request("r/#", qos, false, false, RetainHandling.SEND)));
    }

    private static Publish publish(String topic, String payload) {
        return new Publish(
                TopicName.of(topic),
                Payload.of(payload),
                AT_MOST_ONCE,
                false,
                false,
                0,
                0,
                List.of(),
                PublishProperties.NONE);
    }

    private void retainMany() {
        for (String number : numbers()) {
            publisher.publish("r/" + number, number, AT_MOST_ONCE, true);
        }
    }

    @Test
    void retained_messages_leave_in_turns_and_those_of_others_in_between() {
        retainMany();
        TestClient other = broker.modern().connect("o", true, 0).subscribe("other", AT_MOST_ONCE);
        TestClient reader = broker.modern().connect("r", true, 0);

        reader.hand(subscribe(AT_MOST_ONCE));
        List<String> got = new ArrayList<>(reader.messages());
        assertThat(got).hasSizeBetween(1, TURN);
        publisher.hand(publish("other", "between"));
        assertThat(other.messages()).containsExactly("between");
        while (got.size() < MANY) {
            turn();
            List<String> more = reader.messages();
            assertThat(more).hasSizeBetween(1, TURN);
            got.addAll(more);
        }

        assertThat(got).containsExactlyInAnyOrderElementsOf(numbers());
    }

    @Test
    void two_that_are_owed_much_take_turns() {
        retainMany();
        TestClient first = broker.modern().connect("1", true, 0);
        TestClient second = broker.modern().connect("2", true, 0);

        first.hand(subscribe(AT_MOST_ONCE));
        second.hand(subscribe(AT_MOST_ONCE));
        turn();
        turn();

        assertThat(first.messages()).hasSize(3 * TURN);
        assertThat(second.messages()).hasSize(3 * TURN);
    }

    @Test
    void a_backlog_leaves_in_turns_and_in_order() {
        TestClient reader = broker.modern().connect("r", false, 100).subscribe("q", AT_LEAST_ONCE);
        reader.lose();
        for (String number : numbers()) {
            publisher.publish("q", number, AT_LEAST_ONCE);
        }

        TestClient again = broker.modern();
        again.comeBack("r", 100);
        List<String> got = new ArrayList<>(again.messages());
        assertThat(got).hasSizeLessThanOrEqualTo(TURN);
        while (got.size() < MANY) {
            turn();
            List<String> more = again.messages();
            assertThat(more).hasSizeBetween(1, TURN);
            got.addAll(more);
        }

        assertThat(got).containsExactlyElementsOf(numbers());
    }
}
