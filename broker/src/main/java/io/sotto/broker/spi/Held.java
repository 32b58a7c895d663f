package io.sotto.broker.spi;

import io.sotto.mqtt.TopicName;
import org.jspecify.annotations.Nullable;

/// A message as a queue holds it: the whole of it, or only its place in the store.
public sealed interface Held permits Message, Stored {
    /// The number of the message.
    long id();

    TopicName topic();

    /// What it weighs against the byte limits of queues: topic and payload.
    int weight();

    /// When it expires, in milliseconds; `Long.MAX_VALUE` for never.
    long expiresAt();

    /// How surely it is kept, null for as usual.
    default @Nullable Durability durability() {
        return null;
    }

    /// Whether it lives as long as the process, so that the journal does not know it.
    default boolean isFleeting() {
        return durability() == Durability.MEMORY;
    }

    /// Whether a copy that has not been sent by now is to be deleted [MQTT-3.3.2-5].
    default boolean isExpired(long now) {
        return now >= expiresAt();
    }
}
