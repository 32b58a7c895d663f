package io.sotto.mqtt;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What travels with a message from its publisher to every subscriber, unchanged and in order
/// [MQTT-3.3.2-15] to [MQTT-3.3.2-20]. What belongs to one hop (topic alias, subscription
/// identifiers) stands in [Publish].
///
/// @param payloadFormatIndicator 0 bytes, 1 UTF-8, or [#ABSENT]
/// @param messageExpiryInterval in seconds, 0 to 2^32-1, or [#ABSENT]
public record PublishProperties(
        int payloadFormatIndicator,
        long messageExpiryInterval,
        @Nullable String contentType,
        @Nullable String responseTopic,
        @Nullable Payload correlationData,
        List<UserProperty> userProperties) {

    /// The value of a number that was not sent.
    public static final int ABSENT = -1;

    /// None of them: all messages of 3.x and most of 5.0.
    public static final PublishProperties NONE =
            new PublishProperties(ABSENT, ABSENT, null, null, null, List.of());

    public PublishProperties {
        userProperties = List.copyOf(userProperties);
    }
}
