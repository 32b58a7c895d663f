package io.sotto.mqtt.codec;

import io.sotto.mqtt.Payload;
import io.sotto.mqtt.Publish;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// A PUBLISH whose head is here, while its payload comes in pieces.
final class LargePublish {
    private final Publish head;
    private final Payload.Pieces payload;

    /// @param head without a payload
    /// @param size the bytes of the payload, at least 1
    LargePublish(Publish head, int size) {
        this.head = head;
        this.payload = new Payload.Pieces(size);
    }

    /// Takes what there is of it.
    ///
    /// @return the packet, if it is whole
    @Nullable Publish take(ByteBuffer in) {
        payload.take(in);
        return payload.isWhole()
                ? new Publish(
                        head.topic(),
                        payload.whole(),
                        head.qos(),
                        head.retain(),
                        head.dup(),
                        head.packetId(),
                        head.topicAlias(),
                        head.subscriptionIdentifiers(),
                        head.properties())
                : null;
    }

    int held() {
        return payload.held();
    }

    int missing() {
        return payload.missing();
    }

    /// How many bytes there are between the fixed header and the payload of a PUBLISH, as far as
    /// its beginning tells; nothing is judged.
    ///
    /// @param at where the fixed header ends
    /// @return -1 when too little is there to tell
    static int headSize(ByteBuffer in, int at, int flags, boolean hasProperties) {
        int there = in.limit() - at;
        if (there < 2) {
            return -1;
        }
        int size = 2 + (in.getShort(at) & 0xFFFF) + (PublishCodec.hasPacketId(flags) ? 2 : 0);
        if (!hasProperties) {
            return size;
        }
        int length = 0;
        for (int shift = 0; shift <= 21 && size < there; shift += 7) {
            int next = in.get(at + size++);
            length |= (next & 0x7F) << shift;
            if (next >= 0) {
                return size + length;
            }
        }
        return -1;
    }
}
