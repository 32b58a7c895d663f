package io.sotto.broker.session;

/// The numbers that one shard gives to what it begins: no other shard gives the same, and each is
/// higher than the last.
///
/// They follow the clock and whatever the shard has heard of others, so that what one shard begins
/// after another is higher as well: of two messages in different milliseconds, and of a message and
/// one that was sent because of it. After a start the messages of a session are put in that order.
///
/// ```text
/// | millisecond (47) | count within it, which may run ahead of the clock | shard (up to 16) |
/// ```
public final class MessageNumbers {
    /// So many numbers all shards together have for a millisecond, as a power of two.
    private static final int FINENESS = 16;

    private final int shard;
    private final int shardBits;
    private long last;

    /// @param shard the index of the shard
    /// @param shards how many there are
    public MessageNumbers(int shard, int shards) {
        this.shard = shard;
        this.shardBits = Integer.SIZE - Integer.numberOfLeadingZeros(shards - 1);
    }

    /// A number for what begins now.
    ///
    /// @param now the time in milliseconds
    public long next(long now) {
        last = Math.max(last + 1, now << FINENESS - shardBits);
        return last << shardBits | shard;
    }

    /// Goes on above a number that was given before, by whichever shard.
    public void above(long number) {
        last = Math.max(last, number >>> shardBits);
    }
}
