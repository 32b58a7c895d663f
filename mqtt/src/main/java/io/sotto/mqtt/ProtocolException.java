package io.sotto.mqtt;

/// A peer that broke a rule of the protocol: the reason code that it gets and a sentence that names
/// the rule. Stackless, as it says something about the peer's bytes and nothing about our code.
public final class ProtocolException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final ReasonCode reason;

    /// @param sentence fixed words; never repeats what the peer sent
    public ProtocolException(ReasonCode reason, String sentence) {
        super(sentence, null, false, false);
        this.reason = reason;
    }

    /// The code for DISCONNECT or CONNACK.
    public ReasonCode reason() {
        return reason;
    }

    /// The sentence for the reason string and the log.
    public String sentence() {
        String sentence = getMessage();
        return sentence == null ? reason.name() : sentence;
    }

    /// A packet whose bytes cannot be parsed by the rules: 0x81.
    public static ProtocolException malformed(String sentence) {
        return new ProtocolException(ReasonCode.MALFORMED_PACKET, sentence);
    }

    /// A packet that parses, but says or does what the protocol forbids: 0x82.
    public static ProtocolException protocolError(String sentence) {
        return new ProtocolException(ReasonCode.PROTOCOL_ERROR, sentence);
    }
}
