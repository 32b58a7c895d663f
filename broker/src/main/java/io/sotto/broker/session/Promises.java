package io.sotto.broker.session;

import io.sotto.broker.spi.Journal;
import java.util.ArrayDeque;
import java.util.Deque;

/// What a shard does only once the journal is as far: no acknowledgement leaves before what it
/// promises is durable, and those of one connection leave in order.
public final class Promises {
    private final Journal journal;
    private final Deque<Waiting> waiting = new ArrayDeque<>(0);

    public Promises(Journal journal) {
        this.journal = journal;
    }

    /// Something that was promised.
    public interface Promise {
        void keep(long now);
    }

    private record Waiting(long batch, Promise promise) {}

    /// Whether changes of this batch, or earlier ones, are still on their way to the disk.
    public boolean isPending(long batch) {
        return batch > journal.durable();
    }

    /// Keeps a promise once a batch is durable. Batches never fall.
    public void hold(long batch, Promise promise) {
        waiting.add(new Waiting(batch, promise));
    }

    /// Keeps the promises that may be kept now.
    public void keep(long now) {
        long durable = journal.durable();
        for (Waiting first = waiting.peek();
                first != null && first.batch <= durable;
                first = waiting.peek()) {
            waiting.remove();
            first.promise.keep(now);
        }
    }

    public boolean isEmpty() {
        return waiting.isEmpty();
    }
}
