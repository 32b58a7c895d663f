package io.sotto.broker;

/// A rate per minute, averaged over the last 1, 5 and 15 minutes as Unix averages its load: each
/// mean forgets exponentially, with its span as the time constant.
final class LoadAverage {
    /// The spans, in minutes.
    static final int[] SPANS = {1, 5, 15};

    private final double[] means = new double[SPANS.length];
    private long counted;

    /// Takes what was counted since the last call into the means.
    ///
    /// @param total counted since the start
    /// @param seconds since the last call, above 0
    void update(long total, double seconds) {
        double rate = (total - counted) * 60 / seconds;
        counted = total;
        for (int i = 0; i < SPANS.length; i++) {
            double kept = Math.exp(-seconds / (60.0 * SPANS[i]));
            means[i] = rate + kept * (means[i] - rate);
        }
    }

    /// The mean over a span, by its place in [#SPANS].
    double mean(int span) {
        return means[span];
    }
}
