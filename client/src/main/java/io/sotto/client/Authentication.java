package io.sotto.client;

import io.sotto.mqtt.Payload;
import org.jspecify.annotations.Nullable;

/// The client's half of an enhanced authentication (5.0, section 4.12), such as SCRAM.
public interface Authentication {
    /// The name of the method, as in CONNECT; the same for every connection.
    String method();

    /// The data of CONNECT, or null for none. A new exchange begins here.
    @Nullable Payload first();

    /// The answer to a challenge of the server.
    @Nullable Payload answer(@Nullable Payload challenge);
}
