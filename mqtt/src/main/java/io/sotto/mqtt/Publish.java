package io.sotto.mqtt;

import java.util.List;

/// An application message on one hop.
///
/// @param topic the topic, or [TopicName#ABSENT] where only a topic alias was sent
/// @param packetId 0 at QoS 0 [MQTT-2.2.1-2]
/// @param topicAlias 0 for none
/// @param subscriptionIdentifiers only from a server to a client [MQTT-3.3.4-6]
public record Publish(
        TopicName topic,
        Payload payload,
        QoS qos,
        boolean retain,
        boolean dup,
        int packetId,
        int topicAlias,
        List<Integer> subscriptionIdentifiers,
        PublishProperties properties)
        implements Packet {}
