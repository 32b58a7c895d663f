package io.sotto.cli.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/// A distribution of times in nanoseconds, by its percentiles. Of nothing there are none.
record Quantiles(long count, long p50, long p90, long p99, long p999, long max, double mean) {
    private static final double MICROS = 1_000;
    private static final double MILLIS = 1_000_000;
    private static final double SECONDS = 1_000_000_000;

    static Quantiles of(Histogram all) {
        return new Quantiles(
                all.getTotalCount(),
                all.getValueAtPercentile(50),
                all.getValueAtPercentile(90),
                all.getValueAtPercentile(99),
                all.getValueAtPercentile(99.9),
                all.getMaxValue(),
                all.getMean());
    }

    /// Writes them in microseconds; null where nothing was measured.
    void write(String name, ObjectNode to) {
        if (count == 0) {
            to.putNull(name);
            return;
        }
        ObjectNode node = to.putObject(name);
        node.put("count", count);
        node.put("mean", mean / MICROS);
        node.put("p50", p50 / MICROS);
        node.put("p90", p90 / MICROS);
        node.put("p99", p99 / MICROS);
        node.put("p99_9", p999 / MICROS);
        node.put("max", max / MICROS);
    }

    @Override
    public String toString() {
        if (count == 0) {
            return "nothing measured";
        }
        return "p50 %s   p90 %s   p99 %s   p99.9 %s   max %s"
                .formatted(text(p50), text(p90), text(p99), text(p999), text(max));
    }

    /// A time as people read it.
    static String text(long nanos) {
        if (nanos < MILLIS) {
            return String.format(Locale.ROOT, "%.0f µs", nanos / MICROS);
        }
        if (nanos < 100 * MILLIS) {
            return String.format(Locale.ROOT, "%.2f ms", nanos / MILLIS);
        }
        return nanos < SECONDS
                ? String.format(Locale.ROOT, "%.0f ms", nanos / MILLIS)
                : String.format(Locale.ROOT, "%.2f s", nanos / SECONDS);
    }
}
