package io.sotto.store;

import io.sotto.broker.spi.Message;
import io.sotto.broker.spi.Via;
import io.sotto.mqtt.QoS;
import org.jspecify.annotations.Nullable;

/// The message whose copies are being told of, all in a row, so that it is written once.
final class Copies {
    private final Bytes copies = new Bytes(256);
    private final Bytes copy = new Bytes(64);
    private @Nullable Message message;
    private int count;

    /// Whether copies of that message may be added: none are of another.
    boolean isOf(Message other) {
        return message != null && message.id() == other.id();
    }

    /// Begins with a message. What was told of another must have been written.
    void begin(Message other) {
        message = other;
    }

    void add(long session, QoS qos, boolean retain, Via via) {
        count++;
        copy.clear();
        MessageRecords.writeCopy(qos, retain, via, copy);
        copies.eight(session);
        copies.four(copy.size());
        copies.put(copy.array(), 0, copy.size());
    }

    /// Writes the message down, if there is one, as [Command#QUEUED], and forgets it.
    void end(Bytes commands) {
        Message ended = message;
        if (ended == null) {
            return;
        }
        message = null;
        commands.one(Command.QUEUED);
        commands.eight(ended.id());
        commands.four(count);
        commands.four(copies.size());
        commands.put(copies.array(), 0, copies.size());
        int lengthAt = commands.size();
        commands.four(0);
        MessageRecords.writeBody(ended, commands);
        commands.four(lengthAt, commands.size() - lengthAt - Integer.BYTES);
        copies.clear();
        count = 0;
    }
}
