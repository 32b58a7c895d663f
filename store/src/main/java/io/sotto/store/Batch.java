package io.sotto.store;

import io.sotto.broker.spi.Fetch;
import java.nio.ByteBuffer;
import java.util.List;

/// What one shard changed in one turn: a value, which is applied as a whole and gives the same
/// wherever it is applied.
final class Batch {
    private final ShardJournal journal;
    private final long number;
    private final Urgency urgency;
    private final byte[] commands;
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
    /// @param urgency what is waited for
    /// @param commands see [Command]; not to be changed any more
    /// @param fetches what is wanted once it is written
    Batch(
            ShardJournal journal,
            long number,
            Urgency urgency,
            byte[] commands,
            List<Fetch> fetches) {
        this.journal = journal;
        this.number = number;
        this.urgency = urgency;
        this.commands = commands;
        this.fetches = fetches;
    }

    ShardJournal journal() {
        return journal;
    }

    long number() {
        return number;
    }

    /// Whether it is to be synced.
    boolean isStrict() {
        return urgency == Urgency.SYNCED;
    }

    /// Whether anybody waits for it.
    boolean isUrgent() {
        return urgency != Urgency.NONE || !fetches.isEmpty();
    }

    /// The bytes behind [#read], not to be changed.
    byte[] commands() {
        return commands;
    }

    /// The commands, from the first.
    ByteBuffer read() {
        return ByteBuffer.wrap(commands);
    }

    int size() {
        return commands.length;
    }

    List<Fetch> fetches() {
        return fetches;
    }
}
