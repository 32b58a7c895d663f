package io.sotto.mqtt.codec;

import io.sotto.mqtt.Connect;
import io.sotto.mqtt.Packet;
import io.sotto.mqtt.PingReq;
import io.sotto.mqtt.PingResp;
import io.sotto.mqtt.ProtocolException;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.Publish;
import io.sotto.mqtt.ReasonCode;
import io.sotto.mqtt.TopicNames;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// The packets of one connection, taken from its bytes. One per connection, used by one thread.
///
/// ```text
/// | type (4 bits) | flags (4 bits) | remaining length (1-4) | body ... |
/// ```
///
/// A packet is judged as early as its bytes allow: the first byte by type, direction and flags, the
/// header by the size limit, the body once all of it is there. Nothing is allocated before.
///
/// After a [ProtocolException] the connection is over; the decoder is of no further use.
public final class Decoder {
    private static final int LENGTH_BYTES = 4;
    private static final int DUP = 0x08;

    /// The first byte of TLS, which would be a CONNECT with flags that it has not.
    private static final int CLIENT_HELLO = 0x16;

    /// From so many bytes on a PUBLISH may be taken in pieces.
    private static final int LARGE = 64 * 1024;

    private final WireReader body;
    private @Nullable ProtocolVersion version;
    private int awaited;
    private boolean piecewise;
    private @Nullable LargePublish begun;

    /// @param names the topic names read lately by this thread; may be shared by its connections
    public Decoder(Sender sender, DecoderLimits limits, TopicNames names) {
        this.body = new WireReader(sender, limits, names);
    }

    /// The version that the packets are read in; null until a CONNECT told it. It is set as soon as
    /// the protocol level was read, so that a bad CONNECT can be answered in its own version.
    public @Nullable ProtocolVersion version() {
        return version;
    }

    /// Sets the version, for a client, who knows it.
    public void version(ProtocolVersion known) {
        version = known;
    }

    /// Goes on with the topic names of another thread, to which the connection has moved.
    public void names(TopicNames names) {
        body.names(names);
    }

    /// Takes a large PUBLISH in pieces from now on: what is there of its payload is taken at once,
    /// so that nobody has to keep it together and copy it again.
    public void takeInPieces() {
        piecewise = true;
    }

    /// How many bytes of memory the packet takes of which [#read] has taken a part.
    public int held() {
        return begun == null ? 0 : begun.held();
    }

    /// How many bytes the whole packet has that [#read] is waiting for; 0 while its header is not
    /// complete. A hint for the size of buffers.
    public int awaited() {
        return awaited;
    }

    /// The next whole packet, or null when more bytes are needed; the position is then unchanged,
    /// unless a part of a large packet was taken.
    ///
    /// @param in big-endian, as buffers are
    /// @throws ProtocolException for bytes that break a rule
    public @Nullable Packet read(ByteBuffer in) {
        LargePublish large = begun;
        if (large != null) {
            return goOn(large, in);
        }
        awaited = 0;
        int start = in.position();
        int available = in.remaining();
        if (available == 0) {
            return null;
        }
        int first = in.get(start) & 0xFF;
        PacketType type = judge(first);
        int header = headerSize(in, start, available);
        if (header == 0) {
            return null;
        }
        int size = header + remainingLength(in, start, header);
        int limit = version == null ? body.limits().connectSize() : body.limits().packetSize();
        if (size > limit) {
            throw tooLarge();
        }
        if (available >= size) {
            return read(in, start + header, start + size, type, first & 0x0F);
        }
        awaited = size;
        if (piecewise && type == PacketType.PUBLISH && size >= LARGE && version != null) {
            int at = start + header;
            int head = LargePublish.headSize(in, at, first & 0x0F, version.hasProperties());
            if (head >= 0 && at + head < in.limit()) {
                Publish publish = (Publish) read(in, at, at + head, type, first & 0x0F);
                return goOn(new LargePublish(publish, size - header - head), in);
            }
        }
        return null;
    }

    /// Reads what follows a fixed header, and moves on behind it.
    private Packet read(ByteBuffer in, int from, int to, PacketType type, int flags) {
        int end = in.limit();
        in.limit(to).position(from);
        try {
            body.begin(in);
            Packet packet = readBody(type, flags);
            body.end();
            return packet;
        } finally {
            body.release();
            in.limit(end);
        }
    }

    private @Nullable Packet goOn(LargePublish large, ByteBuffer in) {
        Packet whole = large.take(in);
        awaited = large.missing();
        begun = whole == null ? large : null;
        return whole;
    }

    /// The bytes of the fixed header, or 0 when it is not complete.
    private static int headerSize(ByteBuffer in, int start, int available) {
        for (int i = 1; i <= LENGTH_BYTES; i++) {
            if (i == available) {
                return 0;
            }
            int next = in.get(start + i);
            if (next >= 0) {
                if (next == 0 && i > 1) {
                    throw ProtocolException.malformed(
                            "remaining length in too many bytes [MQTT-1.5.5-1]");
                }
                return i + 1;
            }
        }
        throw ProtocolException.malformed(
                "remaining length of more than four bytes [MQTT-1.5.5-1]");
    }

    private static int remainingLength(ByteBuffer in, int start, int header) {
        int length = 0;
        for (int i = header - 1; i > 0; i--) {
            length = length << 7 | in.get(start + i) & 0x7F;
        }
        return length;
    }

    private ProtocolException tooLarge() {
        return new ProtocolException(
                ReasonCode.PACKET_TOO_LARGE,
                version == null
                        ? "CONNECT larger than limits.connect-size"
                        : "packet larger than limits.packet-size [MQTT-3.2.2-15]");
    }

    /// Judges the first byte of a packet.
    private PacketType judge(int first) {
        if (version == null && first == CLIENT_HELLO) {
            throw ProtocolException.malformed(
                    "what came is TLS, where MQTT without it is spoken [MQTT-2.1.3-1]");
        }
        if (version == null && first >> 4 != PacketType.CONNECT.firstByte() >> 4) {
            throw ProtocolException.protocolError("the first packet is not CONNECT [MQTT-3.1.0-1]");
        }
        if (first >> 4 == 0) {
            throw ProtocolException.malformed("packet type 0 [5.0, 2.1.2]");
        }
        PacketType type = PacketType.of(first >> 4);
        boolean older = version != null && !version.hasProperties();
        if (older && type == PacketType.AUTH) {
            throw ProtocolException.malformed("packet type 15 before 5.0 [3.1.1, 2.2.1]");
        }
        boolean serverDisconnects = type == PacketType.DISCONNECT && body.sender() == Sender.SERVER;
        if (!type.isSentBy(body.sender()) || older && serverDisconnects) {
            throw ProtocolException.protocolError("this side never sends this packet [5.0, 2.1.2]");
        }
        if (type == PacketType.PUBLISH) {
            PublishCodec.checkFlags(first & 0x0F);
        } else if (first != type.firstByte() && !isDuplicateOf31(type, first)) {
            throw ProtocolException.malformed(
                    "a reserved flag of the fixed header is wrong [MQTT-2.1.3-1]");
        }
        return type;
    }

    /// In 3.1 requests that are sent again carry DUP.
    private boolean isDuplicateOf31(PacketType type, int first) {
        return version == ProtocolVersion.MQTT_3_1
                && first == (type.firstByte() | DUP)
                && (type == PacketType.PUBREL
                        || type == PacketType.SUBSCRIBE
                        || type == PacketType.UNSUBSCRIBE);
    }

    private Packet readBody(PacketType type, int flags) {
        ProtocolVersion known = version;
        if (known == null) {
            return readConnect();
        }
        return switch (type) {
            case CONNECT -> readConnect();
            case CONNACK -> ConnAckCodec.read(body, known);
            case PUBLISH -> PublishCodec.read(body, flags, known);
            case PUBACK, PUBREC, PUBREL, PUBCOMP -> AckCodec.read(body, type, known);
            case SUBSCRIBE -> SubscribeCodec.read(body, known);
            case SUBACK -> SubAckCodec.read(body, known);
            case UNSUBSCRIBE -> UnsubscribeCodec.read(body, known);
            case UNSUBACK -> UnsubAckCodec.read(body, known);
            case PINGREQ -> PingReq.INSTANCE;
            case PINGRESP -> PingResp.INSTANCE;
            case DISCONNECT -> DisconnectCodec.read(body, known);
            case AUTH -> AuthCodec.read(body);
        };
    }

    /// Reads a CONNECT in the version that it names itself. A second one is a fault that the
    /// session judges [MQTT-3.1.0-2]; it does not change the version of the connection.
    private Connect readConnect() {
        ConnectCodec.Protocol protocol = ConnectCodec.readProtocol(body);
        if (version == null) {
            version = protocol.version();
        }
        return ConnectCodec.read(body, protocol);
    }
}
