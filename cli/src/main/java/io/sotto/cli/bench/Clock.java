package io.sotto.cli.bench;

/// The time since 1970 in nanoseconds. It never goes back within a process, and two processes on
/// one machine agree as well as the machine's clock is steady.
final class Clock {
    private static final long EPOCH_NANOS = System.currentTimeMillis() * 1_000_000;
    private static final long BEGAN = System.nanoTime();

    private Clock() {}

    static long now() {
        return EPOCH_NANOS + (System.nanoTime() - BEGAN);
    }
}
