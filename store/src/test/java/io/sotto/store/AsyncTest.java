package io.sotto.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.broker.spi.Durability;
import io.sotto.broker.spi.Journal;
import io.sotto.broker.spi.Message;
import io.sotto.broker.spi.Via;
import io.sotto.mqtt.Payload;
import io.sotto.mqtt.PublishProperties;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.TopicName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What need not be on the disk at once: a message of QoS 1 that is kept as `async` says.
class AsyncTest {
    private static final long SESSION = 7;

    private final Pairs engine = new Pairs();
    private final Store store = new Store(engine, Durability.ASYNC);
    private int woken;
    private final Journal journal = store.journal(() -> woken++);

    private static Message message(long number, QoS qos, int size) {
        return new Message(
                number,
                TopicName.of("t"),
                Payload.of("x".repeat(size)),
                qos,
                false,
                PublishProperties.NONE,
                "publisher",
                0,
                null,
                null);
    }

    private void queue(long number) {
        queue(number, QoS.AT_LEAST_ONCE);
    }

    private void queue(long number, QoS qos) {
        journal.queuedAtHome(message(number, qos, 10), SESSION, qos, false, Via.PLAIN);
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
        assertThat(engine.pairs).isEmpty();
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

        assertThat(engine.writes).hasValue(0);
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
        assertThat(engine.pairs).isEmpty();
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
        assertThat(engine.syncs).isEqualTo(1);
        assertThat(journal.durable()).isEqualTo(journal.batch());
    }

    @Test
    void no_more_waits_than_a_bound_of_count_and_bytes() throws StoreException {
        int many = 40_000;
        for (int number = 1; number <= many; number++) {
            queue(number);
        }
        turn();
        assertThat(engine.pairs).hasSizeBetween(many / 10, many / 2);

        for (int number = many + 1; number <= many + 20; number++) {
            journal.queuedAtHome(
                    message(number, QoS.AT_LEAST_ONCE, 1 << 20),
                    SESSION,
                    QoS.AT_LEAST_ONCE,
                    false,
                    Via.PLAIN);
        }
        turn();
        assertThat(engine.pairs).hasSizeGreaterThan(many);
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
        while (engine.writes.get() == 0) {
            // The shard, which is woken by each beat.
            journal.commit();
            Thread.onSpinWait();
        }
        engine.isSynced.await();
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

    /// An engine in memory that counts.
    private static final class Pairs implements Engine {
        private final Map<String, byte[]> pairs = new HashMap<>();
        private final CountDownLatch isSynced = new CountDownLatch(1);
        private final AtomicInteger writes = new AtomicInteger();
        private int syncs;

        List<String> keys() {
            return List.copyOf(pairs.keySet());
        }

        @Override
        public Changes begin() {
            return new Put();
        }

        @Override
        public void write(Changes changes, boolean sync) {
            ((Put) changes).all.forEach(Runnable::run);
            writes.incrementAndGet();
            if (sync) {
                sync();
            }
        }

        @Override
        public void sync() {
            syncs++;
            if (writes.get() > 0) {
                isSynced.countDown();
            }
        }

        @Override
        public byte @Nullable [] get(Space space, byte[] key) {
            return pairs.get(name(space, key));
        }

        @Override
        public List<byte @Nullable []> getAll(Space space, List<byte[]> keys) {
            return List.of();
        }

        @Override
        public void scan(Space space, Visitor visitor) {}

        @Override
        public void recover() {}

        @Override
        public void close() {}

        private static String name(Space space, byte[] key) {
            return space + " " + HexFormat.of().formatHex(key);
        }

        private final class Put implements Changes {
            private final List<Runnable> all = new ArrayList<>();

            @Override
            public void put(Space space, byte[] key, byte[] from, int start, int length) {
                byte[] value = Arrays.copyOfRange(from, start, start + length);
                all.add(() -> pairs.put(name(space, key), value));
            }

            @Override
            public void delete(Space space, byte[] key) {
                all.add(() -> pairs.remove(name(space, key)));
            }

            @Override
            public int count() {
                return all.size();
            }

            @Override
            public int size() {
                return all.size();
            }
        }
    }
}
