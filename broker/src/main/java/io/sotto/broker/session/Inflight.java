package io.sotto.broker.session;

import io.sotto.broker.spi.Held;
import io.sotto.broker.spi.Message;
import io.sotto.broker.spi.Recovery;
import io.sotto.broker.spi.Via;
import io.sotto.mqtt.QoS;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The copies that were sent under a packet identifier and are not settled, with their state.
///
/// Invariant: packet identifiers are 1 to 65,535, and no two copies share one [MQTT-2.2.1-4]. They
/// are handed out in turn, so that one that was just freed rests longest. A table of slots by the
/// low bits of the identifier; an identifier whose slot is taken is passed over.
final class Inflight {
    /// What is owed by whom.
    enum State {
        /// PUBLISH was sent, its acknowledgement is awaited.
        PUBLISHED,
        /// PUBREC came: PUBREL is or will be sent, PUBCOMP is awaited.
        RELEASED
    }

    private static final int SMALLEST = 16;
    private static final int LARGEST = 65_536;
    private static final int RETAIN = 4;
    private static final int IS_RELEASED = 8;
    private static final int IS_WRITTEN_OFF = 16;
    private static final int IS_UNSENT = 32;
    private static final int IS_OUT = 64;
    private static final byte IS_WEIGHED = (byte) 128;
    private static final QoS[] LEVELS = QoS.values();

    private @Nullable Held[] messages = Empty.HELD;
    private @Nullable Via[] vias = Empty.VIAS;
    private int[] ids = Empty.INTS;
    private byte[] flags = Empty.BYTES;
    private long[] order = Empty.LONGS;
    private int size;
    private int outstanding;
    private long outstandingBytes;
    private int lastId;
    private long sequence;

    int size() {
        return size;
    }

    /// How many of them were sent to the client that is there now.
    int outstanding() {
        return outstanding;
    }

    /// Whether another copy of so many bytes is within a bound of them, of which the first is.
    boolean hasRoomFor(int weight, long bytes) {
        return outstanding == 0 || outstandingBytes <= bytes - weight;
    }

    /// The copy counts as sent to the client that is there now, until it is removed.
    ///
    /// @param weighed whether its bytes count as well: without a bound of them nobody asks, and to
    ///   look at a message again when it is removed costs more than all else there
    void out(int id, boolean weighed) {
        int slot = slot(id);
        if ((flags[slot] & IS_OUT) == 0) {
            flags[slot] |= IS_OUT;
            outstanding++;
            if (weighed) {
                flags[slot] |= IS_WEIGHED;
                outstandingBytes += weight(slot);
            }
        }
    }

    private int weight(int slot) {
        return Objects.requireNonNull(messages[slot]).weight();
    }

    /// Another client is there, or none.
    void allBack() {
        outstanding = 0;
        outstandingBytes = 0;
        for (int slot = 0; slot < flags.length; slot++) {
            flags[slot] &= ~(IS_OUT | IS_WEIGHED);
        }
    }

    /// Keeps a copy and answers its packet identifier. At most 65,535 fit.
    int add(Message message, QoS qos, boolean retain, Via via) {
        if (size * 2 >= ids.length && ids.length < LARGEST) {
            grow(Math.max(SMALLEST, ids.length * 2));
        }
        int id = lastId;
        do {
            id = id == 65_535 ? 1 : id + 1;
        } while (ids[slot(id)] != 0);
        lastId = id;
        put(id, message, via, (byte) (qos.level() | (retain ? RETAIN : 0)), ++sequence);
        return id;
    }

    private void put(int id, Held message, Via via, byte flag, long at) {
        int slot = slot(id);
        ids[slot] = id;
        messages[slot] = message;
        vias[slot] = via;
        flags[slot] = flag;
        order[slot] = at;
        size++;
    }

    /// Keeps a copy that was sent before the broker began.
    void restore(Recovery.Copy copy, int id, boolean released) {
        while ((size * 2 >= ids.length && ids.length < LARGEST)
                || ids.length == 0
                || ids[slot(id)] != 0) {
            grow(Math.max(SMALLEST, ids.length * 2));
        }
        lastId = id;
        int flags = copy.qos().level() | (copy.retain() ? RETAIN : 0);
        put(id, copy.message(), copy.via(), (byte) flags, ++sequence);
        if (released) {
            release(id);
        }
    }

    boolean contains(int id) {
        return id != 0 && ids.length != 0 && ids[slot(id)] == id;
    }

    Held message(int id) {
        Held message = messages[slot(id)];
        assert message != null;
        return message;
    }

    /// Puts the body of a message in the place of its description.
    void fill(int id, Message message) {
        assert message(id).id() == message.id();
        messages[slot(id)] = message;
    }

    Via via(int id) {
        Via via = vias[slot(id)];
        assert via != null;
        return via;
    }

    QoS qos(int id) {
        return LEVELS[flags[slot(id)] & 3];
    }

    boolean retain(int id) {
        return (flags[slot(id)] & RETAIN) != 0;
    }

    State state(int id) {
        return isReleased(id) ? State.RELEASED : State.PUBLISHED;
    }

    boolean isReleased(int id) {
        return (flags[slot(id)] & IS_RELEASED) != 0;
    }

    /// PUBREC came.
    void release(int id) {
        flags[slot(id)] |= IS_RELEASED;
    }

    /// The copy waits for the disk before it is sent for the first time.
    void hold(int id) {
        flags[slot(id)] |= IS_UNSENT;
    }

    /// Whether it waits for its first sending.
    boolean isUnsent(int id) {
        return (flags[slot(id)] & IS_UNSENT) != 0;
    }

    /// The copy is being sent: if for the first time, now is its place in the order.
    void begin(int id) {
        if (isUnsent(id)) {
            flags[slot(id)] &= ~IS_UNSENT;
            order[slot(id)] = ++sequence;
        }
    }

    /// Whether another member of its share group may take it: a QoS 2 delivery that has begun is
    /// for nobody else [MQTT-4.8.2-5].
    boolean mayMove(int id) {
        return qos(id) == QoS.AT_LEAST_ONCE || isUnsent(id);
    }

    /// The copy has its outcome already; only its identifier is still in use.
    void writeOff(int id) {
        flags[slot(id)] |= IS_WRITTEN_OFF;
    }

    boolean isWrittenOff(int id) {
        return (flags[slot(id)] & IS_WRITTEN_OFF) != 0;
    }

    void remove(int id) {
        int at = slot(id);
        if ((flags[at] & IS_OUT) != 0) {
            outstanding--;
            if ((flags[at] & IS_WEIGHED) != 0) {
                outstandingBytes -= weight(at);
            }
        }
        ids[at] = 0;
        messages[at] = null;
        vias[at] = null;
        size--;
    }

    /// All identifiers, in the order in which the copies were first sent [MQTT-4.6.0-1], then those
    /// that were not.
    int[] inOrder() {
        return IntStream.of(ids)
                .filter(id -> id != 0)
                .boxed()
                .sorted(
                        Comparator.comparing((Integer id) -> isUnsent(id))
                                .thenComparingLong(id -> order[slot(id)]))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    private int slot(int id) {
        return id & ids.length - 1;
    }

    private void grow(int capacity) {
        int[] oldIds = ids;
        Held[] newMessages = new Held[capacity];
        Via[] newVias = new Via[capacity];
        byte[] newFlags = new byte[capacity];
        long[] newOrder = new long[capacity];
        ids = new int[capacity];
        for (int from = 0; from < oldIds.length; from++) {
            if (oldIds[from] != 0) {
                int to = slot(oldIds[from]);
                ids[to] = oldIds[from];
                newMessages[to] = messages[from];
                newVias[to] = vias[from];
                newFlags[to] = flags[from];
                newOrder[to] = order[from];
            }
        }
        messages = newMessages;
        vias = newVias;
        flags = newFlags;
        order = newOrder;
    }

    /// Lets go of the memory of a window that was large, once it is empty.
    void trim() {
        if (size == 0 && ids.length > 1024) {
            ids = Arrays.copyOf(ids, 0);
            messages = Arrays.copyOf(messages, 0);
            vias = Arrays.copyOf(vias, 0);
            flags = Arrays.copyOf(flags, 0);
            order = Arrays.copyOf(order, 0);
        }
    }
}
