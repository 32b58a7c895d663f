package io.sotto.broker.session;

/// What waits in the queues of several sessions together. Each shard counts for its own sessions,
/// in a place that no other writes; the sum is what it happens to be at the moment.
public final class Pool {
    /// Longs between the places of two shards: two cache lines, so that they do not disturb each
    /// other.
    private static final int STRIDE = 16;

    private final long[] counts;

    Pool(int shards) {
        this.counts = new long[(shards + 1) * STRIDE];
    }

    void add(int shard, int messages, long bytes) {
        int at = (shard + 1) * STRIDE - 2;
        counts[at] += messages;
        counts[at + 1] += bytes;
    }

    /// How many copies wait.
    public long messages() {
        return sum(STRIDE - 2);
    }

    /// How many bytes of topics and payloads wait.
    public long bytes() {
        return sum(STRIDE - 1);
    }

    private long sum(int from) {
        long sum = 0;
        for (int at = from; at < counts.length - STRIDE; at += STRIDE) {
            sum += counts[at];
        }
        return sum;
    }
}
