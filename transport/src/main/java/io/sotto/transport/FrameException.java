package io.sotto.transport;

/// The peer broke the rules of WebSocket (RFC 6455). Has no stack: it is no fault of ours.
final class FrameException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;

    /// @param status the close code that tells the peer
    /// @param sentence for the log
    FrameException(int status, String sentence) {
        super(sentence, null, false, false);
        this.status = status;
    }

    static FrameException protocol(String sentence) {
        return new FrameException(FrameReader.PROTOCOL_ERROR, sentence);
    }

    /// @param setting the end of its name
    static FrameException tooLarge(String what, String setting) {
        return new FrameException(
                FrameReader.TOO_LARGE,
                "a " + what + " above the limit (listeners[].websocket." + setting + ")");
    }

    int status() {
        return status;
    }

    String sentence() {
        return String.valueOf(getMessage());
    }
}
