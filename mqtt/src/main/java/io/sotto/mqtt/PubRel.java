package io.sotto.mqtt;

/// Answers PUBREC: the sender has forgotten the message and will not send it again.
public record PubRel(int packetId, ReasonCode reason, Diagnostics diagnostics) implements Ack {
    /// Success, the usual case.
    public PubRel(int packetId) {
        this(packetId, ReasonCode.SUCCESS, Diagnostics.NONE);
    }
}
