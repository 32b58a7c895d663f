package io.sotto.client;

import io.sotto.mqtt.ReasonCode;
import org.jspecify.annotations.Nullable;

/// What a client could not do, with the reason code that the server or the client gave it.
///
/// A lost connection and a silent server are [ReasonCode#UNSPECIFIED_ERROR]; the sentence says
/// more.
public final class ClientException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final ReasonCode reason;

    ClientException(ReasonCode reason, String sentence) {
        this(reason, sentence, null);
    }

    ClientException(ReasonCode reason, String sentence, @Nullable Throwable cause) {
        super(sentence, cause);
        this.reason = reason;
    }

    /// A failure that no reason code describes.
    static ClientException of(String sentence, @Nullable Throwable cause) {
        return new ClientException(ReasonCode.UNSPECIFIED_ERROR, sentence, cause);
    }

    /// The server's own words, which are foreign text: control characters are replaced.
    static ClientException byServer(String what, ReasonCode reason, @Nullable String words) {
        String said = words == null ? "" : ": " + words.replaceAll("\\p{Cntrl}", "?");
        return new ClientException(reason, what + " with " + reason + said);
    }

    /// The same, thrown to one more caller, with that caller's stack.
    ClientException again() {
        String sentence = getMessage();
        return new ClientException(reason, sentence == null ? reason.name() : sentence, this);
    }

    /// The reason code; never a success.
    public ReasonCode reason() {
        return reason;
    }
}
