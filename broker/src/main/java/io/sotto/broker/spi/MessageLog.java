package io.sotto.broker.spi;

import io.sotto.mqtt.QoS;

/// Keeps messages that sessions still need, each once, however many sessions that is.
///
/// The shard that takes a message over tells of all copies of it for sessions that are kept, also
/// those of other shards, before anybody is told of the message: one batch holds the message and
/// who is owed it. Where that need not be on the disk at once, and only one session is owed it, the
/// shard of that session tells. What becomes of a copy is told by the shard of its session, once: a
/// copy that was never sent is [#dropped], one that was is [#settled], or [#pubRec] and then
/// [#completed].
///
/// Messages and sessions go by their numbers. The number of a message is told of once: a copy that
/// comes later, of a retained message or for another member of a share group, has a number of its
/// own.
public interface MessageLog {
    /// A session that is kept is owed a copy. All copies of a message are told of in a row.
    void queued(Message message, long session, QoS qos, boolean retain, Via via);

    /// The same of the only copy of a message, told by the shard of the session: of QoS 1 that may
    /// be written later ([Journal#defers]), or of what was not there before.
    void queuedAtHome(Message message, long session, QoS qos, boolean retain, Via via);

    /// The same where no client is there, so that the copy will wait: it may as well be written at
    /// once.
    default void queuedAway(Message message, long session, QoS qos, boolean retain, Via via) {
        queuedAtHome(message, session, qos, retain, via);
    }

    /// A copy is being sent under a packet identifier.
    void sent(long message, long session, int packetId);

    /// PUBREC came: the message is forgotten, PUBREL is owed.
    void pubRec(long message, long session, int packetId);

    /// PUBCOMP came, or nothing is owed any more after [#pubRec].
    void completed(long session, int packetId);

    /// A copy that was sent ended: acknowledged, refused or dropped.
    void settled(long message, long session, int packetId);

    /// A copy ended before it was sent.
    void dropped(long message, long session);

    /// Asks for the bodies of messages that are queued; does not wait. [Journal#nextFound] hands
    /// the answer over, after the shard was woken.
    void fetch(Fetch fetch);
}
