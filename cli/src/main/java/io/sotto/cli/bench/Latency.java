package io.sotto.cli.bench;

import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/// Times that were measured, up to an hour, to three digits. Recorded by any thread; read by one.
///
/// Threads record in different places, so that those of several processors do not wait for each
/// other. What does not count has a place too, at which nobody looks: then all that is done for
/// what counts has been done before, and is compiled.
final class Latency {
    private static final long LONGEST = 3_600_000_000_000L;
    private static final int DIGITS = 3;
    private static final int PLACES = 8;

    private final Recorder[] recorders =
            Stream.generate(() -> new Recorder(LONGEST, DIGITS))
                    .limit(1 + PLACES)
                    .toArray(Recorder[]::new);
    private final Histogram total = new Histogram(LONGEST, DIGITS);

    /// Records a time. One below zero, which two clocks make, is zero.
    void record(long nanos) {
        record(nanos, 1, 1);
    }

    /// Records the same time so often.
    ///
    /// @param counts 1 when it counts, else 0
    void record(long nanos, int times, int counts) {
        int place = 1 + ((int) Thread.currentThread().threadId() & PLACES - 1);
        recorders[place * counts].recordValueWithCount(Math.clamp(nanos, 0, LONGEST), times);
    }

    /// What was recorded, and counts, since it was asked last.
    Quantiles interval() {
        Histogram interval = new Histogram(LONGEST, DIGITS);
        for (int place = 1; place <= PLACES; place++) {
            interval.add(recorders[place].getIntervalHistogram());
        }
        total.add(interval);
        return Quantiles.of(interval);
    }

    /// All that was recorded and counts.
    Quantiles total() {
        interval();
        return Quantiles.of(total);
    }
}
