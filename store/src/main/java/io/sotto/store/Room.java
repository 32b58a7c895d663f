package io.sotto.store;

import io.sotto.broker.spi.Journal.Condition;
import java.util.concurrent.atomic.AtomicLong;

/// How much the store can take: what is on its way to the disk, and whether that has room. Told and
/// asked from any thread.
final class Room {
    /// From so many bytes on their way to the disk on, publishers are to wait.
    private static final long BEHIND = 64 << 20;

    private final AtomicLong waiting = new AtomicLong();
    private volatile boolean behind;
    private volatile boolean full;
    private volatile boolean low;

    /// Bytes set out for the disk.
    void handed(int bytes) {
        if (waiting.addAndGet(bytes) > BEHIND) {
            behind = true;
        }
    }

    /// How many bytes are on their way.
    long waiting() {
        return waiting.get();
    }

    /// Bytes have arrived there.
    void written(long bytes) {
        if (waiting.addAndGet(-bytes) < BEHIND / 2) {
            behind = false;
        }
    }

    /// A group waits for room, or does so no more.
    void full(boolean isFull) {
        full = isFull;
    }

    /// There is little room left, or enough again.
    void low(boolean isLow) {
        low = isLow;
    }

    Condition condition() {
        if (full || low) {
            return Condition.FULL;
        }
        return behind ? Condition.BEHIND : Condition.READY;
    }
}
