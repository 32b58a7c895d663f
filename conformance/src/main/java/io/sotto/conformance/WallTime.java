package io.sotto.conformance;

/// The time of the wall, for tests of intervals that the standard gives in seconds: keep alive,
/// expiry, will delay. The broker under test is another process with its own clock; there is no
/// condition to await but that so much time has passed. The only place in which a test sleeps.
public final class WallTime {
    private WallTime() {}

    /// Lets real time pass, in milliseconds.
    public static void pass(long millis) throws InterruptedException {
        Thread.sleep(millis);
    }
}
