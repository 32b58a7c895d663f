package io.sotto.mqtt;

/// Answers a QoS 1 PUBLISH: the receiver owns the message.
public record PubAck(int packetId, ReasonCode reason, Diagnostics diagnostics) implements Ack {
    /// Success, the usual case.
    public PubAck(int packetId) {
        this(packetId, ReasonCode.SUCCESS, Diagnostics.NONE);
    }
}
