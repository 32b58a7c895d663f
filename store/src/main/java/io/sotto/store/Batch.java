package io.sotto.store;

import io.sotto.broker.spi.Fetch;
import java.nio.ByteBuffer;
import java.util.List;

/// What one shard changed in one turn: a value, which is applied as a whole and gives the same
/// wherever it is applied.
final class Batch {
    private final ShardJournal journal;
    private final long number;
    private final boolean isStrict;
    private final byte[] commands;
    private final List<Fetch> fetches;

    /// @param number its place among the batches of its journal
    /// @param isStrict whether it is to survive a power cut once it counts as durable
    /// @param commands see [Command]; not to be changed any more
    /// @param fetches what is wanted once it is written
    Batch(
            ShardJournal journal,
            long number,
            boolean isStrict,
            byte[] commands,
            List<Fetch> fetches) {
        this.journal = journal;
        this.number = number;
        this.isStrict = isStrict;
        this.commands = commands;
        this.fetches = fetches;
    }

    ShardJournal journal() {
        return journal;
    }

    long number() {
        return number;
    }

    boolean isStrict() {
        return isStrict;
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
