package io.sotto.broker;

import io.sotto.broker.session.Session;
import io.sotto.broker.spi.Message;
import io.sotto.broker.spi.Recovery;
import io.sotto.broker.spi.SessionStore.Grant;
import io.sotto.broker.spi.Stored;
import io.sotto.broker.spi.Via;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.TopicName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Puts what was kept back into the shards, before any of them turns.
///
/// What was sent goes before what waits, in the order in which it was sent [MQTT-4.6.0-1]; what
/// waits stands in the order of its numbers, which rise with each message of one publisher.
final class Restoration implements Recovery.Listener {
    /// So many retained messages come into the tree at once.
    private static final int TOGETHER = 1024;

    private final Broker broker;
    private final long now;
    private final Map<Long, Returned> sessions = new LinkedHashMap<>();
    private final List<Message> retained = new ArrayList<>();
    private long highest;
    private long highestSession;

    Restoration(Broker broker, long now) {
        this.broker = broker;
        this.now = now;
    }

    /// A session that came back, with what was on its way to its client: nothing, for most.
    private static final class Returned {
        private final Session session;
        private final Recovery.KeptSession kept;
        private List<Recovery.Sent> sent = List.of();

        /// By the number of the message, null for one that was not told of yet.
        private Map<Long, Recovery.@Nullable Copy> copies = Map.of();

        Returned(Session session, Recovery.KeptSession kept) {
            this.session = session;
            this.kept = kept;
        }

        void sent(Recovery.Sent one) {
            if (sent.isEmpty()) {
                sent = new ArrayList<>();
                copies = new HashMap<>();
            }
            sent.add(one);
            copies.put(one.message(), one.released() ? identifierOf(one) : null);
        }

        boolean wasSent(long message) {
            return !sent.isEmpty() && copies.containsKey(message);
        }

        /// Puts what was sent back in its order.
        void restoreSent() {
            sent.sort(Comparator.comparingLong(Recovery.Sent::order));
            for (Recovery.Sent each : sent) {
                Recovery.Copy copy = copies.get(each.message());
                if (copy != null) {
                    session.restore(copy, each.packetId(), each.released());
                }
            }
        }
    }

    @Override
    public void totals(Map<String, Long> totals) {
        broker.totals().restore(totals);
    }

    @Override
    public void retained(Message message) {
        Shard shard = broker.shard(Math.floorMod(message.topic().hashCode(), broker.shardCount()));
        shard.retained().expireInTime(message);
        retained.add(message);
        if (retained.size() == TOGETHER) {
            retain();
        }
        highest = Math.max(highest, message.id());
    }

    private void retain() {
        broker.retained().put(retained);
        retained.clear();
    }

    @Override
    public void session(Recovery.KeptSession kept) {
        highestSession = Math.max(highestSession, kept.number());
        Session session = home(kept.owner().clientId()).sessions().restore(kept);
        sessions.put(kept.number(), new Returned(session, kept));
    }

    private Shard home(String clientId) {
        return broker.shard(broker.home(clientId));
    }

    private @Nullable Session session(long number) {
        Returned returned = sessions.get(number);
        return returned == null ? null : returned.session;
    }

    @Override
    public void subscribed(long number, Grant grant) {
        Session session = session(number);
        if (session != null) {
            home(session.clientId()).sessions().restore(session, grant);
        }
    }

    @Override
    public void received(long number, int packetId) {
        Session session = session(number);
        if (session != null) {
            session.received().add(packetId);
        }
    }

    @Override
    public void sent(Recovery.Sent sent) {
        // Also of a message that is gone: its number is still written beside the identifier.
        highest = Math.max(highest, sent.message());
        Returned returned = sessions.get(sent.session());
        if (returned != null) {
            returned.sent(sent);
        }
    }

    /// All that is left of a copy that was released.
    private static Recovery.Copy identifierOf(Recovery.Sent sent) {
        Stored nothing = new Stored(sent.message(), TopicName.ABSENT, 0, Long.MAX_VALUE);
        return new Recovery.Copy(sent.session(), nothing, QoS.EXACTLY_ONCE, false, Via.PLAIN);
    }

    @Override
    public void queued(Recovery.Copy copy) {
        highest = Math.max(highest, copy.message().id());
        Returned returned = sessions.get(copy.session());
        if (returned == null) {
            return;
        }
        if (returned.wasSent(copy.message().id())) {
            returned.copies.put(copy.message().id(), copy);
        } else {
            returned.session.restore(copy, 0, false);
        }
    }

    /// Lets time go on for the sessions that came back. Numbers go on above all that were given, on
    /// every shard: there may be another number of shards now.
    void finish() {
        retain();
        for (Shard shard : broker.shards()) {
            shard.context().numbers().above(highest);
            shard.sessions().above(highestSession);
        }
        for (Returned returned : sessions.values()) {
            if (!returned.sent.isEmpty()) {
                returned.restoreSent();
            }
        }
        for (Returned returned : sessions.values()) {
            Session session = returned.session;
            session.restored();
            home(session.clientId()).sessions().resume(session, returned.kept, now);
        }
    }
}
