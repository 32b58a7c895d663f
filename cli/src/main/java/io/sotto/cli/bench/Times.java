package io.sotto.cli.bench;

/// The times that one thread measures, on their way to those of all. What was sent together was due
/// together and mostly comes together: such times are equal, and recorded as one.
final class Times {
    private final Latency all;
    private long nanos;
    private int count;

    Times(Latency all) {
        this.all = all;
    }

    void add(long time) {
        if (time != nanos) {
            flush();
            nanos = time;
        }
        count++;
    }

    /// Hands over what is left.
    void flush() {
        if (count > 0) {
            all.record(nanos, count);
            count = 0;
        }
    }
}
