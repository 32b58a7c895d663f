package io.sotto.broker.spi;

import io.sotto.mqtt.TopicName;

/// A message whose body lies in the store: all that is needed to queue it, to drop it with a reason
/// and to fetch it when its turn comes. So a long backlog costs some forty bytes a place.
public record Stored(long id, TopicName topic, int weight, long expiresAt) implements Held {
    /// The place of a message in the store.
    public static Stored of(Message message) {
        return new Stored(message.id(), message.topic(), message.weight(), message.expiresAt());
    }
}
