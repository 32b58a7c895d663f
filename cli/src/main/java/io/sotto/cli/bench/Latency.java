package io.sotto.cli.bench;

import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/// Times that were measured, up to an hour, to three digits. Recorded by any thread; read by one.
///
/// Threads record in different places, so that those of several processors do not wait for each
/// other.
final class Latency {
    private static final long LONGEST = 3_600_000_000_000L;
    private static final int DIGITS = 3;
    private static final int PLACES = 8;

    private final Recorder[] recorders =
            Stream.generate(() -> new Recorder(LONGEST, DIGITS))
                    .limit(PLACES)
                    .toArray(Recorder[]::new);
    private final Histogram total = new Histogram(LONGEST, DIGITS);

    /// Records a time. One below zero, which two clocks make, is zero.
    void record(long nanos) {
        record(nanos, 1);
    }

    /// Records the same time so often.
    void record(long nanos, int times) {
        int place = (int) Thread.currentThread().threadId() & PLACES - 1;
        recorders[place].recordValueWithCount(Math.clamp(nanos, 0, LONGEST), times);
    }

    /// What was recorded since it was asked last.
    Quantiles interval() {
        Histogram interval = new Histogram(LONGEST, DIGITS);
        for (Recorder recorder : recorders) {
            interval.add(recorder.getIntervalHistogram());
        }
        total.add(interval);
        return Quantiles.of(interval);
    }

    /// All that was recorded.
    Quantiles total() {
        interval();
        return Quantiles.of(total);
    }
}
