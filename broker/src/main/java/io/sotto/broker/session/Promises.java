package io.sotto.broker.session;

import static java.util.Objects.requireNonNull;

import io.sotto.broker.spi.Journal;
import io.sotto.mqtt.Packet;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// What a shard does only once the journal is as far: no acknowledgement leaves before what it
/// promises is durable, and those of one connection leave in order.
///
/// A ring of columns: one that waits costs no object.
public final class Promises {
    private static final int SMALLEST = 16;

    private final Journal journal;
    private long[] batches = new long[SMALLEST];
    private @Nullable Promise[] promises = new Promise[SMALLEST];
    private @Nullable Packet[] packets = new Packet[SMALLEST];

    /// Counted on without end; what is above the length of the ring, a power of two, is cut off.
    private long first;

    private long end;

    public Promises(Journal journal) {
        this.journal = journal;
    }

    /// Somebody who promised something.
    public interface Promise {
        /// It may be done now.
        ///
        /// @param packet what was handed over with it
        void keep(@Nullable Packet packet, long now);
    }

    /// Whether changes of this batch, or earlier ones, are still on their way to the disk.
    public boolean isPending(long batch) {
        return batch > journal.durable();
    }

    /// Keeps a promise once a batch is durable. Batches never fall.
    ///
    /// @param packet handed back with it
    public void hold(long batch, Promise promise, @Nullable Packet packet) {
        if (end - first == batches.length) {
            grow();
        }
        int at = (int) end & batches.length - 1;
        batches[at] = batch;
        promises[at] = promise;
        packets[at] = packet;
        end++;
    }

    private void grow() {
        int size = batches.length;
        int turn = (int) first & size - 1;
        batches = turned(batches, turn);
        promises = turned(promises, turn);
        packets = turned(packets, turn);
        end -= first;
        first = 0;
    }

    private static long[] turned(long[] ring, int from) {
        long[] turned = new long[ring.length * 2];
        System.arraycopy(ring, from, turned, 0, ring.length - from);
        System.arraycopy(ring, 0, turned, ring.length - from, from);
        return turned;
    }

    private static <T> @Nullable T[] turned(@Nullable T[] ring, int from) {
        @Nullable T[] turned = Arrays.copyOf(ring, ring.length * 2);
        System.arraycopy(ring, from, turned, 0, ring.length - from);
        System.arraycopy(ring, 0, turned, ring.length - from, from);
        return turned;
    }

    /// Keeps the promises that may be kept now.
    ///
    /// @return whether there were any, so that something may follow from them
    public boolean keep(long now) {
        long durable = journal.durable();
        boolean any = false;
        while (first != end) {
            int at = (int) first & batches.length - 1;
            if (batches[at] > durable) {
                break;
            }
            Promise promise = requireNonNull(promises[at]);
            Packet packet = packets[at];
            promises[at] = null;
            packets[at] = null;
            first++;
            any = true;
            promise.keep(packet, now);
        }
        return any;
    }

    public boolean isEmpty() {
        return first == end;
    }
}
