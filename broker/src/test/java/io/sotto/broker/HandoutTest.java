package io.sotto.broker;

import static io.sotto.mqtt.QoS.AT_LEAST_ONCE;
import static io.sotto.mqtt.QoS.AT_MOST_ONCE;
import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.mqtt.Disconnect;
import io.sotto.mqtt.Payload;
import io.sotto.mqtt.PingResp;
import io.sotto.mqtt.Publish;
import io.sotto.mqtt.PublishProperties;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.RetainHandling;
import io.sotto.mqtt.Subscribe;
import io.sotto.mqtt.TopicName;
import io.sotto.mqtt.Unsubscribe;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What comes in one read and goes to many is handed out together.
class HandoutTest {
    private static final int MANY = 20;

    private final TestBroker broker = new TestBroker();
    private final TestClient publisher = broker.modern().connect("p", true, 0);
    private final List<TestClient> crowd = new ArrayList<>();

    HandoutTest() {
        for (int i = 0; i < MANY; i++) {
            TestClient client = i % 2 == 0 ? broker.modern() : broker.old();
            crowd.add(client.connect("c" + i, true, 0).subscribe("all/#", AT_MOST_ONCE));
        }
        crowd.forEach(TestClient::take);
    }

    private static Publish publish(String topic, String payload, QoS qos) {
        return new Publish(
                TopicName.of(topic),
                Payload.of(payload),
                qos,
                false,
                false,
                qos == AT_MOST_ONCE ? 0 : 7,
                0,
                List.of(),
                PublishProperties.NONE);
    }

    private static Publish publish(String topic, String payload) {
        return publish(topic, payload, AT_MOST_ONCE);
    }

    private static Subscribe subscribe(boolean noLocal, int identifier) {
        return new Subscribe(
                1,
                identifier,
                List.of(),
                List.of(
                        new Subscribe.Request(
                                "all/#", AT_MOST_ONCE, noLocal, false, RetainHandling.SEND)));
    }

    private void assertAllGot(String... payloads) {
        for (TestClient client : crowd) {
            assertThat(client.messages()).containsExactly(payloads);
        }
        broker.settle();
    }

    @Test
    void messages_of_one_read_are_sent_in_one_piece() {
        publisher.hand(publish("all/a", "1"), publish("all/a", "2"), publish("all/a", "3"));

        assertAllGot("1", "2", "3");
        assertThat(crowd).allMatch(client -> client.timesShared() == 1);
        assertThat(broker.shard().ledger().deliveries()).isEqualTo(3L * MANY);
    }

    @Test
    void a_lone_message_is_sent_as_ever() {
        publisher.hand(publish("all/a", "1"));

        assertAllGot("1");
        assertThat(crowd).allMatch(client -> client.timesShared() == 0);
    }

    @Test
    void other_topics_and_other_qos_do_not_overtake() {
        publisher.hand(
                publish("all/a", "1"),
                publish("all/a", "2"),
                publish("all/b", "3"),
                publish("all/a", "4", AT_LEAST_ONCE),
                publish("all/a", "5"),
                publish("all/a", "6"));

        assertAllGot("1", "2", "3", "4", "5", "6");
    }

    @Test
    void what_follows_in_the_same_read_finds_everything_handed_out() {
        publisher.send(subscribe(false, 0)).take();

        publisher.hand(
                publish("all/a", "1"),
                publish("all/a", "2"),
                new Unsubscribe(2, List.of(), List.of("all/#")),
                publish("all/a", "3"));
        assertThat(publisher.messages()).containsExactly("1", "2");
        publisher.hand(publish("all/a", "4"), publish("all/a", "5"), Disconnect.NORMAL);

        assertAllGot("1", "2", "3", "4", "5");
    }

    @Test
    void who_is_to_get_them_in_another_form_is_handed_each() {
        publisher.send(subscribe(true, 0)).take();
        TestClient numbered = broker.modern().connect("n", true, 0).send(subscribe(false, 9));
        numbered.take();
        TestClient full = crowd.removeFirst();
        full.writableFor(0);

        publisher.hand(publish("all/a", "1"), publish("all/a", "2"));

        assertThat(numbered.take())
                .hasSize(2)
                .allMatch(packet -> ((Publish) packet).subscriptionIdentifiers().contains(9));
        assertThat(publisher.messages()).isEmpty();
        assertThat(full.messages()).isEmpty();
        assertAllGot("1", "2");
    }

    @Test
    void what_is_larger_than_a_client_takes_is_not_sent_to_it() {
        TestClient small = broker.modern().connectTaking("s", 60).subscribe("all/#", AT_MOST_ONCE);
        small.take();
        String large = "x".repeat(100);

        publisher.hand(publish("all/a", "1"), publish("all/a", large), publish("all/a", "2"));

        assertThat(small.messages()).containsExactly("1", "2");
        assertAllGot("1", large, "2");
    }

    @Test
    void many_messages_are_sent_in_several_pieces_and_in_order() {
        String[] numbers =
                IntStream.range(0, 1_000).mapToObj(i -> i + "x".repeat(90)).toArray(String[]::new);

        publisher.hand(
                IntStream.range(0, 1_000)
                        .mapToObj(i -> publish("all/a", numbers[i]))
                        .toArray(Publish[]::new));

        assertThat(crowd).allMatch(client -> client.timesShared() > 1);
        assertAllGot(numbers);
    }

    @Test
    void bytes_that_break_the_rules_cost_nothing_of_what_came_before() {
        publisher.hand(
                publish("all/a", "1"), publish("all/a", "2"), publish("all/a", "0", AT_LEAST_ONCE));
        publisher.hand(
                publish("all/a", "3"),
                publish("all/a", "4"),
                subscribe(false, 0),
                PingResp.INSTANCE);

        assertThat(publisher.isClosed()).isTrue();
        assertAllGot("1", "2", "0", "3", "4");
    }
}
