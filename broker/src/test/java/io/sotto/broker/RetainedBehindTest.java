package io.sotto.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.broker.spi.Message;
import io.sotto.mqtt.Diagnostics;
import io.sotto.mqtt.Payload;
import io.sotto.mqtt.PingReq;
import io.sotto.mqtt.Publish;
import io.sotto.mqtt.PublishProperties;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.ReasonCode;
import io.sotto.mqtt.SubAck;
import io.sotto.mqtt.TopicName;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What is retained in a turn that goes on: a subscription sees it, on whichever shard it is made.
class RetainedBehindTest {
    private final TestBroker broker = new TestBroker(3);
    private final TestClient client = broker.modern().connect(broker.idAt(0), true, 0);

    private void retain(int shard, String topic, String text) {
        retain(shard, topic, text, QoS.AT_MOST_ONCE);
    }

    private void retain(int shard, String topic, String text, QoS qos) {
        Shard other = broker.broker().shard(shard);
        other.publish(
                new Message(
                        other.nextMessageId(broker.now()),
                        TopicName.of(topic),
                        Payload.of(text),
                        qos,
                        true,
                        PublishProperties.NONE,
                        "p",
                        broker.now(),
                        null,
                        null),
                broker.now());
    }

    private void openMail(int shard) {
        broker.broker().shard(shard).drain(broker.now());
        broker.settle();
    }

    @Test
    void a_subscription_of_the_same_shard_gets_it_at_once() {
        retain(0, "t", "one");

        client.subscribe("#", QoS.AT_MOST_ONCE);

        assertThat(client.messages()).containsExactly("one");
    }

    @Test
    void a_subscription_waits_for_what_other_shards_have_sent_on_its_way_before() {
        client.take();
        retain(1, "t", "one");
        retain(2, "u", "two");

        client.subscribe("#", QoS.AT_MOST_ONCE);
        openMail(1);
        assertThat(client.take()).isEmpty();
        openMail(2);

        assertThat(client.take())
                .hasSize(3)
                .startsWith(new SubAck(1, List.of(ReasonCode.SUCCESS), Diagnostics.NONE));
    }

    @Test
    void what_follows_suback_comes_live_and_once() {
        retain(1, "t", "one");
        client.take();
        client.subscribe("#", QoS.AT_MOST_ONCE);

        // Nobody can know of the subscription before.
        for (int turn = 0; client.take().isEmpty(); turn++) {
            assertThat(turn).isLessThan(10);
            openMail(1);
        }
        retain(0, "u", "two");
        openMail(1);
        retain(1, "v", "three");
        broker.broker().shard(1).endTurn(broker.now());
        broker.settle();

        assertThat(client.take())
                .filteredOn(Publish.class::isInstance)
                .extracting(
                        packet -> ((Publish) packet).topic() + " " + ((Publish) packet).retain())
                .containsExactly("u false", "v false");
    }

    @Test
    void nothing_is_read_behind_a_subscribe_that_is_not_answered() {
        retain(1, "t", "one");
        client.take();

        client.subscribe("#", QoS.AT_MOST_ONCE);
        client.send(PingReq.INSTANCE);

        assertThat(client.take()).isEmpty();
    }

    @Test
    void it_waits_no_longer_than_for_the_turn_that_goes_on() {
        retain(1, "t", "one");
        client.subscribe("#", QoS.AT_MOST_ONCE);
        broker.broker().shard(1).drain(broker.now());
        retain(1, "u", "two");

        broker.settle();

        assertThat(client.messages()).containsExactly("one");
    }

    @Test
    void whoever_is_gone_meanwhile_gets_nothing() {
        retain(1, "t", "one");
        client.subscribe("#", QoS.AT_MOST_ONCE);
        client.take();
        client.lose();

        openMail(1);

        assertThat(client.take()).isEmpty();
        assertThat(broker.shard().sessionCount()).isZero();
    }

    @Test
    void what_follows_at_the_end_of_a_turn_is_handed_over_with_it() {
        retain(1, "t", "one", QoS.EXACTLY_ONCE);
        client.subscribe("#", QoS.EXACTLY_ONCE);
        broker.broker().shard(1).drain(broker.now());
        broker.shard().drain(broker.now());
        broker.shard().drain(broker.now());

        broker.shard().endTurn(broker.now());

        // It is sent once it is sure that its publisher does not repeat it.
        assertThat(broker.shard().ledger().queuedNow()).isOne();
        assertThat(broker.journal().holdsAny()).isFalse();
    }

    @Test
    void a_shard_that_has_ended_its_turn_is_not_waited_for() {
        retain(1, "t", "one");
        broker.broker().shard(1).endTurn(broker.now());

        client.subscribe("#", QoS.AT_MOST_ONCE);

        assertThat(client.messages()).containsExactly("one");
    }

    @Test
    void what_is_retained_and_removed_in_one_turn_was_never_there() {
        retain(0, "t", "one");
        retain(0, "t", "");
        retain(0, "u", "two");
        broker.settle();

        assertThat(broker.broker().retainedCount()).isEqualTo(1);
        assertThat(client.subscribe("#", QoS.AT_MOST_ONCE).messages()).containsExactly("two");
    }

    @Test
    void more_than_come_into_the_tree_at_once_are_all_there() {
        for (int i = 0; i < 3000; i++) {
            retain(0, "t/" + i, "m" + i);
        }
        broker.settle();

        assertThat(broker.broker().retainedCount()).isEqualTo(3000);
        assertThat(client.subscribe("#", QoS.AT_MOST_ONCE).messages()).hasSize(3000);
    }
}
