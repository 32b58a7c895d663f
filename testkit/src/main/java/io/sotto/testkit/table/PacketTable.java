package io.sotto.testkit.table;

import io.sotto.mqtt.ProtocolVersion;
import java.util.ArrayList;
import java.util.List;

/// The packet table: thousands of single packets of clients, good ones and each fault by itself, in
/// all versions, before and after the login, with what the standard says of each.
///
/// Written from the standard and by hand, without the codec: where the two disagree, one of them is
/// wrong.
public final class PacketTable {
    private PacketTable() {}

    /// All cases. Titles are unique within a version and a moment.
    public static List<PacketCase> all() {
        List<PacketCase> all = new ArrayList<>();
        for (ProtocolVersion version : ProtocolVersion.values()) {
            for (boolean first : new boolean[] {true, false}) {
                Cases cases = new Cases(version, first);
                FixedHeaders.addTo(cases);
                DamagedFields.addTo(cases);
                ConnectFields.addTo(cases);
                Properties.addTo(cases);
                Codes.addTo(cases);
                all.addAll(cases.all());
            }
        }
        return all;
    }

    /// The CONNECT of a client that then sends a packet of the table.
    public static byte[] login(ProtocolVersion version) {
        byte[] properties = Wire.is5(version) ? Wire.properties(Wire.hex("17 00")) : new byte[0];
        return Wire.packet(
                0x10,
                Wire.protocol(version),
                Wire.one(0x02),
                Wire.two(60),
                properties,
                Wire.text("client"));
    }
}
