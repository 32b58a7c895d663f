package io.sotto.testkit.table;

import java.util.List;

/// A set of properties that clients send, within the rest of its packet; bytes are in hex.
///
/// @param needed properties without which the packet would be wrong
/// @param before what stands before the property length
/// @param after what stands behind the properties
/// @param reaction to the packet with a good property more
record PropertyHost(
        String name, int firstByte, String needed, String before, String after, Reaction reaction) {

    /// The sets that clients send.
    static final List<String> NAMES =
            List.of(
                    "CONNECT",
                    "will",
                    "PUBLISH",
                    "PUBACK",
                    "PUBREC",
                    "PUBREL",
                    "PUBCOMP",
                    "SUBSCRIBE",
                    "UNSUBSCRIBE",
                    "DISCONNECT",
                    "AUTH");

    private static final String CONNECT = "0004 4D515454 05";
    private static final String CLIENT_ID = "0002 6964";

    static List<PropertyHost> first() {
        Reaction welcome = Cases.welcome();
        return List.of(
                new PropertyHost("CONNECT", 0x10, "", CONNECT + "02 003C", CLIENT_ID, welcome),
                new PropertyHost(
                        "will",
                        0x10,
                        "",
                        CONNECT + "06 003C 00" + CLIENT_ID,
                        "0001 77 0001 78",
                        welcome));
    }

    static List<PropertyHost> later() {
        Reaction pubRel = Cases.answer("62 03 0007 92");
        Reaction pubComp = Cases.answer("70 03 0007 92");
        Reaction subAck = Cases.answer("90 04 0007 00 00");
        Reaction unsubAck = Cases.answer("B0 04 0007 00 11");
        Reaction forbidden = new Reaction.Dismissal(Cases.PROTOCOL_ERROR);
        return List.of(
                new PropertyHost("PUBLISH", 0x30, "", "0001 61", "05", Cases.silence()),
                new PropertyHost("PUBACK", 0x40, "", "0007 00", "", Cases.silence()),
                new PropertyHost("PUBREC", 0x50, "", "0007 00", "", pubRel),
                new PropertyHost("PUBREL", 0x62, "", "0007 00", "", pubComp),
                new PropertyHost("PUBCOMP", 0x70, "", "0007 00", "", Cases.silence()),
                new PropertyHost("SUBSCRIBE", 0x82, "", "0007", "0001 61 00", subAck),
                new PropertyHost("UNSUBSCRIBE", 0xA2, "", "0007", "0001 61", unsubAck),
                new PropertyHost("DISCONNECT", 0xE0, "", "00", "", Cases.end()),
                new PropertyHost("AUTH", 0xF0, "15 0001 78", "19", "", forbidden));
    }

    /// Whether the property is one that the packet needs, and so stands there already.
    boolean needs(int id) {
        return !needed.isEmpty() && Wire.hex(needed)[0] == id;
    }

    /// The packet with these properties and those that it needs.
    byte[] with(byte[]... properties) {
        return withSet(Wire.properties(Wire.hex(needed), Wire.join(properties)));
    }

    /// The packet with bytes in place of its property length and properties.
    byte[] withSet(byte[] lengthAndProperties) {
        return Wire.packet(firstByte, Wire.hex(before), lengthAndProperties, Wire.hex(after));
    }
}
