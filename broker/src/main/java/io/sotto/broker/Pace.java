package io.sotto.broker;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// How often something may happen: so many times in a span on average, and as many at once after a
/// rest. Costs no timer and remembers one number: by when all that happened so far would have
/// happened at an even pace (the generic cell rate algorithm of ITU-T I.371). From any thread.
public final class Pace {
    private final long span;
    private final long interval;
    private final AtomicLong due = new AtomicLong();

    /// @param times at least 1
    /// @param spanMillis the span in milliseconds, at least 1
    public Pace(int times, int spanMillis) {
        this.span = TimeUnit.MILLISECONDS.toMicros(spanMillis);
        this.interval = Math.max(1, span / times);
    }

    /// Takes note that it happened.
    ///
    /// @return for how many milliseconds it is not to happen again, 0 when it may at once
    public long note(long now) {
        long present = TimeUnit.MILLISECONDS.toMicros(now);
        while (true) {
            long before = due.get();
            long after = Math.max(before, present) + interval;
            if (due.compareAndSet(before, after)) {
                long early = after + interval - span - present;
                return early <= 0 ? 0 : (early + 999) / 1000;
            }
        }
    }

    /// Takes note that it happens, if it may: who is refused may come again as soon as one who
    /// never tried.
    public boolean admits(long now) {
        long present = TimeUnit.MILLISECONDS.toMicros(now);
        while (true) {
            long before = due.get();
            long after = Math.max(before, present) + interval;
            if (after - present > span) {
                return false;
            }
            if (due.compareAndSet(before, after)) {
                return true;
            }
        }
    }

    /// Whether nothing is remembered that a new one would not know.
    public boolean isRested(long now) {
        return due.get() <= TimeUnit.MILLISECONDS.toMicros(now);
    }
}
