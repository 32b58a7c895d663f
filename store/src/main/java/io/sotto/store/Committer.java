package io.sotto.store;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// The thread that commits: it sleeps while nothing waits, and takes all that waits when it wakes.
///
/// No failed write passes for a success. Want of room is waited for, with the same group first; any
/// other failure ends the thread for good, since nobody knows what is on the disk then.
public final class Committer {
    private static final Duration SYNC_EVERY = Duration.ofMillis(100);
    private static final Duration TRY_AGAIN_AFTER = Duration.ofSeconds(1);

    private final Store store;
    private final Consumer<StoreException> trouble;
    private final Semaphore bell = new Semaphore(0);
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean closing;

    /// @param trouble told of what the disk could not do, from this thread
    public Committer(Store store, Consumer<StoreException> trouble) {
        this.store = store;
        this.trouble = trouble;
    }

    /// Begins to commit.
    public void start() {
        store.onHanded(() -> {
            if (bell.availablePermits() == 0) {
                bell.release();
            }
        });
        Thread.ofPlatform().name("store").daemon().start(this::run);
    }

    private void run() {
        long syncedAt = System.nanoTime();
        try {
            while (!closing || !store.isIdle()) {
                boolean waits = !store.isUnsynced() && !closing;
                long patience = waits ? Long.MAX_VALUE : SYNC_EVERY.toMillis();
                boolean rung = bell.tryAcquire(patience, TimeUnit.MILLISECONDS);
                bell.drainPermits();
                if (rung) {
                    commitAll();
                }
                if (store.isUnsynced() && System.nanoTime() - syncedAt >= SYNC_EVERY.toNanos()) {
                    store.sync();
                    syncedAt = System.nanoTime();
                }
            }
            store.sync();
        } catch (StoreException e) {
            trouble.accept(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            ended.countDown();
        }
    }

    /// Commits until nothing waits.
    private void commitAll() throws StoreException, InterruptedException {
        while (!store.isIdle()) {
            try {
                store.commit();
            } catch (StoreException e) {
                if (e.kind() != StoreException.Kind.FULL || closing) {
                    throw e;
                }
                awaitRoom(e);
            }
        }
    }

    private void awaitRoom(StoreException full) throws StoreException, InterruptedException {
        store.full(true);
        trouble.accept(full);
        while (true) {
            Thread.sleep(TRY_AGAIN_AFTER);
            try {
                store.makeRoom();
                store.commit();
                store.full(false);
                return;
            } catch (StoreException e) {
                if (e.kind() != StoreException.Kind.FULL || closing) {
                    throw e;
                }
            }
        }
    }

    /// Commits what waits and ends; the engine is still open.
    public void close() throws InterruptedException {
        closing = true;
        bell.release();
        ended.await();
    }
}
