package io.sotto.mqtt;

import java.util.List;

/// A request for subscriptions, one per filter.
///
/// @param subscriptionIdentifier 1 to 268,435,455, or 0 for none
public record Subscribe(
        int packetId,
        int subscriptionIdentifier,
        List<UserProperty> userProperties,
        List<Request> requests)
        implements Packet {

    public Subscribe {
        userProperties = List.copyOf(userProperties);
        requests = List.copyOf(requests);
    }

    /// One filter with its options. The filter is valid UTF-8, but not yet judged as a filter: an
    /// invalid one is answered by its own code in SUBACK.
    public record Request(
            String filter,
            QoS qos,
            boolean noLocal,
            boolean retainAsPublished,
            RetainHandling retainHandling) {}
}
