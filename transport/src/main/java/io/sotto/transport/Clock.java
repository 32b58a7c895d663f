package io.sotto.transport;

/// The time that the broker lives by: that of the wall when the process started, and monotonic from
/// then on, so that a step of the wall clock moves no timer.
final class Clock {
    private final long wallMillis = System.currentTimeMillis();
    private final long nanos = System.nanoTime();

    long now() {
        return wallMillis + (System.nanoTime() - nanos) / 1_000_000;
    }
}
