package io.sotto.broker.session;

import io.sotto.broker.spi.Message;
import io.sotto.mqtt.Payload;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.TopicName;
import io.sotto.mqtt.codec.PublishFrame;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// QoS 0 messages of one topic that go to the same sessions of a shard in one go: encoded once, one
/// behind the other, and sent to each session in one piece.
///
/// A session, its connection and its buffers are then touched once for all of them. Where they are
/// so many that no cache holds them, that is most of what a copy costs.
public final class Sheaf {
    /// A message of so many bytes or more is not worth a place in one: it is sent by reference.
    public static final int SMALL = Line.SHARED_FROM;

    private static final int FORMS = 4;

    private final List<Message> messages;
    private final long now;
    private final boolean isWhole;
    private final @Nullable Block[] forms = new Block[FORMS];

    /// @param messages of one topic and of QoS 0, each below [#SMALL]; at least one
    public Sheaf(List<Message> messages, long now) {
        this.messages = messages;
        this.now = now;
        this.isWhole = !anyIsExpired(messages, now);
    }

    private static boolean anyIsExpired(List<Message> messages, long now) {
        for (Message message : messages) {
            if (message.isExpired(now)) {
                return true;
            }
        }
        return false;
    }

    /// All messages in one form.
    ///
    /// @param largest the bytes of the largest packet among them
    record Block(Payload bytes, int count, int largest) {}

    TopicName topic() {
        return messages.getFirst().topic();
    }

    /// The messages for clients of a version without anything that belongs to one of them; null
    /// when one has expired, so that each is to be looked at.
    ///
    /// @param retain whether the flag is passed on as published
    @Nullable Block block(ProtocolVersion version, boolean retain) {
        int form = (retain ? 2 : 0) | (version.hasProperties() ? 1 : 0);
        Block block = forms[form];
        if (block == null && isWhole) {
            block = make(version, retain);
            forms[form] = block;
        }
        return block;
    }

    private Block make(ProtocolVersion version, boolean retain) {
        PublishFrame[] frames = new PublishFrame[messages.size()];
        int size = 0;
        int largest = 0;
        for (int i = 0; i < frames.length; i++) {
            Message message = messages.get(i);
            boolean flag = retain && message.retain();
            frames[i] =
                    PublishFrame.of(version, Frames.packet(message, QoS.AT_MOST_ONCE, flag, now));
            size += frames[i].size();
            largest = Math.max(largest, frames[i].size());
        }
        ByteBuffer bytes = ByteBuffer.allocate(size);
        for (PublishFrame frame : frames) {
            frame.write(bytes, 0, false);
        }
        return new Block(Payload.read(bytes.flip(), size), frames.length, largest);
    }
}
