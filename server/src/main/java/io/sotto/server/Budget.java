package io.sotto.server;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// How many lines of one severity are written in a second; what is beyond is counted. Safe to call
/// from any thread.
final class Budget {
    private final int perSecond;
    private final AtomicLong second = new AtomicLong();
    private final AtomicInteger used = new AtomicInteger();
    private final AtomicInteger leftOut = new AtomicInteger();

    Budget(int perSecond) {
        this.perSecond = perSecond;
    }

    /// Takes a line out of the budget of this second.
    ///
    /// @param now in milliseconds
    /// @return whether it is to be written
    boolean take(long now) {
        long present = now / 1000;
        long earlier = second.get();
        if (present > earlier && second.compareAndSet(earlier, present)) {
            used.set(0);
        }
        if (used.get() < perSecond && used.incrementAndGet() <= perSecond) {
            return true;
        }
        leave();
        return false;
    }

    /// Counts a line that is left out for another reason.
    void leave() {
        leftOut.incrementAndGet();
    }

    /// How many were left out since the last call.
    int takeLeftOut() {
        return leftOut.getAndSet(0);
    }
}
