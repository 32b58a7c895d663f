package io.sotto.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.mqtt.QoS;
import org.junit.jupiter.api.Test;

/// Whoever sends more than another shard can take is not read until there is room, and no longer.
class RoomTest {
    private final TestBroker broker = new TestBroker(2);
    private final TestClient client = broker.modern().connect(broker.idAt(0), true, 0);
    private final Shard other = broker.broker().shard(1);

    private void crowd() {
        for (int i = 0; i <= Mailbox.CROWDED; i++) {
            other.execute(() -> {});
        }
    }

    private void publish() {
        client.publish("t", "text", QoS.AT_MOST_ONCE, false);
    }

    @Test
    void the_shard_is_told_of_room_and_reads_on() {
        crowd();
        publish();
        assertThat(client.isPaused()).isTrue();
        assertThat(broker.shard().mailCount()).isZero();

        while (other.mailCount() >= Mailbox.CROWDED / 2) {
            other.drain(broker.now());
        }
        assertThat(broker.shard().mailCount()).isPositive();
        broker.shard().drain(broker.now());
        broker.shard().endTurn(broker.now());

        assertThat(client.isPaused()).isFalse();
    }

    @Test
    void as_long_as_there_is_none_nobody_reads_on() {
        crowd();
        publish();

        other.drain(broker.now());
        broker.sleep(1_000);

        assertThat(client.isPaused()).isTrue();
    }
}
