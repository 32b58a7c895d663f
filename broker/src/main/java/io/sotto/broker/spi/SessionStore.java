package io.sotto.broker.spi;

import io.sotto.mqtt.QoS;
import io.sotto.mqtt.RetainHandling;
import io.sotto.mqtt.TopicFilter;
import io.sotto.mqtt.Will;
import org.jspecify.annotations.Nullable;

/// Keeps sessions that outlive their connection.
public interface SessionStore {
    /// A session that is to be kept began or was resumed.
    ///
    /// @param expiryInterval in seconds
    void opened(String clientId, Principal owner, long expiryInterval, @Nullable Will will);

    /// The connection of a session ended.
    ///
    /// @param expiresAt when the session ends unless it is resumed, in milliseconds
    /// @param will the will that is still to be published, or null
    void closed(String clientId, long expiresAt, @Nullable Will will);

    /// A session ended, with all that it held.
    void ended(String clientId);

    /// A subscription began or replaced one of the same filter.
    void subscribed(String clientId, Grant grant);

    void unsubscribed(String clientId, TopicFilter filter);

    /// The QoS 2 message with this packet identifier was taken over.
    void received(String clientId, int packetId);

    /// PUBREL came: the packet identifier is forgotten.
    void released(String clientId, int packetId);

    /// A subscription as it is kept.
    ///
    /// @param identifier the subscription identifier, or 0
    record Grant(
            TopicFilter filter,
            QoS qos,
            boolean noLocal,
            boolean retainAsPublished,
            RetainHandling retainHandling,
            int identifier) {}
}
