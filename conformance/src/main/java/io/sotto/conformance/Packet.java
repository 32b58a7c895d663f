package io.sotto.conformance;

import java.util.ArrayList;
import java.util.List;

/// A packet from the broker, read so strictly that a packet which breaks the standard fails the
/// test that receives it.
public final class Packet {
    private final PacketType type;
    private final int flags;
    private final Bytes bytes;
    private int id;
    private boolean sessionPresent;
    private List<Integer> codes = List.of(0);
    private Properties properties = Properties.none();
    private String topic = "";
    private Bytes payload = Bytes.of("");

    private Packet(PacketType type, int flags, Bytes bytes) {
        this.type = type;
        this.flags = flags;
        this.bytes = bytes;
    }

    static Packet read(Version version, int firstByte, byte[] body) {
        PacketType type = PacketType.ofFirstByte(firstByte);
        Packet packet = new Packet(type, firstByte & 0xF, Bytes.packet(firstByte, Bytes.of(body)));
        Fields fields = new Fields(body);
        packet.checkFlags();
        switch (type) {
            case CONNACK -> packet.readConnAck(version, fields);
            case PUBLISH -> packet.readPublish(version, fields);
            case PUBACK, PUBREC, PUBREL, PUBCOMP -> packet.readAck(version, fields);
            case SUBACK -> packet.readCodes(version, fields);
            case UNSUBACK -> packet.readUnsubAck(version, fields);
            case PINGRESP -> {}
            case DISCONNECT, AUTH -> packet.readReason(version, fields);
            case RESERVED, CONNECT, SUBSCRIBE, UNSUBSCRIBE, PINGREQ ->
                    throw new Unexpected(
                            "the broker sent %s, which it never may".formatted(packet));
        }
        Unexpected.unless(fields.isEmpty(), "%s has bytes after its last field", packet);
        return packet;
    }

    private void checkFlags() {
        if (type != PacketType.PUBLISH) {
            Unexpected.unless(flags == type.flags(), "%s has wrong flags", this);
            return;
        }
        Unexpected.unless(qos() < 3, "%s has QoS 3", this);
        Unexpected.unless(qos() > 0 || !dup(), "%s has DUP with QoS 0", this);
    }

    private void readConnAck(Version version, Fields fields) {
        int acknowledgeFlags = fields.octet();
        Unexpected.unless(acknowledgeFlags <= 1, "%s has reserved flags set", this);
        sessionPresent = acknowledgeFlags == 1;
        codes = List.of(fields.octet());
        // A protocol version that is not served may be refused in the form of 3.1.1.
        boolean oldForm = !version.hasProperties() || fields.isEmpty() && reason() == 1;
        if (!oldForm) {
            properties = Properties.read(type, fields);
        }
        boolean known = oldForm ? reason() <= 5 : type.mayReport(reason());
        Unexpected.unless(known, "%s has a code that CONNACK does not have", this);
        Unexpected.unless(
                reason() == 0 || !sessionPresent, "%s refuses and says session present", this);
    }

    private void readPublish(Version version, Fields fields) {
        topic = fields.string();
        if (qos() > 0) {
            id = packetId(fields);
        }
        if (version.hasProperties()) {
            properties = Properties.read(type, fields);
        }
        payload = fields.remaining();
    }

    private void readAck(Version version, Fields fields) {
        id = packetId(fields);
        if (version.hasProperties()) {
            readReasonAndProperties(fields);
        }
    }

    private void readCodes(Version version, Fields fields) {
        id = packetId(fields);
        if (version.hasProperties()) {
            properties = Properties.read(type, fields);
        }
        codes = new ArrayList<>();
        while (!fields.isEmpty()) {
            int code = fields.octet();
            boolean known =
                    version.hasProperties() ? type.mayReport(code) : code <= 2 || code == 0x80;
            Unexpected.unless(known, "%s has code 0x%02X", this, code);
            codes.add(code);
        }
    }

    private void readUnsubAck(Version version, Fields fields) {
        if (version.hasProperties()) {
            readCodes(version, fields);
        } else {
            id = packetId(fields);
        }
    }

    private void readReason(Version version, Fields fields) {
        Unexpected.unless(version.hasProperties(), "%s was sent under %s", this, version);
        readReasonAndProperties(fields);
    }

    private void readReasonAndProperties(Fields fields) {
        if (!fields.isEmpty()) {
            codes = List.of(fields.octet());
        }
        if (!fields.isEmpty()) {
            properties = Properties.read(type, fields);
        }
        Unexpected.unless(
                type.mayReport(reason()), "%s has a code that %s does not have", this, type);
    }

    private int packetId(Fields fields) {
        int read = fields.twoBytes();
        Unexpected.unless(read != 0, "%s has packet identifier 0", this);
        return read;
    }

    public PacketType type() {
        return type;
    }

    /// Whether the broker has to close the connection behind it.
    boolean announcesTheEnd() {
        return type == PacketType.DISCONNECT || type == PacketType.CONNACK && reason() != 0;
    }

    /// The packet identifier, 0 if there is none.
    public int id() {
        return id;
    }

    public boolean sessionPresent() {
        return sessionPresent;
    }

    /// The reason or return code, 0 if the packet was shortened.
    public int reason() {
        return codes.getFirst();
    }

    public List<Integer> codes() {
        return codes;
    }

    public Properties properties() {
        return properties;
    }

    public String topic() {
        return topic;
    }

    public Bytes payload() {
        return payload;
    }

    public int qos() {
        return flags >> 1 & 3;
    }

    public boolean dup() {
        return (flags & 8) != 0;
    }

    public boolean retain() {
        return (flags & 1) != 0;
    }

    public int size() {
        return bytes.size();
    }

    public Bytes bytes() {
        return bytes;
    }

    @Override
    public String toString() {
        return type + " [" + bytes + "]";
    }
}
