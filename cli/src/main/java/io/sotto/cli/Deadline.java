package io.sotto.cli;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// When to stop waiting, if ever.
///
/// @param nanos by `System.nanoTime()`
record Deadline(boolean bounded, long nanos) {
    private static final Duration STEP = Duration.ofMillis(500);

    /// So many seconds from now; null for never.
    static Deadline in(@Nullable Integer seconds) {
        return seconds == null
                ? new Deadline(false, 0)
                : new Deadline(true, System.nanoTime() + Duration.ofSeconds(seconds).toNanos());
    }

    boolean isOver() {
        return bounded && nanos - System.nanoTime() <= 0;
    }

    /// How long to wait before looking around.
    Duration step() {
        if (!bounded) {
            return STEP;
        }
        long left = Math.max(0, nanos - System.nanoTime());
        return Duration.ofNanos(Math.min(STEP.toNanos(), left));
    }
}
