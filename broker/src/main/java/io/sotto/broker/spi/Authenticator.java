package io.sotto.broker.spi;

import io.sotto.mqtt.Payload;
import io.sotto.mqtt.ReasonCode;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Answers who a client is. What waits or is expensive runs elsewhere: the outcome may come later
/// and from any thread, exactly once.
public interface Authenticator {
    /// Begins a login, or a re-authentication of a connected client.
    void authenticate(Login login, Consumer<Outcome> answer);

    /// What a client says of itself.
    ///
    /// @param method the authentication method of MQTT 5.0 enhanced authentication, or null
    /// @param data its first data
    record Login(
            Origin origin,
            String clientId,
            @Nullable String userName,
            @Nullable Payload password,
            @Nullable String method,
            @Nullable Payload data) {}

    /// What came of a login or of a step of it.
    sealed interface Outcome {}

    /// The client is who it says.
    ///
    /// @param data the last authentication data for it, or null
    record Accepted(Principal principal, @Nullable Payload data, Pass pass) implements Outcome {
        /// By a login that brought nothing else along.
        public Accepted(Principal principal, @Nullable Payload data) {
            this(principal, data, Pass.NONE);
        }
    }

    /// The client is not let in.
    ///
    /// @param reason a code of CONNACK, 0x80 or above
    /// @param sentence for the peer: fixed words that tell it no more than it may know
    /// @param explanation for the log: what was wrong
    record Refused(ReasonCode reason, String sentence, String explanation) implements Outcome {}

    /// More is asked of the client, by AUTH with 0x18.
    record Challenge(Payload data, Step next) implements Outcome {}

    /// The next step of an exchange.
    interface Step {
        void respond(@Nullable Payload data, Consumer<Outcome> answer);
    }
}
