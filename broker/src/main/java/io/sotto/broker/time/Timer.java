package io.sotto.broker.time;

import org.jspecify.annotations.Nullable;

/// Something that is to happen at a time. Sleeps in one [TimerWheel] at most; setting it again
/// moves it.
public abstract class Timer {
    long deadline;
    @Nullable Timer previous;
    @Nullable Timer next;

    /// Called once when the deadline has come; the timer is free to be set again.
    protected abstract void expired(long now);

    /// Whether it waits in a wheel.
    public final boolean isSet() {
        return previous != null;
    }

    /// Takes it out of its wheel, if it is in one.
    public final void cancel() {
        Timer before = previous;
        Timer after = next;
        if (before != null && after != null) {
            before.next = after;
            after.previous = before;
            previous = null;
            next = null;
        }
    }
}
