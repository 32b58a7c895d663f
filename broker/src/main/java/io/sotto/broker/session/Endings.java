package io.sotto.broker.session;

import io.sotto.broker.session.Outbound.Orphan;
import io.sotto.broker.spi.DropReason;
import io.sotto.broker.spi.Held;
import io.sotto.broker.spi.Message;
import io.sotto.broker.spi.Via;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.TopicFilter;
import java.util.List;

/// How copies of one session end undelivered: each in the books, in the record of decisions and, if
/// it was never sent, in the journal.
final class Endings {
    private final SessionContext context;
    private final Trail trail;
    private final String clientId;

    Endings(SessionContext context, Trail trail, String clientId) {
        this.context = context;
        this.trail = trail;
        this.clientId = clientId;
    }

    String clientId() {
        return clientId;
    }

    /// A copy ends that never waited.
    void drop(Message message, QoS qos, DropReason reason, long now) {
        context.ledger().dropped(reason);
        trail.dropped(message, qos);
        context.recorder().dropped(reason, clientId, message, now);
    }

    /// A copy ends that waited and was not sent.
    void discard(Held message, QoS qos, DropReason reason, long now) {
        trail.dropped(message, qos);
        fail(message, reason, now);
    }

    /// A copy ends that counts as queued; what the journal needs to know is told apart.
    void fail(Held message, DropReason reason, long now) {
        context.ledger().droppedFromQueue(reason);
        context.recorder().dropped(reason, clientId, message, now);
    }

    /// A copy that counts as queued goes to another member of its share group.
    void handOver(Message message, TopicFilter shared, List<Orphan> orphans) {
        context.ledger().handedOver();
        orphans.add(new Orphan(message, shared));
    }

    /// The oldest of some copies ends, which waited and were not sent.
    void end(Backlog copies, DropReason reason, List<Orphan> orphans, long now) {
        Held held = copies.held(0);
        QoS qos = copies.qos(0);
        Via via = copies.via(0);
        copies.removeFirst();
        if (reason == DropReason.SESSION_ENDED) {
            trail.dropped(held, qos);
            part(held, via, orphans, now);
        } else {
            discard(held, qos, reason, now);
        }
    }

    /// The session ends: what another member may take is given back. Copies of share groups always
    /// have their bodies at hand.
    void part(Held held, Via via, List<Orphan> orphans, long now) {
        TopicFilter shared = via.shared();
        if (shared != null && held instanceof Message message) {
            handOver(message, shared, orphans);
        } else {
            fail(held, DropReason.SESSION_ENDED, now);
        }
    }
}
