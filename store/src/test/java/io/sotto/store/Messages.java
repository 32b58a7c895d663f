package io.sotto.store;

import io.sotto.broker.spi.Message;
import io.sotto.mqtt.Payload;
import io.sotto.mqtt.PublishProperties;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.TopicName;

/// Messages of which only the number, the QoS and the size matter.
final class Messages {
    private Messages() {}

    static Message message(long number, QoS qos, int size) {
        return new Message(
                number,
                TopicName.of("t"),
                Payload.of("x".repeat(size)),
                qos,
                false,
                PublishProperties.NONE,
                "publisher",
                0,
                null,
                null);
    }
}
