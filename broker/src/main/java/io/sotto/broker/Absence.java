package io.sotto.broker;

import io.sotto.broker.session.Outbound.Orphan;
import io.sotto.broker.session.Session;
import io.sotto.broker.time.Timer;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.TopicFilter;

/// Gives the shared messages of a member that stays away to others, again and again: what nobody
/// was there for, and what comes while nobody is, waits for who joins or returns later.
final class Absence extends Timer {
    private final Shard shard;
    private final Session session;

    /// @param session whose client has left
    Absence(Shard shard, Session session) {
        this.shard = shard;
        this.session = session;
    }

    @Override
    protected void expired(long now) {
        if (session.line() != null || session.hasEnded()) {
            return;
        }
        for (Orphan orphan : session.outbound().release(this::somebodyIsThere)) {
            shard.passOn(orphan, now);
        }
        int absence = shard.settings().clients().sharedAbsence();
        if (absence >= 0) {
            shard.wheel().set(this, now + Math.max(1, absence) * 1000L);
        }
    }

    private boolean somebodyIsThere(TopicFilter shared) {
        var group = shard.broker().subscriptions().group(shared);
        return group != null && group.isAttended(QoS.AT_LEAST_ONCE);
    }
}
