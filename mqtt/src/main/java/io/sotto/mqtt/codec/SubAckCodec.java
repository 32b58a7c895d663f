package io.sotto.mqtt.codec;

import io.sotto.mqtt.Diagnostics;
import io.sotto.mqtt.ProtocolException;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.ReasonCode;
import io.sotto.mqtt.SubAck;
import java.util.ArrayList;
import java.util.List;

/// SUBACK.
///
/// ```text
/// | 0x90 | length | packet id (2) | properties | code (1) | code (1) | ...
///                                 '- 5.0
/// ```
///
/// In 3.x a code is the granted QoS or 0x80; Sotto sends 0x80 in 3.1 too, which knows no failure.
final class SubAckCodec {
    private SubAckCodec() {}

    static SubAck read(WireReader in, ProtocolVersion version) {
        int packetId = in.packetId();
        Diagnostics diagnostics =
                version.hasProperties()
                        ? PropertyValues.read(in, PropertySet.ACK).diagnostics()
                        : Diagnostics.NONE;
        return new SubAck(
                packetId,
                readCodes(in, version.hasProperties() ? ReasonSet.SUBACK : ReasonSet.SUBACK_3),
                diagnostics);
    }

    /// Reads codes up to the end of the packet.
    static List<ReasonCode> readCodes(WireReader in, ReasonSet allowed) {
        if (in.remaining() == 0) {
            throw ProtocolException.protocolError("an answer without a code [MQTT-3.8.4-6]");
        }
        List<ReasonCode> reasons = new ArrayList<>(in.remaining());
        while (in.remaining() > 0) {
            reasons.add(allowed.of(in.one()));
        }
        return reasons;
    }

    static void write(SubAck subAck, ProtocolVersion version, WireWriter out) {
        out.two(subAck.packetId());
        if (version.hasProperties()) {
            out.properties(subAck.diagnostics(), (diagnostics, to) -> to.diagnostics(diagnostics));
        }
        for (ReasonCode reason : subAck.reasons()) {
            boolean plain = version.hasProperties() || !reason.isFailure();
            out.one(plain ? reason.code() : ReasonCode.UNSPECIFIED_ERROR.code());
        }
    }
}
