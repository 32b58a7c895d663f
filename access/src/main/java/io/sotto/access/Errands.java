package io.sotto.access;

import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/// Work for logins that waits for others or computes: each errand has a virtual thread of its own,
/// some run at once, some wait, and one more is turned away.
public final class Errands implements AutoCloseable {
    private final Semaphore free;
    private final int most;
    private final AtomicInteger present = new AtomicInteger();
    private final String name;
    private volatile boolean closed;

    /// @param atOnce how many run at once
    /// @param waiting how many more may wait for that
    public Errands(String name, int atOnce, int waiting) {
        this.name = name;
        this.free = new Semaphore(atOnce, true);
        this.most = atOnce + waiting;
    }

    /// Whether it is taken; then it runs, unless all is closed before.
    public boolean run(Runnable errand) {
        if (present.incrementAndGet() > most || closed) {
            present.decrementAndGet();
            return false;
        }
        Thread.ofVirtual().name(name).start(() -> carry(errand));
        return true;
    }

    private void carry(Runnable errand) {
        try {
            free.acquire();
            try {
                if (!closed) {
                    errand.run();
                }
            } finally {
                free.release();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            present.decrementAndGet();
        }
    }

    /// Begins none any more; logins that wait get no answer.
    @Override
    public void close() {
        closed = true;
    }
}
