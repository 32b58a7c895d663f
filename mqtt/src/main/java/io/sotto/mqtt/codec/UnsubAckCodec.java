package io.sotto.mqtt.codec;

import io.sotto.mqtt.Diagnostics;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.ReasonCode;
import io.sotto.mqtt.UnsubAck;
import java.util.List;

/// UNSUBACK.
///
/// ```text
/// | 0xB0 | length | packet id (2) | properties | code (1) | code (1) | ...
///                                 '- 5.0
/// ```
final class UnsubAckCodec {
    private UnsubAckCodec() {}

    static UnsubAck read(WireReader in, ProtocolVersion version) {
        int packetId = in.packetId();
        if (!version.hasProperties()) {
            return new UnsubAck(packetId, List.of(), Diagnostics.NONE);
        }
        Diagnostics diagnostics = PropertyValues.read(in, PropertySet.ACK).diagnostics();
        return new UnsubAck(packetId, SubAckCodec.readCodes(in, ReasonSet.UNSUBACK), diagnostics);
    }

    static void write(UnsubAck unsubAck, ProtocolVersion version, WireWriter out) {
        out.two(unsubAck.packetId());
        if (!version.hasProperties()) {
            return;
        }
        out.properties(unsubAck.diagnostics(), (diagnostics, to) -> to.diagnostics(diagnostics));
        for (ReasonCode reason : unsubAck.reasons()) {
            out.one(reason.code());
        }
    }
}
