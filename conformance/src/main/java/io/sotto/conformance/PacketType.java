package io.sotto.conformance;

import java.util.Set;

/// The packet types, each with what a broker may put into it under MQTT 5.0.
@SuppressWarnings("ImmutableEnumChecker") // the sets come from Set.of
public enum PacketType {
    RESERVED(0, Set.of(), Set.of()),
    CONNECT(1, Set.of(), Set.of()),
    CONNACK(
            2,
            Set.of(
                    0x11, 0x12, 0x13, 0x15, 0x16, 0x1A, 0x1C, 0x1F, 0x21, 0x22, 0x24, 0x25, 0x26,
                    0x27, 0x28, 0x29, 0x2A),
            Set.of(
                    0x00, 0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8A, 0x8C,
                    0x90, 0x95, 0x97, 0x99, 0x9A, 0x9B, 0x9C, 0x9D, 0x9F)),
    PUBLISH(3, Set.of(0x01, 0x02, 0x03, 0x08, 0x09, 0x0B, 0x23, 0x26), Set.of()),
    PUBACK(4, Set.of(0x1F, 0x26), Set.of(0x00, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99)),
    PUBREC(5, Set.of(0x1F, 0x26), Set.of(0x00, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99)),
    PUBREL(6, Set.of(0x1F, 0x26), Set.of(0x00, 0x92)),
    PUBCOMP(7, Set.of(0x1F, 0x26), Set.of(0x00, 0x92)),
    SUBSCRIBE(8, Set.of(), Set.of()),
    SUBACK(
            9,
            Set.of(0x1F, 0x26),
            Set.of(0x00, 0x01, 0x02, 0x80, 0x83, 0x87, 0x8F, 0x91, 0x97, 0x9E, 0xA1, 0xA2)),
    UNSUBSCRIBE(10, Set.of(), Set.of()),
    UNSUBACK(11, Set.of(0x1F, 0x26), Set.of(0x00, 0x11, 0x80, 0x83, 0x87, 0x8F, 0x91)),
    PINGREQ(12, Set.of(), Set.of()),
    PINGRESP(13, Set.of(), Set.of()),
    /// With 0x8C, which section 2.4 gives to it, though its own table does not list it.
    DISCONNECT(
            14,
            Set.of(0x1C, 0x1F, 0x26),
            Set.of(
                    0x00, 0x80, 0x81, 0x82, 0x83, 0x87, 0x89, 0x8B, 0x8C, 0x8D, 0x8E, 0x8F, 0x90,
                    0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99, 0x9A, 0x9B, 0x9C, 0x9D, 0x9E, 0x9F,
                    0xA0, 0xA1, 0xA2)),
    AUTH(15, Set.of(0x15, 0x16, 0x1F, 0x26), Set.of(0x00, 0x18));

    private final int number;
    private final Set<Integer> properties;
    private final Set<Integer> reasonCodes;

    PacketType(int number, Set<Integer> properties, Set<Integer> reasonCodes) {
        this.number = number;
        this.properties = properties;
        this.reasonCodes = reasonCodes;
    }

    static PacketType ofFirstByte(int firstByte) {
        return values()[firstByte >> 4];
    }

    /// Whether a broker may send this property in this packet.
    boolean mayCarry(int property) {
        return properties.contains(property);
    }

    /// Whether a broker may send this reason code in this packet.
    boolean mayReport(int reasonCode) {
        return reasonCodes.contains(reasonCode);
    }

    /// The low half of the first byte, for all but PUBLISH.
    int flags() {
        return this == PUBREL || this == SUBSCRIBE || this == UNSUBSCRIBE ? 2 : 0;
    }

    /// The first byte as a broker or client has to send it, for all but PUBLISH.
    public int firstByte() {
        return number << 4 | flags();
    }
}
