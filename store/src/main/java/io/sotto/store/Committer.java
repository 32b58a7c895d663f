package io.sotto.store;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// The thread that commits: it sleeps while nothing waits, and takes all that waits when somebody
/// waits for it, or with the next beat. What was written without a sync is synced with each beat.
///
/// No failed write passes for a success. Want of room is waited for, with the same group first; any
/// other failure ends the thread for good, since nobody knows what is on the disk then.
public final class Committer {
    /// Three of them and a write are the 100 milliseconds that [Durability#ASYNC] promises: a copy
    /// waits for two at most, and its sync for one.
    static final Duration BEAT = Duration.ofMillis(25);

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
        long beatAt = System.nanoTime();
        try {
            while (!closing || !store.isWritten()) {
                beatAt = await(beatAt);
                boolean beats = closing || System.nanoTime() - beatAt >= 0;
                if (beats) {
                    beatAt = System.nanoTime() + BEAT.toNanos();
                    store.beat();
                }
                if (store.isUrgent() || beats) {
                    commitAll();
                }
                if (beats && store.isUnsynced()) {
                    store.sync();
                }
            }
            store.sync();
        } catch (StoreException e) {
            trouble.accept(closing ? e : end(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            trouble.accept(end(e));
        } finally {
            ended.countDown();
        }
    }

    /// Why nothing is committed any more: want of room as well, where it is a sync that found none,
    /// and a fault of ours.
    private static StoreException end(Throwable cause) {
        return cause instanceof StoreException known && known.kind() != StoreException.Kind.FULL
                ? known
                : new StoreException(
                        StoreException.Kind.BROKEN, "nothing is written any more: " + cause, cause);
    }

    /// Waits for the bell, while there is nothing to do, or for the next beat.
    ///
    /// @return when that is
    private long await(long beatAt) throws InterruptedException {
        store.resting(true);
        boolean rests = store.isQuiet() && !closing;
        if (rests) {
            bell.acquire();
        }
        store.resting(false);
        if (rests) {
            bell.drainPermits();
            return System.nanoTime() + BEAT.toNanos();
        }
        if (bell.tryAcquire(beatAt - System.nanoTime(), TimeUnit.NANOSECONDS)) {
            bell.drainPermits();
        }
        return beatAt;
    }

    /// Commits until nothing waits.
    private void commitAll() throws StoreException, InterruptedException {
        while (!store.isWritten()) {
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

    /// Commits what waits and ends; the engine is still open, and no shard runs any more.
    public void close() throws InterruptedException {
        store.finish();
        closing = true;
        bell.release();
        ended.await();
    }
}
