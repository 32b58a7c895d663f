package io.sotto.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.broker.spi.Durability;
import io.sotto.broker.spi.Journal;
import io.sotto.broker.spi.Via;
import io.sotto.mqtt.QoS;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is kept of packet identifiers that are used within one group.
class RoundTripsTest {
    private static final long SESSION = 7;

    @TempDir Path folder = Path.of("");

    private RocksEngine engine;
    private Store store;
    private Journal journal;

    @BeforeEach
    void begin() throws StoreException {
        engine = RocksEngine.open(folder);
        store = new Store(engine, Durability.SYNC);
        journal = store.journal(() -> {});
        for (long number = 1; number <= 4; number++) {
            journal.queued(
                    Messages.message(number, QoS.AT_LEAST_ONCE, 1),
                    SESSION,
                    QoS.AT_LEAST_ONCE,
                    false,
                    Via.PLAIN);
        }
        write();
    }

    @AfterEach
    void end() throws StoreException {
        engine.close();
    }

    private void write() throws StoreException {
        journal.commit();
        store.commit();
    }

    private List<Integer> inflight() throws StoreException {
        List<Integer> ids = new ArrayList<>();
        engine.scan(Space.INFLIGHT, (key, value) -> ids.add(Keys.packetId(key)));
        return ids;
    }

    private int messages() throws StoreException {
        List<Long> numbers = new ArrayList<>();
        engine.scan(Space.MESSAGES, (key, value) -> numbers.add(Keys.number(key)));
        return numbers.size();
    }

    @Test
    void what_goes_out_and_is_acknowledged_in_one_group_costs_the_end_of_its_message_alone()
            throws StoreException {
        long before = journal.effort().bytes();
        journal.dropped(1, SESSION);
        write();
        long dropped = journal.effort().bytes() - before;

        journal.sent(2, SESSION, 5);
        journal.settled(2, SESSION, 5);
        write();

        assertThat(journal.effort().bytes() - before).isEqualTo(2 * dropped);
        assertThat(inflight()).isEmpty();
        assertThat(messages()).isEqualTo(2);
    }

    @Test
    void the_last_use_of_an_identifier_decides() throws StoreException {
        journal.sent(1, SESSION, 5);
        write();
        assertThat(inflight()).containsExactly(5);

        journal.settled(1, SESSION, 5);
        journal.sent(2, SESSION, 5);
        journal.settled(2, SESSION, 5);
        write();
        assertThat(inflight()).isEmpty();

        journal.sent(3, SESSION, 5);
        journal.settled(3, SESSION, 5);
        journal.sent(4, SESSION, 5);
        write();
        assertThat(inflight()).containsExactly(5);
        assertThat(messages()).isEqualTo(1);
    }

    @Test
    void what_is_owed_pubrel_is_kept() throws StoreException {
        journal.sent(1, SESSION, 5);
        journal.pubRec(1, SESSION, 5);
        write();

        assertThat(inflight()).containsExactly(5);
        assertThat(messages()).isEqualTo(3);
        journal.completed(SESSION, 5);
        write();
        assertThat(inflight()).isEmpty();
    }
}
