package io.sotto.cli.bench;

/// The times that one thread measures, on their way to those of all. What was sent together was due
/// together and mostly comes together: such times are equal, and recorded as one.
final class Times {
    private final Latency all;
    private long nanos;
    private int counts;
    private int count;

    Times(Latency all) {
        this.all = all;
    }

    /// @param counting 1 when it counts, else 0
    void add(long time, int counting) {
        if (time != nanos || counting != counts) {
            flush();
            nanos = time;
            counts = counting;
        }
        count++;
    }

    /// Hands over what is left.
    void flush() {
        if (count > 0) {
            all.record(nanos, count, counts);
            count = 0;
        }
    }
}
