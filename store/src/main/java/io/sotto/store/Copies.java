package io.sotto.store;

import io.sotto.broker.spi.Message;
import io.sotto.broker.spi.Via;
import io.sotto.mqtt.QoS;
import org.jspecify.annotations.Nullable;

/// The message whose copies are being told of, all in a row, so that it is written once.
final class Copies {
    private final Bytes copies = new Bytes(256);
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
        copies.eight(session);
        int lengthAt = copies.size();
        copies.four(0);
        MessageRecords.writeCopy(qos, retain, via, copies);
        copies.length(lengthAt);
    }

    /// Writes the message down, if there is one, and forgets it.
    void end(Bytes commands) {
        Message ended = message;
        if (ended == null) {
            return;
        }
        message = null;
        if (count == 1) {
            commands.one(Command.QUEUED);
            commands.eight(ended.id());
            commands.put(copies.array(), 0, Long.BYTES);
            int lengthAt = commands.size();
            commands.four(0);
            commands.put(copies.array(), Long.BYTES, copies.size() - Long.BYTES);
            MessageRecords.writeBody(ended, commands);
            commands.length(lengthAt);
        } else {
            commands.one(Command.QUEUED_FOR_SEVERAL);
            commands.eight(ended.id());
            commands.four(count);
            commands.four(copies.size());
            commands.put(copies.array(), 0, copies.size());
            int lengthAt = commands.size();
            commands.four(0);
            MessageRecords.writeBody(ended, commands);
            commands.length(lengthAt);
        }
        copies.clear();
        count = 0;
    }
}
