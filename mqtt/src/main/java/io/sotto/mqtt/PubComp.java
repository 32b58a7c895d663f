package io.sotto.mqtt;

/// Answers PUBREL: the receiver has forgotten the packet identifier, which is free again.
public record PubComp(int packetId, ReasonCode reason, Diagnostics diagnostics) implements Ack {
    /// Success, the usual case.
    public PubComp(int packetId) {
        this(packetId, ReasonCode.SUCCESS, Diagnostics.NONE);
    }
}
