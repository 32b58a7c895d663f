package io.sotto.transport;

import java.util.concurrent.TimeUnit;

/// The time that the broker gets: that of the wall when the process began, and monotonic from then
/// on, so that no timer fires early or late when somebody sets the wall clock.
final class SteadyClock {
    private final long wall = System.currentTimeMillis();
    private final long start = System.nanoTime();

    /// In milliseconds.
    long now() {
        return wall + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    }
}
