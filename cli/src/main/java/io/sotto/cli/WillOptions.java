package io.sotto.cli;

import io.sotto.mqtt.Payload;
import io.sotto.mqtt.PublishProperties;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.TopicName;
import io.sotto.mqtt.Will;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What the broker publishes when the client is lost.
final class WillOptions {
    @Option(
            names = "--will-topic",
            paramLabel = "TOPIC",
            description =
                    "The topic of a message that the broker publishes if this client is lost.")
    @Nullable String topic;

    @Option(
            names = "--will-payload",
            paramLabel = "TEXT",
            description = "Its payload; empty unless told otherwise.")
    @Nullable String payload;

    @Option(
            names = "--will-qos",
            paramLabel = "QOS",
            converter = QoSConverter.class,
            description = "Its quality of service, 0 unless told otherwise.")
    @Nullable QoS qos;

    @Option(names = "--will-retain", description = "The broker retains it.")
    boolean retain;

    WillOptions() {}

    /// The will, or null for none.
    ///
    /// @param delay in seconds
    @Nullable Will settle(long delay, PublishProperties properties) {
        if (topic == null) {
            if (payload != null || qos != null || retain || delay > 0) {
                throw new IllegalArgumentException("a will needs a topic (--will-topic)");
            }
            return null;
        }
        return new Will(
                TopicName.of(topic),
                Payload.of(payload == null ? "" : payload),
                qos == null ? QoS.AT_MOST_ONCE : qos,
                retain,
                delay,
                properties);
    }
}
