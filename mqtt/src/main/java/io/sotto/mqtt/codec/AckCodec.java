package io.sotto.mqtt.codec;

import io.sotto.mqtt.Ack;
import io.sotto.mqtt.Diagnostics;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.PubAck;
import io.sotto.mqtt.PubComp;
import io.sotto.mqtt.PubRec;
import io.sotto.mqtt.PubRel;
import io.sotto.mqtt.ReasonCode;

/// PUBACK, PUBREC, PUBREL and PUBCOMP, which differ in their first byte and their codes.
///
/// ```text
/// | 4 5 6 7 << 4 | length | packet id (2) | reason (1) | properties |
///                                         '- 5.0 only; left out from the end when they say nothing
/// ```
final class AckCodec {
    private static final int SHORTEST = 2;

    private AckCodec() {}

    static Ack read(WireReader in, PacketType type, ProtocolVersion version) {
        int id = in.packetId();
        if (!version.hasProperties() || in.remaining() == 0) {
            return plain(type, id);
        }
        ReasonCode reason = reasons(type).of(in.one());
        Diagnostics diagnostics =
                in.remaining() == 0
                        ? Diagnostics.NONE
                        : PropertyValues.read(in, PropertySet.ACK).diagnostics();
        return switch (type) {
            case PUBACK -> new PubAck(id, reason, diagnostics);
            case PUBREC -> new PubRec(id, reason, diagnostics);
            case PUBREL -> new PubRel(id, reason, diagnostics);
            default -> new PubComp(id, reason, diagnostics);
        };
    }

    private static Ack plain(PacketType type, int id) {
        return switch (type) {
            case PUBACK -> new PubAck(id);
            case PUBREC -> new PubRec(id);
            case PUBREL -> new PubRel(id);
            default -> new PubComp(id);
        };
    }

    private static ReasonSet reasons(PacketType type) {
        return switch (type) {
            case PUBACK -> ReasonSet.PUBACK;
            case PUBREC -> ReasonSet.PUBREC;
            case PUBREL -> ReasonSet.PUBREL;
            default -> ReasonSet.PUBCOMP;
        };
    }

    static PacketType type(Ack ack) {
        return switch (ack) {
            case PubAck _ -> PacketType.PUBACK;
            case PubRec _ -> PacketType.PUBREC;
            case PubRel _ -> PacketType.PUBREL;
            case PubComp _ -> PacketType.PUBCOMP;
        };
    }

    /// Whether the packet id says all: the usual four bytes.
    static boolean isPlain(Ack ack, ProtocolVersion version) {
        return !version.hasProperties()
                || ack.reason() == ReasonCode.SUCCESS && ack.diagnostics().isNone();
    }

    static void write(Ack ack, ProtocolVersion version, WireWriter out) {
        out.two(ack.packetId());
        if (isPlain(ack, version)) {
            return;
        }
        out.one(ack.reason().code());
        if (!ack.diagnostics().isNone()) {
            out.properties(ack.diagnostics(), (diagnostics, to) -> to.diagnostics(diagnostics));
        }
    }

    /// How many bytes follow the fixed header.
    static int length(Ack ack, ProtocolVersion version) {
        if (isPlain(ack, version)) {
            return SHORTEST;
        }
        WireWriter counting = WireWriter.counting();
        write(ack, version, counting);
        return counting.count();
    }
}
