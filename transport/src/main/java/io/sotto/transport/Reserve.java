package io.sotto.transport;

import java.util.concurrent.atomic.AtomicLong;

/// The memory that all connections together may fill with packets that are here in part. From any
/// loop.
final class Reserve {
    private final long size;
    private final AtomicLong taken = new AtomicLong();

    /// @param size in bytes
    Reserve(long size) {
        this.size = size;
    }

    /// Takes so many bytes, if they are there.
    boolean take(int bytes) {
        if (taken.addAndGet(bytes) <= size) {
            return true;
        }
        taken.addAndGet(-bytes);
        return false;
    }

    void give(int bytes) {
        taken.addAndGet(-bytes);
    }

    /// How many bytes are taken now.
    long taken() {
        return taken.get();
    }
}
