package io.sotto.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.broker.spi.Journal;
import io.sotto.mqtt.ConnAck;
import io.sotto.mqtt.PubAck;
import io.sotto.mqtt.Publish;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.SubAck;
import org.junit.jupiter.api.Test;

/// What goes on while nothing becomes durable, as on a full disk.
class StalledStoreTest {
    private final TestBroker broker = new TestBroker();

    @Test
    void who_asks_for_nothing_that_lasts_is_let_in_and_served() {
        TestClient keeper = broker.modern().connect("keeper", true, 1000);
        keeper.subscribe("a", QoS.AT_LEAST_ONCE);
        broker.journal().stalled(true);

        TestClient publisher = broker.modern().connect("publisher", true, 0);
        publisher.publish("a", "x", QoS.AT_LEAST_ONCE);
        TestClient late = broker.modern().connect("late", true, 0);
        late.subscribe("b", QoS.AT_MOST_ONCE);
        publisher.publish("b", "y", QoS.AT_MOST_ONCE);

        assertThat(publisher.take()).hasOnlyElementsOfType(ConnAck.class);
        assertThat(late.take())
                .hasExactlyElementsOfTypes(ConnAck.class, SubAck.class, Publish.class);
        broker.journal().stalled(false);
        broker.settle();
        assertThat(publisher.take()).hasExactlyElementsOfTypes(PubAck.class);
    }

    @Test
    void who_is_not_read_while_the_disk_is_behind_is_not_silent() {
        TestClient publisher = broker.modern().connectWithKeepAlive("p", 1);
        TestClient silent = broker.modern().connectWithKeepAlive("q", 1);
        broker.journal().condition(Journal.Condition.BEHIND);
        publisher.publish("t", "x", QoS.AT_LEAST_ONCE);
        assertThat(publisher.isPaused()).isTrue();

        broker.sleep(5_000);
        assertThat(publisher.isClosed()).isFalse();
        assertThat(silent.isClosed()).isTrue();

        broker.journal().condition(Journal.Condition.READY);
        broker.settle();
        assertThat(publisher.isPaused()).isFalse();
        broker.sleep(5_000);
        assertThat(publisher.isClosed()).isTrue();
    }

    @Test
    void who_leaves_while_the_disk_is_behind_is_not_kept_until_it_is_back() {
        TestClient publisher = broker.modern().connect("p", true, 0);
        broker.journal().condition(Journal.Condition.BEHIND);
        publisher.publish("t", "x", QoS.AT_LEAST_ONCE);
        assertThat(publisher.isPaused()).isTrue();

        publisher.lose();
        broker.journal().condition(Journal.Condition.READY);
        broker.settle();

        assertThat(publisher.isPaused()).as("not read again").isTrue();
    }

    @Test
    void a_session_that_is_to_last_is_not_promised_before() {
        broker.journal().stalled(true);
        TestClient keeper = broker.modern().connect("keeper", true, 1000);
        assertThat(keeper.take()).isEmpty();

        broker.journal().stalled(false);
        broker.settle();

        assertThat(keeper.take()).hasExactlyElementsOfTypes(ConnAck.class);
    }
}
