package io.sotto.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.broker.spi.Authenticator;
import io.sotto.broker.spi.Authorizer;
import io.sotto.broker.spi.DecisionRecorder;
import io.sotto.broker.spi.EventLog;
import io.sotto.broker.spi.MemoryJournal;
import io.sotto.broker.spi.Message;
import io.sotto.broker.spi.Peers;
import io.sotto.broker.spi.Ports;
import io.sotto.broker.spi.Principal;
import io.sotto.mqtt.Payload;
import io.sotto.mqtt.PublishProperties;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.TopicName;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Two shards that retain for one topic at once: what reaches the disk last is what memory holds.
class RetainedOrderTest {
    private static final TopicName TOPIC = TopicName.of("t");
    private static final TopicName OTHER = TopicName.of("o");

    private final List<String> disk = new ArrayList<>();
    private final List<Runnable> meanwhile = new ArrayList<>();
    private final Broker broker =
            new Broker(
                    BrokerSettings.DEFAULT,
                    new Ports(
                            (login, answer) ->
                                    answer.accept(
                                            new Authenticator.Accepted(Principal.ANONYMOUS, null)),
                            Authorizer.ALLOW_ALL,
                            shard -> new Batches(),
                            shard -> DecisionRecorder.NONE,
                            EventLog.NONE,
                            () -> 1,
                            Peers.NONE),
                    2,
                    shard -> () -> {},
                    0);

    /// Hands batches over, and lets something happen just before one arrives.
    private final class Batches extends MemoryJournal {
        private final List<String> batch = new ArrayList<>();

        @Override
        public boolean isStoring() {
            return true;
        }

        @Override
        public void retained(Message message) {
            batch.add(new String(message.payload().toByteArray(), StandardCharsets.UTF_8));
        }

        @Override
        public void commit() {
            if (!meanwhile.isEmpty()) {
                meanwhile.removeFirst().run();
            }
            disk.addAll(batch);
            batch.clear();
        }
    }

    private void retain(int shard, String text) {
        retain(shard, TOPIC, text);
    }

    private void retain(int shard, TopicName topic, String text) {
        broker.shards()
                .get(shard)
                .publish(
                        new Message(
                                1,
                                topic,
                                Payload.of(text),
                                QoS.AT_LEAST_ONCE,
                                true,
                                PublishProperties.NONE,
                                "p",
                                0,
                                null,
                                null),
                        0);
    }

    private void endTurn(int shard) {
        broker.shards().get(shard).endTurn(0);
    }

    private String inMemory() {
        Message message = broker.retained().get(TOPIC);
        return message == null
                ? "nothing"
                : new String(message.payload().toByteArray(), StandardCharsets.UTF_8);
    }

    @Test
    void the_last_to_end_its_turn_has_the_topic_in_memory_and_on_the_disk() {
        retain(0, "first");
        retain(1, "second");

        endTurn(1);
        endTurn(0);

        assertThat(disk).last().isEqualTo("first");
        assertThat(inMemory()).isEqualTo("first");
    }

    @Test
    void the_last_to_end_its_turn_tells_what_is_there_and_not_what_it_put() {
        retain(0, "first");
        broker.shards().get(0).retained().publish();
        retain(1, "second");

        endTurn(1);
        endTurn(0);

        assertThat(disk).last().isEqualTo("second");
        assertThat(inMemory()).isEqualTo("second");
    }

    @Test
    void what_another_has_replaced_between_two_looks_at_the_tree_is_not_told() {
        retain(0, "first");
        broker.shards().get(0).retained().publish();
        retain(1, "second");
        endTurn(1);
        retain(0, OTHER, "another");

        endTurn(0);

        assertThat(disk).containsExactly("second", "second", "another");
    }

    @Test
    void what_was_replaced_while_it_was_handed_over_is_told_again() {
        retain(0, "first");
        meanwhile.add(() -> {
            retain(1, "second");
            endTurn(1);
        });

        endTurn(0);
        assertThat(disk).containsExactly("second", "first");
        broker.shards().getFirst().drain(0);
        endTurn(0);

        assertThat(disk).last().isEqualTo("second");
    }
}
