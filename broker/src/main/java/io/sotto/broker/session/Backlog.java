package io.sotto.broker.session;

import io.sotto.broker.spi.Message;
import io.sotto.mqtt.QoS;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The copies that wait for their turn, in order: a ring that costs about ten bytes a place and
/// nothing while it is empty.
final class Backlog {
    private static final int SMALLEST = 8;
    private static final int RETAIN = 4;
    private static final QoS[] LEVELS = QoS.values();

    private @Nullable Message[] messages = {};
    private @Nullable Via[] vias = {};
    private byte[] flags = {};
    private int head;
    private int size;
    private long bytes;
    private int atMostOnce;

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

    void add(Message message, QoS qos, boolean retain, Via via) {
        if (size == messages.length) {
            resize(Math.max(SMALLEST, size * 2));
        }
        int at = place(size++);
        messages[at] = message;
        vias[at] = via;
        flags[at] = (byte) (qos.level() | (retain ? RETAIN : 0));
        bytes += message.weight();
        atMostOnce += qos == QoS.AT_MOST_ONCE ? 1 : 0;
    }

    /// The copy at an index below [#size], 0 being the oldest.
    Message message(int index) {
        Message message = messages[place(index)];
        assert message != null;
        return message;
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

    void removeFirst() {
        bytes -= message(0).weight();
        atMostOnce -= qos(0) == QoS.AT_MOST_ONCE ? 1 : 0;
        messages[head] = null;
        vias[head] = null;
        head = place(1);
        size--;
        if (size == 0 && messages.length > 1024) {
            resize(0);
        }
    }

    private int place(int index) {
        return head + index & messages.length - 1;
    }

    private void resize(int capacity) {
        Message[] newMessages = new Message[capacity];
        Via[] newVias = new Via[capacity];
        byte[] newFlags = new byte[capacity];
        for (int i = 0; i < size; i++) {
            newMessages[i] = messages[place(i)];
            newVias[i] = vias[place(i)];
            newFlags[i] = flags[place(i)];
        }
        messages = newMessages;
        vias = newVias;
        flags = newFlags;
        head = 0;
    }

    void clear() {
        Arrays.fill(messages, null);
        Arrays.fill(vias, null);
        head = 0;
        size = 0;
        bytes = 0;
        atMostOnce = 0;
    }
}
