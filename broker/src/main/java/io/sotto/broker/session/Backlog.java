package io.sotto.broker.session;

import io.sotto.broker.spi.Held;
import io.sotto.broker.spi.Message;
import io.sotto.broker.spi.Via;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.TopicFilter;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The copies that wait for their turn, in order: a ring that costs about ten bytes a place and
/// nothing while it is empty. Behind the first of them, bodies may lie in the store.
final class Backlog {
    private static final int SMALLEST = 8;
    private static final int RETAIN = 4;
    private static final QoS[] LEVELS = QoS.values();

    private @Nullable Held[] held = Empty.HELD;
    private @Nullable Via[] vias = Empty.VIAS;
    private byte[] flags = Empty.BYTES;
    private int head;
    private int size;
    private long bytes;
    private int atMostOnce;
    private int shared;
    private long earliestExpiry = Long.MAX_VALUE;

    boolean isEmpty() {
        return size == 0;
    }

    int size() {
        return size;
    }

    /// Topics and payloads of all that waits.
    long bytes() {
        return bytes;
    }

    /// Whether any of them is of QoS 0.
    boolean holdsAtMostOnce() {
        return atMostOnce > 0;
    }

    /// Whether any of them is of such a share group. Asked again and again of a queue that may be
    /// long and that nobody comes for: it moves nothing, and asks once for a run of one group.
    boolean holdsShared(Predicate<TopicFilter> wanted) {
        int left = shared;
        TopicFilter asked = null;
        for (int i = 0; left > 0; i++) {
            TopicFilter filter = via(i).shared();
            if (filter != null) {
                left--;
                if (!Objects.equals(filter, asked) && wanted.test(filter)) {
                    return true;
                }
                asked = filter;
            }
        }
        return false;
    }

    void add(Held message, QoS qos, boolean retain, Via via) {
        if (size == held.length) {
            resize(Math.max(SMALLEST, size * 2));
        }
        int at = place(size++);
        held[at] = message;
        vias[at] = via;
        flags[at] = (byte) (qos.level() | (retain ? RETAIN : 0));
        bytes += message.weight();
        atMostOnce += qos == QoS.AT_MOST_ONCE ? 1 : 0;
        shared += via.shared() != null ? 1 : 0;
        earliestExpiry = Math.min(earliestExpiry, message.expiresAt());
    }

    /// Whether a copy may have expired. Looks at all of them only when one that is or was here has.
    boolean mayHoldExpired(long now) {
        if (now < earliestExpiry) {
            return false;
        }
        earliestExpiry = Long.MAX_VALUE;
        for (int i = 0; i < size; i++) {
            earliestExpiry = Math.min(earliestExpiry, held(i).expiresAt());
        }
        return now >= earliestExpiry;
    }

    /// The copy at an index below [#size], 0 being the oldest.
    Held held(int index) {
        Held message = held[place(index)];
        assert message != null;
        return message;
    }

    /// The index of a message between two indexes, or -1.
    int indexOf(long number, int from, int to) {
        for (int i = from; i < Math.min(to, size); i++) {
            if (held(i).id() == number) {
                return i;
            }
        }
        return -1;
    }

    Via via(int index) {
        Via via = vias[place(index)];
        assert via != null;
        return via;
    }

    QoS qos(int index) {
        return LEVELS[flags[place(index)] & 3];
    }

    boolean retain(int index) {
        return (flags[place(index)] & RETAIN) != 0;
    }

    /// Puts the body of the message at an index in the place of its description.
    void fill(int index, Message message) {
        assert held(index).id() == message.id();
        held[place(index)] = message;
    }

    void removeFirst() {
        bytes -= held(0).weight();
        atMostOnce -= qos(0) == QoS.AT_MOST_ONCE ? 1 : 0;
        shared -= via(0).shared() != null ? 1 : 0;
        held[head] = null;
        vias[head] = null;
        head = place(1);
        size--;
        if (size == 0 && held.length > 1024) {
            resize(0);
        }
    }

    /// Puts the oldest copy behind those of another backlog, or of this one.
    void moveFirst(Backlog to) {
        Held held = held(0);
        QoS qos = qos(0);
        boolean retain = retain(0);
        Via via = via(0);
        removeFirst();
        to.add(held, qos, retain, via);
    }

    /// Takes the copy at an index out, at the cost of moving those before it.
    void remove(int index) {
        Held leaving = held(index);
        QoS level = qos(index);
        Via way = via(index);
        for (int to = index; to > 0; to--) {
            held[place(to)] = held[place(to - 1)];
            vias[place(to)] = vias[place(to - 1)];
            flags[place(to)] = flags[place(to - 1)];
        }
        held[head] = leaving;
        vias[head] = way;
        flags[head] = (byte) level.level();
        removeFirst();
    }

    /// Brings all into the order of their numbers.
    void sort() {
        boolean isSorted = true;
        for (int i = 1; i < size; i++) {
            isSorted &= held(i - 1).id() < held(i).id();
        }
        if (isSorted) {
            return;
        }
        resize(held.length);
        Integer[] order = new Integer[size];
        Arrays.setAll(order, index -> index);
        Arrays.sort(order, Comparator.comparingLong(index -> held(index).id()));
        @Nullable Held[] oldHeld = held.clone();
        @Nullable Via[] oldVias = vias.clone();
        byte[] oldFlags = flags.clone();
        for (int i = 0; i < size; i++) {
            held[i] = oldHeld[order[i]];
            vias[i] = oldVias[order[i]];
            flags[i] = oldFlags[order[i]];
        }
    }

    private int place(int index) {
        return head + index & held.length - 1;
    }

    private void resize(int capacity) {
        Held[] newHeld = new Held[capacity];
        Via[] newVias = new Via[capacity];
        byte[] newFlags = new byte[capacity];
        int behind = Math.min(size, held.length - head);
        System.arraycopy(held, head, newHeld, 0, behind);
        System.arraycopy(held, 0, newHeld, behind, size - behind);
        System.arraycopy(vias, head, newVias, 0, behind);
        System.arraycopy(vias, 0, newVias, behind, size - behind);
        System.arraycopy(flags, head, newFlags, 0, behind);
        System.arraycopy(flags, 0, newFlags, behind, size - behind);
        held = newHeld;
        vias = newVias;
        flags = newFlags;
        head = 0;
    }
}
