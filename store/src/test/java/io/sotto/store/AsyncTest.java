package io.sotto.store;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.broker.spi.Durability;
import io.sotto.broker.spi.Fetch;
import io.sotto.broker.spi.Journal;
import io.sotto.broker.spi.Message;
import io.sotto.broker.spi.Via;
import io.sotto.mqtt.QoS;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What need not be on the disk at once: a message of QoS 1 that is kept as `async` says.
class AsyncTest {
    private static final long SESSION = 7;

    private final CountingEngine engine = new CountingEngine();

    /// Without pages, so that there is a key for each message.
    private final Store store = new Store(engine, Durability.ASYNC, Integer.MAX_VALUE);

    private int woken;
    private final Journal journal = store.journal(() -> woken++);

    private void queue(long number) {
        queue(number, QoS.AT_LEAST_ONCE);
    }

    private void queue(long number, QoS qos) {
        journal.queuedAtHome(Messages.message(number, qos, 10), SESSION, qos, false, Via.PLAIN);
    }

    private void queueAway(long number) {
        Message message = Messages.message(number, QoS.AT_LEAST_ONCE, 10);
        journal.queuedAway(message, SESSION, QoS.AT_LEAST_ONCE, false, Via.PLAIN);
    }

    private void turn() throws StoreException {
        journal.commit();
        store.commit();
    }

    @Test
    void it_counts_as_durable_at_once_and_is_written_at_the_second_beat() throws StoreException {
        queue(1);
        assertThat(journal.durable()).isGreaterThanOrEqualTo(journal.batch());
        turn();
        store.beat();
        turn();
        assertThat(engine.keys()).isEmpty();
        assertThat(store.isIdle()).isFalse();
        assertThat(woken).isEqualTo(1);

        store.beat();
        turn();

        assertThat(engine.keys()).containsExactly(Space.MESSAGES + " " + hex(1));
        assertThat(store.isIdle()).isTrue();
    }

    @Test
    void what_ends_before_is_never_written() throws StoreException {
        queue(1);
        journal.sent(1, SESSION, 5);
        queue(2);
        turn();
        journal.settled(1, SESSION, 5);
        journal.dropped(2, SESSION);
        turn();
        store.beat();
        store.beat();
        turn();

        assertThat(engine.writes()).isZero();
        assertThat(store.isIdle()).isTrue();
    }

    @Test
    void what_was_sent_is_written_with_its_packet_identifier() throws StoreException {
        queue(1);
        journal.sent(1, SESSION, 5);
        store.beat();
        store.beat();
        turn();

        assertThat(engine.keys())
                .containsExactlyInAnyOrder(
                        Space.MESSAGES + " " + hex(1),
                        Space.INFLIGHT + " " + HexFormat.of().formatHex(Keys.of(SESSION, 5)));
        journal.settled(1, SESSION, 5);
        turn();
        store.beat();
        turn();
        assertThat(engine.keys()).isEmpty();
    }

    @Test
    void what_is_written_at_once_waits_for_more_until_the_next_beat() throws StoreException {
        queueAway(1);
        assertThat(journal.durable()).isGreaterThanOrEqualTo(journal.batch());
        turn();
        assertThat(engine.keys()).isEmpty();
        assertThat(store.isIdle()).isFalse();

        store.beat();
        turn();
        assertThat(engine.keys()).containsExactly(Space.MESSAGES + " " + hex(1));
        assertThat(store.isIdle()).isTrue();
    }

    @Test
    void what_is_written_at_once_goes_with_what_somebody_waits_for() throws StoreException {
        queueAway(1);
        turn();
        journal.received(SESSION, 9);
        turn();

        assertThat(engine.keys()).hasSize(2);
    }

    @Test
    void what_others_may_tell_the_end_of_is_written_with_its_turn() throws StoreException {
        Message message = Messages.message(1, QoS.AT_LEAST_ONCE, 10);
        journal.queued(message, SESSION, QoS.AT_LEAST_ONCE, false, Via.PLAIN);
        turn();

        assertThat(engine.keys()).containsExactly(Space.MESSAGES + " " + hex(1));
    }

    @Test
    void bodies_are_fetched_without_writing_what_waits() throws StoreException {
        queueAway(1);
        queueAway(2);
        fetch(1);
        int writes = engine.writes();

        journal.sent(1, SESSION, 5);
        fetch(2);
        assertThat(engine.writes()).isEqualTo(writes);
        journal.settled(1, SESSION, 5);
        turn();
        store.beat();
        turn();

        assertThat(engine.writes()).isEqualTo(writes + 1);
        assertThat(engine.keys()).containsExactly(Space.MESSAGES + " " + hex(2));
        assertThat(store.isIdle()).isTrue();
    }

    private void fetch(long number) throws StoreException {
        List<Long> found = new ArrayList<>();
        journal.fetch(
                new Fetch(SESSION, new long[] {number}) {
                    @Override
                    public void arrived(long now) {
                        for (Message message : found()) {
                            found.add(requireNonNull(message).id());
                        }
                    }
                });
        turn();
        requireNonNull(journal.nextFound()).arrived(0);
        assertThat(found).containsExactly(number);
    }

    @Test
    void a_message_of_qos_2_waits_for_its_write_like_all_that_lasts() throws StoreException {
        queue(1, QoS.EXACTLY_ONCE);
        journal.commit();
        assertThat(journal.durable()).isLessThan(journal.batch());
        store.commit();
        assertThat(journal.durable()).isEqualTo(journal.batch());
        assertThat(engine.keys()).containsExactly(Space.MESSAGES + " " + hex(1));

        journal.received(SESSION, 9);
        assertThat(journal.durable()).isLessThan(journal.batch());
        turn();
        assertThat(journal.durable()).isEqualTo(journal.batch());
    }

    @Test
    void what_is_to_be_synced_takes_along_what_it_follows_from() throws StoreException {
        queue(1);
        journal.keeping(Durability.SYNC);
        journal.sent(1, SESSION, 5);
        assertThat(journal.durable()).isLessThan(journal.batch());
        turn();

        assertThat(engine.keys()).hasSize(2);
        assertThat(engine.syncs()).isEqualTo(1);
        assertThat(journal.durable()).isEqualTo(journal.batch());
    }

    @Test
    void no_more_waits_than_a_bound_of_count_and_bytes() throws StoreException {
        int many = 40_000;
        for (int number = 1; number <= many; number++) {
            queue(number);
        }
        turn();
        assertThat(engine.keys()).hasSizeBetween(many / 10, many / 2);

        for (int number = many + 1; number <= many + 20; number++) {
            journal.queuedAtHome(
                    Messages.message(number, QoS.AT_LEAST_ONCE, 1 << 20),
                    SESSION,
                    QoS.AT_LEAST_ONCE,
                    false,
                    Via.PLAIN);
        }
        turn();
        assertThat(engine.keys()).hasSizeGreaterThan(many);
        assertThat(engine.keys()).doesNotContain(Space.MESSAGES + " " + hex(many + 20));
    }

    @Test
    @Timeout(60)
    void nobody_has_to_wait_for_it_to_be_written_and_synced() throws Exception {
        Committer committer =
                new Committer(
                        store,
                        trouble -> {
                            throw new AssertionError(trouble);
                        });
        committer.start();
        queue(1);
        journal.commit();
        while (engine.writes() == 0) {
            // The shard, which is woken by each beat.
            journal.commit();
            Thread.onSpinWait();
        }
        engine.awaitSync();
        queue(2);
        journal.commit();
        committer.close();

        assertThat(engine.keys())
                .containsExactlyInAnyOrder(
                        Space.MESSAGES + " " + hex(1), Space.MESSAGES + " " + hex(2));
    }

    private static String hex(long message) {
        return HexFormat.of().formatHex(Keys.of(message));
    }
}
