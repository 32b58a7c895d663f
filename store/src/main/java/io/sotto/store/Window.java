package io.sotto.store;

import static java.util.Objects.requireNonNull;

import io.sotto.broker.spi.Message;
import io.sotto.broker.spi.Via;
import io.sotto.mqtt.QoS;
import org.jspecify.annotations.Nullable;

/// Copies for sessions of one shard that need not be on the disk yet. Most of what connected
/// clients are sent has been acknowledged before its time comes, and is never written then.
///
/// A ring in the order in which they came, with their places by the number of the message. Bounded
/// by count and bytes: whoever puts in makes room first.
final class Window {
    private static final int MOST = 1 << 15;
    private static final long MOST_BYTES = 4 << 20;

    /// What a place takes by itself.
    private static final int OVERHEAD = 64;

    private static final int SMALLEST = 16;

    private Pending[] ring = ring(SMALLEST);
    private final LongMap places = new LongMap();

    /// Counted on without end; what is above the length of the ring, a power of two, is cut off.
    private int first;

    private int end;
    private long bytes;

    /// A copy, and under what it was sent.
    static final class Pending {
        private @Nullable Message message;
        private long session;
        private QoS qos = QoS.AT_LEAST_ONCE;
        private boolean retain;
        private Via via = Via.PLAIN;
        private int beat;
        private int packetId;
        private long order;

        Message message() {
            return requireNonNull(message);
        }

        long session() {
            return session;
        }

        void writeTo(Commands commands) {
            commands.queued(message(), session, qos, retain, via);
        }

        /// It came with that beat of the store.
        void came(int present) {
            beat = present;
        }

        /// Whether it was sent.
        boolean isSent() {
            return packetId != 0;
        }

        int packetId() {
            return packetId;
        }

        long order() {
            return order;
        }

        /// Goes out under a packet identifier.
        ///
        /// @param order its place among all that are sent
        void sent(int packetId, long order) {
            this.packetId = packetId;
            this.order = order;
        }

        private int weight() {
            return message().weight() + OVERHEAD;
        }
    }

    private static Pending[] ring(int size) {
        Pending[] ring = new Pending[size];
        for (int i = 0; i < size; i++) {
            ring[i] = new Pending();
        }
        return ring;
    }

    boolean isEmpty() {
        return first == end;
    }

    /// Whether one has to be taken out before another may come.
    boolean isFull() {
        return end - first == MOST || bytes >= MOST_BYTES;
    }

    /// There must be room.
    Pending put(Message message, long session, QoS qos, boolean retain, Via via) {
        if (end - first == ring.length) {
            grow();
        }
        Pending pending = at(end);
        pending.message = message;
        pending.session = session;
        pending.qos = qos;
        pending.retain = retain;
        pending.via = via;
        pending.packetId = 0;
        places.put(message.id(), 1 + (end & Integer.MAX_VALUE >> 1));
        bytes += pending.weight();
        end++;
        return pending;
    }

    private Pending at(int place) {
        return ring[place & ring.length - 1];
    }

    private void grow() {
        Pending[] smaller = ring;
        ring = ring(smaller.length * 2);
        for (int place = first; place != end; place++) {
            ring[place & ring.length - 1] = smaller[place & smaller.length - 1];
        }
    }

    /// The copy of a message, or null where it is not, or no more, here.
    @Nullable Pending find(long message) {
        int place = places.get(message);
        return place == 0 ? null : at(place - 1);
    }

    /// The oldest copy, if it came with this beat or before; or null.
    @Nullable Pending oldest(int beat) {
        return isEmpty() || at(first).beat - beat > 0 ? null : at(first);
    }

    /// The oldest copy of all, where there is one.
    Pending oldest() {
        return at(first);
    }

    /// A copy ended or was written down.
    void remove(Pending pending) {
        places.remove(pending.message().id());
        bytes -= pending.weight();
        pending.message = null;
        while (first != end && at(first).message == null) {
            first++;
        }
    }
}
