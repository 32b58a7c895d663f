package io.sotto.broker;

import io.sotto.broker.spi.Journal;
import io.sotto.mqtt.Packet;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// The acknowledgements of a shard that wait for the journal: none leaves before what it promises
/// is durable, and those of one connection leave in order.
final class Promises {
    private final Journal journal;
    private final Deque<Promise> waiting = new ArrayDeque<>();

    Promises(Journal journal) {
        this.journal = journal;
    }

    /// @param packet what is to be sent, or null to tell the connection that its login is complete
    private record Promise(long batch, Connection connection, @Nullable Packet packet) {}

    /// Whether changes of this batch, or earlier ones, are still on their way to the disk.
    boolean isPending(long batch) {
        return batch > journal.durable();
    }

    /// Keeps a packet until a batch is durable.
    void hold(long batch, Connection connection, @Nullable Packet packet) {
        waiting.add(new Promise(batch, connection, packet));
    }

    /// Keeps the promises that may be kept now.
    void keep(long now) {
        long durable = journal.durable();
        for (Promise first = waiting.peek();
                first != null && first.batch <= durable;
                first = waiting.peek()) {
            waiting.remove();
            first.connection.promised(first.packet, now);
        }
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }
}
