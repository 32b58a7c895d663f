package io.sotto.mqtt.codec;

import io.sotto.mqtt.Payload;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.Publish;
import io.sotto.mqtt.QoS;
import java.nio.ByteBuffer;

/// An encoded PUBLISH, ready for many receivers: all but the packet identifier and DUP is fixed.
/// The payload is not copied in, so a large one is shared. Immutable.
///
/// ```text
/// | first byte | length | topic | packet id (2) | properties | payload
/// '----------- head ---------------------------------------'
/// ```
public final class PublishFrame {
    private static final int NO_PACKET_ID = -1;

    private final byte[] head;
    private final int packetIdAt;
    private final Payload payload;

    private PublishFrame(byte[] head, int packetIdAt, Payload payload) {
        this.head = head;
        this.packetIdAt = packetIdAt;
        this.payload = payload;
    }

    /// The frame of a packet, whose own packet identifier and DUP do not count.
    public static PublishFrame of(ProtocolVersion version, Publish template) {
        WireWriter counting = WireWriter.counting();
        PublishCodec.writeHead(template, version, counting);
        int length = counting.count() + template.payload().size();
        int fixed = 1 + WireWriter.variableSize(length);
        byte[] head = new byte[fixed + counting.count()];
        WireWriter out = WireWriter.to(ByteBuffer.wrap(head));
        out.one(PublishCodec.firstByte(template));
        out.variable(length);
        PublishCodec.writeHead(template, version, out);
        int packetIdAt =
                template.qos() == QoS.AT_MOST_ONCE
                        ? NO_PACKET_ID
                        : fixed + 2 + template.topic().size();
        return new PublishFrame(head, packetIdAt, template.payload());
    }

    /// The bytes of the whole packet.
    public int size() {
        return head.length + payload.size();
    }

    /// The bytes of all but the payload.
    public int headSize() {
        return head.length;
    }

    public Payload payload() {
        return payload;
    }

    /// Writes all but the payload.
    ///
    /// @param packetId ignored at QoS 0, as is DUP
    public void writeHead(ByteBuffer out, int packetId, boolean dup) {
        if (packetIdAt == NO_PACKET_ID) {
            out.put(head);
            return;
        }
        int start = out.position();
        out.put(head);
        out.putShort(start + packetIdAt, (short) packetId);
        if (dup) {
            out.put(start, (byte) (head[0] | PublishCodec.DUP));
        }
    }

    /// Writes the whole packet.
    public void write(ByteBuffer out, int packetId, boolean dup) {
        writeHead(out, packetId, dup);
        payload.writeTo(out);
    }
}
