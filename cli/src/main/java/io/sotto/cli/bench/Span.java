package io.sotto.cli.bench;

/// The time that counts, by [Clock].
///
/// @param begin when the first message is due
/// @param from when what counts begins
/// @param to when everything ends
record Span(long begin, long from, long to) {
    /// Before anything counts.
    static final Span NONE = new Span(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE);

    static Span startingAt(long begin, Load.Times times) {
        long from = begin + times.warmup().toNanos();
        return new Span(begin, from, from + times.measured().toNanos());
    }

    /// 1 where a time counts, and 0 where it does not.
    ///
    /// Reckoned without a branch: what the warm-up never does the JVM leaves out when it compiles,
    /// and would compile everything around it anew just when the time that counts begins.
    int counts(long time) {
        return (int) ((~(time - from) & (time - to)) >>> (Long.SIZE - 1));
    }
}
