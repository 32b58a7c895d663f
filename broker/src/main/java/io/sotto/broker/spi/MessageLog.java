package io.sotto.broker.spi;

import io.sotto.mqtt.QoS;

/// Keeps messages that sessions still need, each once, however many sessions that is.
///
/// The shard that takes a message over tells of all copies of it for sessions that are kept, also
/// those of other shards, before anybody is told of the message: one batch holds the message and
/// who is owed it. What becomes of a copy is told by the shard of its session.
public interface MessageLog {
    /// A session that is kept is owed a copy.
    void queued(Message message, String clientId, QoS qos, boolean retain);

    /// A copy was sent under a packet identifier.
    void sent(Message message, String clientId, int packetId);

    /// PUBREC came: the message is forgotten, PUBREL is owed.
    void pubRec(String clientId, int packetId);

    /// A copy that was sent ended: acknowledged, refused or dropped.
    void settled(String clientId, int packetId);

    /// A copy ended before it was sent.
    void dropped(Message message, String clientId);
}
