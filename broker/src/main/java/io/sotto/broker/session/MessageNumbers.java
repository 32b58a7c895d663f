package io.sotto.broker.session;

/// The numbers that one shard gives to what it begins: no other shard gives the same, and each is
/// higher than the last.
public final class MessageNumbers {
    private final int stride;
    private long next;

    /// @param shard the index of the shard
    /// @param shards how many there are
    public MessageNumbers(int shard, int shards) {
        this.stride = shards;
        this.next = (long) shards + shard;
    }

    public long next() {
        long number = next;
        next += stride;
        return number;
    }

    /// Goes on above a number that was given before.
    public void above(long number) {
        if (number >= next) {
            next += ((number - next) / stride + 1) * stride;
        }
    }
}
