package io.sotto.testkit.sim;

import io.sotto.broker.BrokerSettings;
import io.sotto.mqtt.QoS;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// All that the model knows: connections, sessions, retained messages, and copies for share groups
/// that nobody has got yet.
final class ModelState {
    private final World world;
    private final BrokerSettings settings;
    private final Map<Integer, ModelConnection> connections = new LinkedHashMap<>();
    private final Map<String, ModelSession> sessions = new TreeMap<>();
    private final Retained retained = new Retained();
    private final Drops drops = new Drops();
    private final Owed owed = new Owed();
    private long events;
    private long messages;

    ModelState(World world, BrokerSettings settings) {
        this.world = world;
        this.settings = settings;
    }

    /// Who is to get a message.
    enum Audience {
        NOBODY,
        /// Only share groups, of which perhaps no member can take it.
        PERHAPS,
        SOMEBODY
    }

    BrokerSettings settings() {
        return settings;
    }

    long now() {
        return world.now();
    }

    /// The next number of an event.
    long event() {
        return ++events;
    }

    /// How many messages were taken over.
    long messages() {
        return messages;
    }

    ModelConnection connection(SimulatedLink link) {
        return connections.computeIfAbsent(link.id(), id -> new ModelConnection(link));
    }

    @Nullable ModelConnection connection(int link) {
        return connections.get(link);
    }

    void forget(ModelConnection connection) {
        connections.remove(connection.link().id());
    }

    @Nullable ModelSession session(String clientId) {
        return sessions.get(clientId);
    }

    /// All sessions, as they are now.
    List<ModelSession> sessions() {
        return List.copyOf(sessions.values());
    }

    void add(ModelSession session) {
        sessions.put(session.clientId(), session);
    }

    Retained retained() {
        return retained;
    }

    Drops drops() {
        return drops;
    }

    /// What sessions and share groups are owed.
    Owed owed() {
        return owed;
    }

    /// Whether a login of this client id, with clean start or any, is being judged on a shard.
    boolean isLoginPending(String clientId, int shard, boolean cleanOnly) {
        for (ModelConnection each : connections.values()) {
            if (each.hasConnect()
                    && !each.isAdmitted()
                    && !each.link().isClosed()
                    && !each.link().isMoving()
                    && each.link().shard() == shard
                    && each.connect().clientId().equals(clientId)
                    && (!cleanOnly || each.connect().cleanStart())) {
                return true;
            }
        }
        return false;
    }

    Audience publish(ModelMessage message) {
        return publish(message, false);
    }

    /// Takes a message over: it is retained, and everybody who subscribed is owed a copy.
    ///
    /// @param vague whether it is open if share groups still have their members
    Audience publish(ModelMessage message, boolean vague) {
        messages++;
        if (message.publish().retain()) {
            retained.set(message);
        }
        Audience audience = Audience.NOBODY;
        for (ModelSession session : sessions.values()) {
            Copy copy = copy(message, session);
            if (copy != null) {
                copy.owner(session);
                owed.add(copy);
                audience = Audience.SOMEBODY;
            }
        }
        Map<String, Boolean> groups = groups(message);
        groups.forEach((share, certain) -> {
            Copy copy =
                    new Copy(message, message.qos(), message.publish().retain(), List.of(), share);
            if (!certain || vague) {
                copy.makeOptional();
            }
            owed.add(copy);
        });
        return audience == Audience.NOBODY && !groups.isEmpty() ? Audience.PERHAPS : audience;
    }

    private static @Nullable Copy copy(ModelMessage message, ModelSession session) {
        QoS qos = QoS.AT_MOST_ONCE;
        boolean retain = false;
        List<Integer> identifiers = new ArrayList<>();
        boolean any = false;
        for (ModelSession.Held held : session.held().values()) {
            String filter = held.request().filter();
            boolean own =
                    held.request().noLocal() && message.publisher().equals(session.clientId());
            if (!Topics.isShared(filter) && !own && Topics.matches(filter, message.topic())) {
                any = true;
                qos = qos.max(held.qos());
                retain |= held.request().retainAsPublished();
                if (held.identifier() != 0) {
                    identifiers.add(held.identifier());
                }
            }
        }
        if (!any) {
            return null;
        }
        identifiers.sort(null);
        boolean kept = retain && message.publish().retain();
        return new Copy(message, message.qos().min(qos), kept, List.copyOf(identifiers), null);
    }

    /// The share groups that a message is for, with whether some member can surely take it.
    private Map<String, Boolean> groups(ModelMessage message) {
        Map<String, Boolean> groups = new TreeMap<>();
        for (ModelSession session : sessions.values()) {
            for (ModelSession.Held held : session.held().values()) {
                String filter = held.request().filter();
                if (Topics.isShared(filter) && Topics.matches(filter, message.topic())) {
                    boolean certain =
                            session.expiresAt() > now()
                                    && (session.isAttached()
                                            || message.qos().min(held.qos()) != QoS.AT_MOST_ONCE);
                    groups.merge(filter, certain, Boolean::logicalOr);
                }
            }
        }
        return groups;
    }

    /// Ends the sessions that ended with their connection, once their wills are out.
    void endWithoutFuture() {
        sessions().stream().filter(ModelSession::hasNoFuture).forEach(this::end);
    }

    /// Ends a session with all that it holds.
    void end(ModelSession session) {
        if (session.will() != null) {
            throw new Violation("will", session + " ended without its will");
        }
        sessions.remove(session.clientId());
        for (Copy copy : session.sending().inflight().values()) {
            Owed.Claim claim = copy.claim();
            boolean shared = copy.isAnyOf(option -> option.share() != null);
            if (claim != null && shared && copy.qos() == QoS.AT_LEAST_ONCE) {
                owed.giveBack(claim);
            }
            if (!copy.isShared() || copy.qos() != QoS.AT_LEAST_ONCE) {
                drops.ended(session.clientId(), List.of(copy.message().key()));
            }
        }
        for (Copy copy : owed.of(session)) {
            owed.remove(copy);
            drops.ended(session.clientId(), List.of(copy.message().key()));
        }
        // Also those that something is taken for: it may have been something else.
        for (OwedRetained each : session.sending().retained()) {
            drops.ended(session.clientId(), keys(each));
            each.forget();
        }
    }

    /// The messages that a subscription may have been sent as the retained one of a topic.
    List<String> keys(OwedRetained each) {
        return retained.since(each.topic(), each.since()).stream().map(ModelMessage::key).toList();
    }

    /// The retained messages of a subscription are no longer owed.
    void forget(ModelSession session, String filter) {
        for (OwedRetained owed : session.sending().retained()) {
            if (owed.filter().equals(filter)) {
                if (owed.isDue()) {
                    drops.ended(session.clientId(), keys(owed));
                }
                owed.forget();
            }
        }
    }
}
