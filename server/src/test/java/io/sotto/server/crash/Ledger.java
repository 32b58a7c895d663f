package io.sotto.server.crash;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/// What all clients of a run have seen, counted, and every promise that was broken. From any
/// thread.
final class Ledger {
    private static final int FAULTS = 50;

    final AtomicLong acknowledged = new AtomicLong();
    final AtomicLong delivered = new AtomicLong();
    final AtomicLong repeated = new AtomicLong();
    final AtomicLong resumed = new AtomicLong();
    final AtomicLong lost = new AtomicLong();
    final AtomicLong oldestLost = new AtomicLong();
    private final Queue<String> faults = new ConcurrentLinkedQueue<>();
    private final Semaphore acks = new Semaphore(0);

    /// The broker has acknowledged something.
    void acknowledged() {
        acknowledged.incrementAndGet();
        acks.release();
    }

    /// Counts from here on what [#acks] gives.
    Semaphore acks() {
        acks.drainPermits();
        return acks;
    }

    /// A copy of a message of QoS 1 is gone that was acknowledged so long before a kill.
    void lost(long nanos) {
        lost.incrementAndGet();
        oldestLost.accumulateAndGet(nanos, Math::max);
    }

    /// A promise was broken.
    void fault(String sentence) {
        if (faults.size() < FAULTS) {
            faults.add(sentence);
        }
    }

    Queue<String> faults() {
        return faults;
    }
}
