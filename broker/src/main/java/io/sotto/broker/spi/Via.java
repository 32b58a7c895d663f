package io.sotto.broker.spi;

import io.sotto.mqtt.TopicFilter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Through which subscriptions a copy came to its session.
///
/// @param identifiers the subscription identifiers to send along [MQTT-3.3.4-4]
/// @param shared the shared subscription, or null: its copy may go to another member
public record Via(List<Integer> identifiers, @Nullable TopicFilter shared) {
    public static final Via PLAIN = new Via(List.of(), null);
}
