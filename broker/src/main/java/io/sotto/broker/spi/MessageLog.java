package io.sotto.broker.spi;

import io.sotto.mqtt.QoS;

/// Keeps messages that sessions still need, each once, however many sessions that is.
public interface MessageLog {
    /// A copy joined the queue of a session that is kept.
    void queued(String clientId, Message message, QoS qos, boolean retain);

    /// The oldest unsent copy of a session was sent under a packet identifier.
    void sent(String clientId, int packetId);

    /// PUBREC came: the message is forgotten, PUBREL is owed.
    void pubRec(String clientId, int packetId);

    /// A copy ended: acknowledged, refused or dropped.
    void settled(String clientId, int packetId);

    /// The oldest unsent copy of a session was dropped.
    void dropped(String clientId);
}
