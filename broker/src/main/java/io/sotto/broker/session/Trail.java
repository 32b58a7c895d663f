package io.sotto.broker.session;

import io.sotto.broker.spi.Held;
import io.sotto.broker.spi.Journal;
import io.sotto.broker.spi.Message;
import io.sotto.broker.spi.Stored;
import io.sotto.broker.spi.Via;
import io.sotto.mqtt.QoS;

/// What the journal is told of the copies of one session: nothing for a session that ends with its
/// connection, and nothing of QoS 0.
final class Trail {
    private final Journal journal;
    private final long session;
    private final boolean kept;
    private final SessionContext context;

    /// @param session the number of the session
    Trail(SessionContext context, long session, boolean kept) {
        this.journal = context.journal();
        this.context = context;
        this.session = session;
        this.kept = kept;
    }

    /// Whether the session outlives its connection.
    boolean isKept() {
        return kept;
    }

    void queued(Message message, QoS qos, boolean retain, Via via) {
        if (kept && qos != QoS.AT_MOST_ONCE) {
            journal.queued(message, session, qos, retain, via);
        }
    }

    void sent(Held message, int packetId) {
        if (kept) {
            journal.sent(message.id(), session, packetId);
        }
    }

    /// The batch that has to be durable before a QoS 2 message is sent for the first time, or a
    /// repetition by its publisher after a crash would pass for another message.
    long exactlyOnce() {
        if (!kept) {
            journal.barrier();
        }
        return journal.batch();
    }

    void pubRec(Held message, int packetId) {
        if (kept) {
            journal.pubRec(message.id(), session, packetId);
        }
    }

    void completed(int packetId) {
        if (kept) {
            journal.completed(session, packetId);
        }
    }

    void settled(Held message, int packetId) {
        if (kept) {
            journal.settled(message.id(), session, packetId);
        }
    }

    void dropped(Held message, QoS qos) {
        if (kept && qos != QoS.AT_MOST_ONCE) {
            journal.dropped(message.id(), session);
        }
    }

    /// A message as it is to wait: without its body, where the store has that and enough others
    /// wait before it. What a share group may want back keeps its body.
    ///
    /// @param before how many wait before it
    Held waiting(Message message, QoS qos, Via via, int before) {
        boolean spilled =
                before >= context.limits().resident()
                        && kept
                        && qos != QoS.AT_MOST_ONCE
                        && via.shared() == null
                        && journal.isStoring();
        return spilled ? Stored.of(message) : message;
    }
}
