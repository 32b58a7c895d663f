package io.sotto.testkit;

import io.sotto.mqtt.Payload;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.ReasonCode;
import io.sotto.mqtt.codec.Sender;
import org.jspecify.annotations.Nullable;

/// One packet as bytes, with what a decoder must say of it.
///
/// @param before the version of the connection when the packet comes; null for the first packet
/// @param after the version of the connection afterwards; null where it stays unknown
/// @param reason the fault, or null where the packet is good
/// @param words what the sentence of the fault says among other things: a statement's id, mostly
/// @param shortest whether a good packet is written back to the same bytes
public record PacketVector(
        String title,
        Sender sender,
        @Nullable ProtocolVersion before,
        @Nullable ProtocolVersion after,
        Payload bytes,
        @Nullable ReasonCode reason,
        String words,
        boolean shortest) {

    @Override
    public String toString() {
        return title + " (" + sender + ", " + (before == null ? "first" : before) + ")";
    }
}
