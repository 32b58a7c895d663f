package io.sotto.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.broker.spi.Journal;
import io.sotto.mqtt.QoS;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What is counted over all runs.
class TotalsTest {
    private final TestBroker broker = new TestBroker();

    @Test
    void they_go_on_from_what_was_kept() {
        broker.restore(
                listener -> listener.totals(Map.of("received", 40L, "dropped/queue-full", 3L)));
        TestClient reader = broker.modern().connect("reader", true, 0);
        reader.subscribe("a", QoS.AT_MOST_ONCE);
        TestClient writer = broker.old().connect("writer", true, 0);
        writer.publish("a", "x", QoS.AT_MOST_ONCE);
        writer.publish("b", "x", QoS.AT_MOST_ONCE);

        broker.sleep(10_000);

        assertThat(broker.journal().totals())
                .containsEntry("received", 42L)
                .containsEntry("sent", 1L)
                .containsEntry("dropped/queue-full", 3L)
                .containsEntry("dropped/offline", 0L);
    }

    @Test
    void they_are_not_kept_while_the_disk_is_full() {
        broker.journal().condition(Journal.Condition.FULL);
        broker.sleep(60_000);
        assertThat(broker.journal().timesCounted()).isZero();

        broker.journal().condition(Journal.Condition.READY);
        broker.sleep(10_000);

        assertThat(broker.journal().timesCounted()).isEqualTo(1);
    }

    @Test
    void they_are_kept_as_the_broker_ends_and_only_where_they_have_changed() {
        broker.conclude();
        assertThat(broker.journal().timesCounted()).isEqualTo(1);

        broker.sleep(60_000);

        assertThat(broker.journal().timesCounted()).isEqualTo(1);
    }
}
