package io.sotto.broker.spi;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What one shard must not forget, handed over change by change and made durable in batches.
///
/// The shard calls the three stores while it works, then [#commit] once per turn. A batch is
/// durable when [#durable] has reached its number; acknowledgements wait for that. Changes of one
/// batch become durable together or not at all, and no batch before one that any shard committed
/// earlier.
public interface Journal extends SessionStore, MessageLog, RetainedStore {
    /// How surely the next change is to be kept, and that one alone; null for as usual. What is
    /// kept in memory only is not told of at all.
    void keeping(@Nullable Durability durability);

    /// Whether what is kept as surely as that, null for as usual, counts as durable at once, and
    /// may be written later.
    boolean defers(@Nullable Durability durability);

    /// How many changes it was told of; grows with each.
    long changes();

    /// The number of the batch that has to be durable for the latest change or barrier to be, 0
    /// before the first.
    long batch();

    /// A change is certain and is told of before the batch ends: whoever waits for it waits for
    /// that batch.
    void announce();

    /// A change of nothing: once the batch that holds it is durable, so is all that other shards
    /// committed up to now.
    void barrier();

    /// What was counted in all runs so far, by name; replaces what was told before.
    void totals(Map<String, Long> totals);

    /// Ends the batch that takes changes now, if it holds any; does not wait for the disk.
    void commit();

    /// The number up to which all batches are durable. Whoever raises it wakes the shard.
    long durable();

    /// A [Fetch] whose answer is there, or null.
    @Nullable Fetch nextFound();

    /// Whether it can give bodies of messages back, so that queues need not hold them.
    boolean isStoring();

    /// What it can take now.
    Condition condition();

    /// What all shards have cost the disk since the start; as it happens to be.
    Effort effort();

    /// What it cost to keep what was told.
    ///
    /// @param bytes handed to the engine, with keys, before it compresses anything
    /// @param syncs how often the disk was waited for
    record Effort(long bytes, long syncs) {
        public static final Effort NONE = new Effort(0, 0);
    }

    /// How it stands with the disk.
    enum Condition {
        /// All is well.
        READY,
        /// So much is on its way to the disk that publishers should wait.
        BEHIND,
        /// The disk is full: no more is taken that would need it.
        FULL
    }
}
