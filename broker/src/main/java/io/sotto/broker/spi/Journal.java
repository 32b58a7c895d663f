package io.sotto.broker.spi;

/// What one shard must not forget, handed over change by change and made durable in batches.
///
/// The shard calls the three stores while it works, then [#commit] once per turn. A batch is
/// durable when [#durable] has reached its number; acknowledgements wait for that. Changes of one
/// batch become durable together or not at all.
public interface Journal extends SessionStore, MessageLog, RetainedStore {
    /// How many changes it was told of; grows with each.
    long changes();

    /// The number of the batch that holds the latest change, 0 before the first.
    long batch();

    /// Ends the batch that takes changes now, if it holds any; does not wait for the disk.
    void commit();

    /// The number up to which all batches are durable. Whoever raises it wakes the shard.
    long durable();
}
