package io.sotto.mqtt;

/// The message that a client leaves to be published when it is lost.
///
/// @param delayInterval in seconds, 0 for at once
public record Will(
        TopicName topic,
        Payload payload,
        QoS qos,
        boolean retain,
        long delayInterval,
        PublishProperties properties) {}
