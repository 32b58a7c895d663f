package io.sotto.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.broker.spi.Durability;
import io.sotto.broker.spi.Journal;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The thread that commits: how it ends, and that nobody is overheard.
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CommitterTest {
    private final BlockingQueue<StoreException> troubles = new LinkedBlockingQueue<>();

    private Committer commit(Engine engine, Durability durability) {
        Store store = new Store(engine, durability);
        Journal journal = store.journal(() -> {});
        Committer committer = new Committer(store, troubles::add);
        committer.start();
        journal.released(1, 1);
        journal.commit();
        return committer;
    }

    @Test
    void no_room_for_a_sync_ends_it_for_good() throws Exception {
        Engine engine =
                new CountingEngine() {
                    @Override
                    public void sync() throws StoreException {
                        throw new StoreException(StoreException.Kind.FULL, "the disk is full");
                    }
                };

        Committer committer = commit(engine, Durability.ASYNC);

        assertThat(troubles.take().kind()).isEqualTo(StoreException.Kind.BROKEN);
        committer.close();
    }

    @Test
    void a_fault_of_ours_ends_it_for_good_and_is_told() throws Exception {
        Engine engine =
                new CountingEngine() {
                    @Override
                    public void write(Changes changes, boolean sync) {
                        throw new IllegalStateException("of ours");
                    }
                };

        Committer committer = commit(engine, Durability.SYNC);

        StoreException trouble = troubles.take();
        assertThat(trouble.kind()).isEqualTo(StoreException.Kind.BROKEN);
        assertThat(trouble).hasMessageContaining("of ours");
        committer.close();
    }

    @Test
    void who_waits_is_heard_while_others_are_looked_for() throws Exception {
        Store store = new Store(new CountingEngine(), Durability.SYNC);
        Journal journal = store.journal(() -> {});
        Thread shard =
                Thread.ofPlatform()
                        .daemon()
                        .start(() -> {
                            for (int i = 0; i < 10_000; i++) {
                                journal.barrier();
                                long batch = journal.batch();
                                journal.commit();
                                while (journal.durable() < batch) {
                                    Thread.onSpinWait();
                                }
                            }
                        });

        while (shard.isAlive()) {
            if (store.isUrgent()) {
                store.commit();
            }
        }

        assertThat(store.isIdle()).isTrue();
    }
}
