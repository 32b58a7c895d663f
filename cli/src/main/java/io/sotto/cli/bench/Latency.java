package io.sotto.cli.bench;

import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;
import org.jspecify.annotations.Nullable;

/// Times that were measured, up to an hour, to three digits. Recorded by any thread; read by one.
final class Latency {
    private static final long LONGEST = 3_600_000_000_000L;
    private static final int DIGITS = 3;

    private final Recorder recorder = new Recorder(LONGEST, DIGITS);
    private final Histogram total = new Histogram(LONGEST, DIGITS);
    private @Nullable Histogram interval;

    /// Records a time. One below zero, which two clocks make, is zero.
    void record(long nanos) {
        recorder.recordValue(Math.clamp(nanos, 0, LONGEST));
    }

    /// What was recorded since it was asked last.
    Quantiles interval() {
        Histogram last = recorder.getIntervalHistogram(interval);
        interval = last;
        total.add(last);
        return Quantiles.of(last);
    }

    /// All that was recorded.
    Quantiles total() {
        interval();
        return Quantiles.of(total);
    }
}
