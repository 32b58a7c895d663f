package io.sotto.mqtt;

import java.util.List;

/// A request to end subscriptions; filters are compared character by character [MQTT-3.10.4-1].
public record Unsubscribe(int packetId, List<UserProperty> userProperties, List<String> filters)
        implements Packet {
    public Unsubscribe {
        userProperties = List.copyOf(userProperties);
        filters = List.copyOf(filters);
    }
}
