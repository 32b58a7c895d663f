package io.sotto.mqtt.codec;

import io.sotto.mqtt.Payload;
import io.sotto.mqtt.ProtocolException;
import io.sotto.mqtt.TopicName;
import io.sotto.mqtt.TopicNames;
import io.sotto.mqtt.Utf8;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// The body of one packet, read field by field. Never reads beyond the packet: a field that is cut
/// is malformed.
final class WireReader {
    /// The largest variable byte integer: four bytes.
    static final int VARIABLE_MAXIMUM = 268_435_455;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Sender sender;
    private final DecoderLimits limits;
    private TopicNames names;
    private ByteBuffer in = NOTHING;

    WireReader(Sender sender, DecoderLimits limits, TopicNames names) {
        this.sender = sender;
        this.limits = limits;
        this.names = names;
    }

    void names(TopicNames names) {
        this.names = names;
    }

    /// Begins a packet: its body is what remains in the buffer.
    void begin(ByteBuffer body) {
        in = body;
    }

    /// Ends a packet, which its fields must have filled.
    void end() {
        if (in.hasRemaining()) {
            throw ProtocolException.malformed(
                    "bytes are left over after the last field [MQTT-4.13.1-1]");
        }
    }

    /// Lets go of the buffer.
    void release() {
        in = NOTHING;
    }

    Sender sender() {
        return sender;
    }

    DecoderLimits limits() {
        return limits;
    }

    int remaining() {
        return in.remaining();
    }

    /// Reads only the next bytes of the packet from here on, until [#widen].
    ///
    /// @param size at most what remains
    /// @return what [#widen] takes
    int narrow(int size) {
        int end = in.limit();
        in.limit(in.position() + size);
        return end;
    }

    /// Reads on to the end that was there before.
    void widen(int end) {
        in.limit(end);
    }

    private void need(int size) {
        if (in.remaining() < size) {
            throw ProtocolException.malformed(
                    "the packet, or its properties, end within a field [MQTT-4.13.1-1]");
        }
    }

    int one() {
        need(1);
        return in.get() & 0xFF;
    }

    int two() {
        need(2);
        return in.getShort() & 0xFFFF;
    }

    long four() {
        need(4);
        return in.getInt() & 0xFFFF_FFFFL;
    }

    /// A variable byte integer, in as few bytes as possible [MQTT-1.5.5-1].
    int variable() {
        int value = 0;
        for (int shift = 0; shift <= 21; shift += 7) {
            int next = one();
            value |= (next & 0x7F) << shift;
            if (next < 0x80) {
                if (next == 0 && shift > 0) {
                    throw ProtocolException.malformed(
                            "variable byte integer in too many bytes [MQTT-1.5.5-1]");
                }
                return value;
            }
        }
        throw ProtocolException.malformed(
                "variable byte integer of more than four bytes [MQTT-1.5.5-1]");
    }

    /// A UTF-8 string [MQTT-1.5.4-1] [MQTT-1.5.4-2].
    String text() {
        int size = two();
        need(size);
        byte[] bytes;
        int from;
        if (in.hasArray()) {
            bytes = in.array();
            from = in.arrayOffset() + in.position();
            in.position(in.position() + size);
        } else {
            bytes = new byte[size];
            from = 0;
            in.get(bytes);
        }
        if (Utf8.judge(bytes, from, from + size) == Utf8.Kind.MALFORMED) {
            throw ProtocolException.malformed(
                    "text is not valid UTF-8 or holds U+0000 [MQTT-1.5.4-1]");
        }
        return new String(bytes, from, size, StandardCharsets.UTF_8);
    }

    /// Binary data with its length in two bytes.
    Payload data() {
        int size = two();
        need(size);
        return Payload.read(in, size);
    }

    /// All that is left of the packet.
    Payload rest() {
        return Payload.read(in, in.remaining());
    }

    /// The topic of a PUBLISH, looked up among those read lately; one without bytes only where an
    /// alias can stand for it.
    TopicName topic(boolean mayBeAbsent) {
        int size = two();
        need(size);
        return size == 0 && mayBeAbsent ? TopicName.ABSENT : names.read(in, size);
    }

    /// The topic of a will: read once, so kept out of the names read lately.
    TopicName willTopic() {
        int size = two();
        need(size);
        byte[] bytes = new byte[size];
        in.get(bytes);
        return TopicName.validated(bytes, size, limits.topics());
    }

    /// A packet identifier, never zero [MQTT-2.2.1-3].
    int packetId() {
        int id = two();
        if (id == 0) {
            throw ProtocolException.protocolError("packet identifier 0 [MQTT-2.2.1-3]");
        }
        return id;
    }
}
