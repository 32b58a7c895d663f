package io.sotto.broker.session;

import io.sotto.broker.spi.Durability;
import io.sotto.broker.spi.Held;
import io.sotto.broker.spi.Journal;
import io.sotto.broker.spi.Message;
import io.sotto.broker.spi.Stored;
import io.sotto.broker.spi.Via;
import io.sotto.mqtt.QoS;
import org.jspecify.annotations.Nullable;

/// What the journal is told of the copies of one session: nothing for a session that ends with its
/// connection, and nothing of QoS 0.
final class Trail {
    private final Journal journal;
    private final long session;
    private final boolean kept;
    private @Nullable Durability durability;
    private boolean keptForWill;
    private final SessionContext context;

    /// @param session the number of the session
    Trail(SessionContext context, long session, boolean kept) {
        this.journal = context.journal();
        this.context = context;
        this.session = session;
        this.kept = kept;
    }

    /// The number of the session.
    long session() {
        return session;
    }

    /// How surely the session is kept, null for as usual.
    @Nullable Durability durability() {
        return durability;
    }

    void durability(@Nullable Durability other) {
        durability = other;
    }

    /// The journal, told that what comes next is to be kept as the session is.
    Journal journal() {
        journal.keeping(durability);
        return journal;
    }

    /// Whether the journal knows the session for its will alone.
    boolean isKeptForWill() {
        return keptForWill;
    }

    void keptForWill(boolean isKept) {
        keptForWill = isKept;
    }

    /// Whether the session outlives its connection.
    boolean isKept() {
        return kept;
    }

    /// Whether the journal is told of a message; it is then asked to keep it as surely as that one.
    private boolean tells(Held message) {
        boolean tells = kept && !message.isFleeting();
        if (tells) {
            journal.keeping(message.durability());
        }
        return tells;
    }

    void queued(Message message, QoS qos, boolean retain, Via via) {
        if (qos != QoS.AT_MOST_ONCE && tells(message)) {
            journal.queuedAtHome(message, session, qos, retain, via);
        }
    }

    /// A copy goes out under a packet identifier. That of QoS 2 is kept as surely as the session,
    /// however fleeting the message: a client that has it and waits for PUBREL would take the next
    /// message under it for the same one.
    void sent(Held message, QoS qos, int packetId) {
        if (!kept) {
            return;
        }
        if (message.isFleeting()) {
            if (qos == QoS.EXACTLY_ONCE) {
                // All that may be left of it after a crash is PUBREL.
                journal().pubRec(message.id(), session, packetId);
            }
            return;
        }
        boolean exact = qos == QoS.EXACTLY_ONCE;
        journal.keeping(exact ? surely(message) : message.durability());
        journal.sent(message.id(), session, packetId);
    }

    /// How surely it is kept that a message of QoS 2 went out.
    private @Nullable Durability surely(Held message) {
        return message.isFleeting() ? durability : Durability.stricter(durability, of(message));
    }

    /// How surely a message is kept: one that came back from the store does not know any more that
    /// its topic said so.
    private @Nullable Durability of(Held message) {
        Durability own = message.durability();
        return own == null ? context.keeping().apply(message.topic()) : own;
    }

    /// The batch that has to be durable before a QoS 2 message is sent for the first time, or a
    /// repetition by its publisher after a crash would pass for another message.
    long exactlyOnce(Held message) {
        if (!kept && message.isFleeting()) {
            return 0;
        }
        journal.keeping(kept ? surely(message) : message.durability());
        journal.barrier();
        return journal.batch();
    }

    void pubRec(Held message, int packetId) {
        if (tells(message)) {
            journal.keeping(of(message));
            journal.pubRec(message.id(), session, packetId);
        }
    }

    void completed(Held message, int packetId) {
        if (kept) {
            journal.keeping(message.isFleeting() ? durability : message.durability());
            journal.completed(session, packetId);
        }
    }

    void settled(Held message, QoS qos, int packetId) {
        if (tells(message)) {
            journal.settled(message.id(), session, packetId);
        } else if (qos == QoS.EXACTLY_ONCE) {
            completed(message, packetId);
        }
    }

    void dropped(Held message, QoS qos) {
        if (qos != QoS.AT_MOST_ONCE && tells(message)) {
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
                        && !message.isFleeting()
                        && qos != QoS.AT_MOST_ONCE
                        && via.shared() == null
                        && journal.isStoring();
        return spilled ? Stored.of(message) : message;
    }
}
