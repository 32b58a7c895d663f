package io.sotto.store;

import io.sotto.broker.spi.Fetch;
import java.nio.ByteBuffer;
import java.util.List;

/// What one shard changed in one turn: a value, which is applied as a whole and gives the same
/// wherever it is applied.
final class Batch {
    private final ShardJournal journal;
    private final long number;
    private final Told told;
    private final List<Fetch> fetches;

    /// What is waited for.
    enum Urgency {
        /// Nothing: it counts as durable already.
        NONE,
        /// That it survives the end of the process.
        WRITTEN,
        /// That it survives a power cut.
        SYNCED
    }

    /// @param number its place among the batches of its journal
    /// @param told what changed; the commands are not to be written to any more
    /// @param fetches what is wanted once it is written
    Batch(ShardJournal journal, long number, Told told, List<Fetch> fetches) {
        this.journal = journal;
        this.number = number;
        this.told = told;
        this.fetches = fetches;
    }

    /// What changed.
    ///
    /// @param commands see [Command]
    /// @param ends whether any copy ended
    /// @param urgency what is waited for
    record Told(Bytes commands, boolean ends, Urgency urgency) {
        static final Told NOTHING = new Told(new Bytes(0), false, Urgency.NONE);
    }

    ShardJournal journal() {
        return journal;
    }

    long number() {
        return number;
    }

    /// Whether it is to be synced.
    boolean isStrict() {
        return told.urgency == Urgency.SYNCED;
    }

    /// Whether anybody waits for it.
    boolean isUrgent() {
        return told.urgency != Urgency.NONE || !fetches.isEmpty();
    }

    /// Whether any copy ended.
    boolean ends() {
        return told.ends;
    }

    /// The bytes behind [#read], not to be changed.
    Bytes commands() {
        return told.commands;
    }

    /// The commands, from the first.
    ByteBuffer read() {
        return ByteBuffer.wrap(told.commands.array(), 0, told.commands.size());
    }

    int size() {
        return told.commands.size();
    }

    List<Fetch> fetches() {
        return fetches;
    }
}
