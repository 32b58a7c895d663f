package io.sotto.broker.spi;

import io.sotto.mqtt.QoS;
import io.sotto.mqtt.RetainHandling;
import io.sotto.mqtt.TopicFilter;
import io.sotto.mqtt.Will;
import org.jspecify.annotations.Nullable;

/// Keeps sessions that outlive their connection. A session goes by its number, which no other
/// session ever has, also none of the same client id.
public interface SessionStore {
    /// A session that is to be kept began or was resumed.
    void opened(long session, Owner owner, long expiryInterval, @Nullable Will will);

    /// The connection of a session ended.
    ///
    /// @param expiresAt when the session ends unless it is resumed, in milliseconds
    /// @param willAt when its will is to be published, in milliseconds; `Long.MAX_VALUE` for a
    ///   session that owes none any more
    void closed(long session, long expiresAt, long willAt);

    /// The will of a session was published or is not wanted any more; its connection ended before.
    void willDone(long session);

    /// A session ended; all that it held was told of before.
    void ended(long session);

    /// A subscription began or replaced one of the same filter.
    void subscribed(long session, Grant grant);

    void unsubscribed(long session, TopicFilter filter);

    /// The QoS 2 message with this packet identifier was taken over.
    void received(long session, int packetId);

    /// PUBREL came: the packet identifier is forgotten.
    void released(long session, int packetId);

    /// Whose session it is.
    record Owner(String clientId, Principal principal) {}

    /// A subscription as it is kept.
    ///
    /// @param identifier the subscription identifier, or 0
    record Grant(
            TopicFilter filter,
            QoS qos,
            boolean noLocal,
            boolean retainAsPublished,
            RetainHandling retainHandling,
            int identifier) {

        /// The same at another QoS.
        public Grant at(QoS other) {
            return new Grant(filter, other, noLocal, retainAsPublished, retainHandling, identifier);
        }
    }
}
