package io.sotto.broker.routing;

import io.sotto.broker.session.Session;
import io.sotto.broker.session.Sheaf;
import io.sotto.broker.spi.Journal;
import io.sotto.broker.spi.Message;
import io.sotto.broker.spi.SessionStore.Grant;
import io.sotto.broker.spi.Via;
import io.sotto.broker.topic.HashTrie;
import io.sotto.mqtt.QoS;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One copy that a message of a topic calls for: the session, and what its matching subscriptions
/// come to together. That of one subscription is kept in the tree of all.
///
/// @param qos the highest that was granted [MQTT-3.3.4-2]
/// @param own what is left for messages of the session's own client, where some of the
///   subscriptions are No Local; this same target where none is; null where all are [MQTT-3.8.3-3]
public record Target(
        Session session, QoS qos, boolean retainAsPublished, Via via, @Nullable Own own)
        implements Subscribers, HashTrie.Entry<Session> {
    /// Says which copy the publisher itself gets.
    sealed interface Own {
        /// The same as everybody.
        record Same() implements Own {
            static final Same INSTANCE = new Same();
        }

        /// That of its subscriptions without No Local.
        record Less(Target target) implements Own {}
    }

    /// What one subscription calls for.
    static Target of(Session session, Grant grant) {
        return new Target(
                session,
                grant.qos(),
                grant.retainAsPublished(),
                via(grant),
                grant.noLocal() ? null : Own.Same.INSTANCE);
    }

    private static Via via(Grant grant) {
        List<Integer> identifiers =
                grant.identifier() == 0 ? List.of() : List.of(grant.identifier());
        if (grant.filter().isShared()) {
            return new Via(identifiers, grant.filter());
        }
        return identifiers.isEmpty() ? Via.PLAIN : new Via(identifiers, null);
    }

    /// Several plain subscriptions of one session come to one copy with all identifiers
    /// [MQTT-3.3.4-4].
    static Target merge(List<Target> subscriptions) {
        if (subscriptions.size() == 1) {
            return subscriptions.getFirst();
        }
        List<Target> echoing =
                subscriptions.stream().filter(subscription -> subscription.own != null).toList();
        Own own = Own.Same.INSTANCE;
        if (echoing.isEmpty()) {
            own = null;
        } else if (echoing.size() < subscriptions.size()) {
            own = new Own.Less(merge(echoing));
        }
        QoS qos = QoS.AT_MOST_ONCE;
        boolean retainAsPublished = false;
        List<Integer> identifiers = new ArrayList<>();
        for (Target subscription : subscriptions) {
            qos = qos.max(subscription.qos);
            retainAsPublished |= subscription.retainAsPublished;
            identifiers.addAll(subscription.via.identifiers());
        }
        Via via = identifiers.isEmpty() ? Via.PLAIN : new Via(List.copyOf(identifiers), null);
        return new Target(subscriptions.getFirst().session(), qos, retainAsPublished, via, own);
    }

    @Override
    public int hash() {
        return session.hashCode();
    }

    @Override
    public boolean isOf(Session other) {
        return session.equals(other);
    }

    /// The copy for a message of this publisher, or null for none.
    public @Nullable Target forPublisher(String publisher) {
        if (own instanceof Own.Same || !publisher.equals(session.clientId())) {
            return this;
        }
        return own instanceof Own.Less less ? less.target : null;
    }

    /// Tells the journal of a copy for a session that is kept; runs on the shard of the publisher.
    public void journal(Message message, Journal journal) {
        if (isKept(message)) {
            journal.keeping(message.durability());
            journal.queued(
                    message, session.number(), message.qos().min(qos), isRetained(message), via);
        }
    }

    /// The same of the only copy that is kept; runs on the home shard of the session.
    public void journalAtHome(Message message, Journal journal) {
        if (isKept(message)) {
            journal.keeping(message.durability());
            QoS level = message.qos().min(qos);
            if (session.isAway()) {
                journal.queuedAway(message, session.number(), level, isRetained(message), via);
            } else {
                journal.queuedAtHome(message, session.number(), level, isRetained(message), via);
            }
        }
    }

    private boolean isKept(Message message) {
        return message.qos().min(qos) != QoS.AT_MOST_ONCE
                && session.isKept()
                && !message.isFleeting();
    }

    private boolean isRetained(Message message) {
        return retainAsPublished && message.retain();
    }

    /// Hands a message to the session; runs on its home shard.
    ///
    /// @return whether the session was there to take it
    public boolean deliver(Message message, long now) {
        if (session.hasEnded()) {
            session.lost(message, message.qos().min(qos), now);
            return false;
        }
        session.deliver(message, message.qos().min(qos), isRetained(message), via, now);
        return true;
    }

    /// Hands several messages to the session in one piece; runs on its home shard.
    ///
    /// @return false when each has to be looked at, and none was handed over
    public boolean deliver(Sheaf sheaf) {
        return own instanceof Own.Same && session.deliver(sheaf, retainAsPublished, via);
    }

    /// Takes note that the session had ended before the message could be handed to it, where
    /// another takes the copy; runs on its home shard.
    public void passedOver(Message message, Journal journal) {
        if (isKept(message)) {
            journal.keeping(message.durability());
            journal.dropped(message.id(), session.number());
        }
    }
}
