package io.sotto.client;

import java.time.Duration;

/// How long to wait before the next attempt to connect: twice as long each time, up to a maximum.
/// Half of each wait is left to chance, so that many clients do not come back at once.
///
/// @param first the wait before the first attempt
/// @param maximum the longest wait
public record Backoff(Duration first, Duration maximum) {
    /// From 1 second to 1 minute.
    public static final Backoff DEFAULT = new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(1));

    private static final int MOST_DOUBLINGS = 30;

    public Backoff {
        if (first.isNegative() || first.isZero() || first.compareTo(maximum) > 0) {
            throw new IllegalArgumentException("0 < first <= maximum");
        }
    }

    /// The wait before an attempt, counted from 0.
    ///
    /// @param chance 0 to 1
    Duration delay(int attempt, double chance) {
        double full =
                Math.min(
                        (double) first.toNanos() * (1L << Math.min(attempt, MOST_DOUBLINGS)),
                        (double) maximum.toNanos());
        return Duration.ofNanos((long) (full / 2 + full / 2 * chance));
    }
}
