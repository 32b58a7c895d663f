package io.sotto.mqtt;

/// Answers a QoS 2 PUBLISH: the receiver owns the message and remembers its packet identifier.
public record PubRec(int packetId, ReasonCode reason, Diagnostics diagnostics) implements Ack {
    /// Success, the usual case.
    public PubRec(int packetId) {
        this(packetId, ReasonCode.SUCCESS, Diagnostics.NONE);
    }
}
