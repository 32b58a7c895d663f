package io.sotto.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.broker.spi.Durability;
import io.sotto.broker.spi.Journal;
import io.sotto.broker.spi.Message;
import io.sotto.broker.spi.Via;
import io.sotto.mqtt.QoS;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What messages cost the disk.
class EffortTest {
    private static final int PAYLOAD = 1000;

    @TempDir Path folder = Path.of("");

    private static void queue(Journal journal, long number, int sessions) {
        Message message = Messages.message(number, QoS.AT_LEAST_ONCE, PAYLOAD);
        for (int session = 1; session <= sessions; session++) {
            journal.queued(message, session, QoS.AT_LEAST_ONCE, false, Via.PLAIN);
        }
        journal.commit();
    }

    @Test
    void a_payload_is_written_once_however_many_sessions_need_it() throws StoreException {
        long single;
        long many;
        try (RocksEngine engine = RocksEngine.open(folder)) {
            Store store = new Store(engine, Durability.SYNC);
            Journal journal = store.journal(() -> {});
            queue(journal, 1, 1);
            store.commit();
            single = journal.effort().bytes();
            queue(journal, 2, 100);
            store.commit();
            many = journal.effort().bytes() - single;
        }

        assertThat(single).isBetween((long) PAYLOAD, PAYLOAD + 100L);
        assertThat(many).isBetween((long) PAYLOAD, PAYLOAD + 100L + 100 * 30);
    }

    @Test
    void one_sync_carries_all_that_waits() throws StoreException {
        try (RocksEngine engine = RocksEngine.open(folder)) {
            Store store = new Store(engine, Durability.SYNC);
            Journal one = store.journal(() -> {});
            Journal other = store.journal(() -> {});
            for (int i = 1; i <= 500; i++) {
                queue(i % 2 == 0 ? one : other, i, 1);
            }

            store.commit();

            assertThat(one.effort().syncs()).isEqualTo(1);
            assertThat(one.durable() + other.durable()).isEqualTo(500);
        }
    }
}
