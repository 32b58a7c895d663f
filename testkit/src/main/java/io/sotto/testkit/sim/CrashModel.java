package io.sotto.testkit.sim;

import io.sotto.broker.spi.Authorizer.Subject;
import io.sotto.broker.spi.DropReason;
import io.sotto.broker.spi.Durability;
import io.sotto.broker.spi.Held;
import io.sotto.mqtt.ConnAck;
import io.sotto.mqtt.Connect;
import io.sotto.mqtt.Packet;
import io.sotto.mqtt.PubAck;
import io.sotto.mqtt.PubRec;
import io.sotto.mqtt.Publish;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.ReasonCode;
import io.sotto.mqtt.SubAck;
import io.sotto.mqtt.Subscribe;
import io.sotto.mqtt.TopicName;
import io.sotto.mqtt.Unsubscribe;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a broker promised by the acknowledgements that it wrote, and whether it keeps that over
/// crashes: it knows nothing of how, and asks for nothing that was not acknowledged.
///
/// It watches the sessions of careful clients: a CONNACK promises the session, a SUBACK the
/// subscription, a PUBACK or PUBREC the message to all who were subscribed when it came and the
/// value that is retained.
final class CrashModel implements Witness {
    private final World world;
    private final Map<String, Durability> lax;
    private final Map<Integer, Wire> wires = new HashMap<>();
    private final Map<String, Kept> sessions = new LinkedHashMap<>();
    private final Map<String, Object> identities = new HashMap<>();
    private final Map<String, Said> said = new HashMap<>();
    private final Map<String, List<Said>> retained = new LinkedHashMap<>();
    private long clock;
    private long crashedAt;
    private long promises;
    private boolean forgotten;

    /// @param lax filters of topics whose messages are kept less surely, and how
    CrashModel(World world, Map<String, Durability> lax) {
        this.world = world;
        this.lax = lax;
    }

    /// What a message of a topic is promised: the strictest of what is said.
    private Durability promised(String topic) {
        return lax.entrySet().stream()
                .filter(each -> Topics.matches(each.getKey(), topic))
                .map(Map.Entry::getValue)
                .min(Comparator.naturalOrder())
                .orElse(Durability.SYNC);
    }

    /// What is open on one connection.
    private static final class Wire {
        private final Map<Integer, String> aliases = new HashMap<>();
        private final Map<Integer, Said> publishes = new HashMap<>();
        private final Map<Integer, List<Subscribe.Request>> subscribes = new HashMap<>();
        private final Set<String> unsubscribed = new HashSet<>();
        private @Nullable Connect connect;
        private @Nullable Object identity;
    }

    /// A session that has to outlive everything.
    private static final class Kept {
        private final Map<String, QoS> held = new HashMap<>();
        private final Set<String> owed = new LinkedHashSet<>();
        private final Set<String> arrived = new HashSet<>();
        private final Set<String> exact = new HashSet<>();
        private final Map<String, Long> latest = new HashMap<>();
    }

    /// A message that the broker took, first and, repeated, last.
    private static final class Said {
        private final String publisher;
        private final String topic;
        private final String text;
        private final long at;
        private Set<Kept> owedTo;
        private boolean isExact;
        private long last;
        private long acknowledgedAt = Long.MAX_VALUE;

        /// On the clock of the broker, in milliseconds.
        private long acknowledgedTime = Long.MAX_VALUE;

        private long time;

        Said(String publisher, String topic, String text, long at, Set<Kept> owedTo) {
            this.publisher = publisher;
            this.topic = topic;
            this.text = text;
            this.at = at;
            this.last = at;
            this.owedTo = owedTo;
        }
    }

    static boolean isCareful(String clientId) {
        return clientId.startsWith("k");
    }

    /// Whether a message of a topic lives no longer than the process.
    boolean isFleeting(String topic) {
        return promised(topic) == Durability.MEMORY;
    }

    /// How many messages were promised to a session.
    long promises() {
        return promises;
    }

    /// The process ended: whatever was not answered may have happened or not, and what was promised
    /// for as long as it lives, or but for its last moments, may be gone.
    ///
    /// @param behind whether its last moments were not written
    /// @param sure whether messages of which nothing is said are to outlive those
    void crashed(boolean power, boolean behind, boolean sure) {
        wires.clear();
        crashedAt = ++clock;
        for (Kept session : sessions.values()) {
            session.owed.removeIf(text -> {
                Said message = Objects.requireNonNull(said.get(text));
                return switch (promised(message.topic)) {
                    case SYNC -> !sure && behind && !message.isExact;
                    case ASYNC -> power || behind && !message.isExact;
                    case MEMORY -> true;
                };
            });
        }
    }

    private Wire wire(SimulatedLink link) {
        return wires.computeIfAbsent(link.id(), id -> new Wire());
    }

    private static String client(Wire wire) {
        Connect connect = wire.connect;
        return connect == null ? "" : connect.clientId();
    }

    /// The session that a client has been told of.
    @Nullable Object identity(SimulatedLink link) {
        return wire(link).identity;
    }

    @Override
    public void taken(SimulatedLink link, Packet packet) {
        Wire wire = wire(link);
        switch (packet) {
            case Connect connect -> {
                wire.connect = connect;
                wire.identity = identities.get(connect.clientId());
            }
            case Publish publish -> publish(wire, publish);
            case Subscribe subscribe -> {
                Kept session = sessions.get(client(wire));
                if (session != null) {
                    subscribe.requests().forEach(each -> session.held.remove(each.filter()));
                    wire.subscribes.put(subscribe.packetId(), subscribe.requests());
                    subscribe.requests().forEach(each -> wire.unsubscribed.remove(each.filter()));
                }
            }
            case Unsubscribe unsubscribe -> {
                Kept session = sessions.get(client(wire));
                if (session != null) {
                    unsubscribe.filters().forEach(session.held::remove);
                    wire.unsubscribed.addAll(unsubscribe.filters());
                }
            }
            default -> {}
        }
    }

    private void publish(Wire wire, Publish publish) {
        String topic = topic(wire, publish);
        String text = new String(publish.payload().toByteArray(), StandardCharsets.UTF_8);
        Set<Kept> owedTo = new HashSet<>();
        for (Kept session : sessions.values()) {
            if (effective(session, topic, publish.qos()) != QoS.AT_MOST_ONCE) {
                owedTo.add(session);
            }
        }
        long now = ++clock;
        // Deletions look alike: a repeated one is known by its packet identifier.
        String name = text.isEmpty() ? client(wire) + " deletes " + publish.packetId() : text;
        Said message = text.isEmpty() && !publish.dup() ? null : said.get(name);
        if (message == null) {
            message = new Said(client(wire), topic, text, now, owedTo);
            message.time = world.now();
            said.put(name, message);
        } else {
            // A repetition: routed as it came first, or as it comes now.
            message.owedTo.retainAll(owedTo);
            message.last = now;
        }
        message.isExact = publish.qos() == QoS.EXACTLY_ONCE;
        if (publish.qos() != QoS.AT_MOST_ONCE) {
            wire.publishes.put(publish.packetId(), message);
        }
        if (publish.retain() && !topic.startsWith("will/") && promised(topic) == Durability.SYNC) {
            retained.computeIfAbsent(topic, _ -> new ArrayList<>()).add(message);
        }
    }

    private static String topic(Wire wire, Publish publish) {
        if (publish.topicAlias() == 0) {
            return publish.topic().toString();
        }
        if (!publish.topic().isAbsent()) {
            wire.aliases.put(publish.topicAlias(), publish.topic().toString());
        }
        return wire.aliases.getOrDefault(publish.topicAlias(), "");
    }

    private static QoS effective(Kept session, String topic, QoS qos) {
        QoS highest = QoS.AT_MOST_ONCE;
        for (Map.Entry<String, QoS> held : session.held.entrySet()) {
            if (Topics.matches(held.getKey(), topic)) {
                highest = highest.max(held.getValue());
            }
        }
        return highest.min(qos);
    }

    @Override
    public void written(SimulatedLink link, Packet packet, int size) {
        Wire wire = wire(link);
        switch (packet) {
            case ConnAck connAck -> welcomed(wire, connAck);
            case PubAck ack -> acknowledged(wire.publishes.remove(ack.packetId()), ack.reason());
            case PubRec ack -> acknowledged(wire.publishes.remove(ack.packetId()), ack.reason());
            case SubAck ack -> granted(wire, ack);
            default -> {}
        }
    }

    private void welcomed(Wire wire, ConnAck connAck) {
        String client = client(wire);
        if (connAck.reason() != ReasonCode.SUCCESS) {
            return;
        }
        if (!connAck.sessionPresent()) {
            if (sessions.containsKey(client)) {
                throw new Violation("session", "that of " + client + " was promised and is lost");
            }
            identities.put(client, new Object());
        } else {
            identities.putIfAbsent(client, new Object());
        }
        wire.identity = identities.get(client);
        if (isCareful(client) && !forgotten) {
            sessions.computeIfAbsent(client, id -> new Kept());
        }
    }

    private void acknowledged(@Nullable Said message, ReasonCode reason) {
        if (message == null || reason.isFailure() || message.acknowledgedAt != Long.MAX_VALUE) {
            return;
        }
        message.acknowledgedAt = ++clock;
        message.acknowledgedTime = world.now();
        for (Kept session : message.owedTo) {
            if (!message.text.isEmpty() && !session.arrived.contains(message.text)) {
                session.owed.add(message.text);
                promises++;
            }
        }
    }

    private void granted(Wire wire, SubAck ack) {
        List<Subscribe.Request> requests = wire.subscribes.remove(ack.packetId());
        Kept session = sessions.get(client(wire));
        for (int i = 0; requests != null && session != null && i < requests.size(); i++) {
            boolean isHeld =
                    !wire.unsubscribed.contains(requests.get(i).filter())
                            && !isAskedAgain(wire, requests.get(i).filter());
            if (isHeld && !ack.reasons().get(i).isFailure()) {
                session.held.put(requests.get(i).filter(), requests.get(i).qos());
            }
        }
    }

    /// Whether a SUBSCRIBE that is not answered yet changes a subscription: it may have done so.
    private static boolean isAskedAgain(Wire wire, String filter) {
        return wire.subscribes.values().stream()
                .flatMap(List::stream)
                .anyMatch(request -> request.filter().equals(filter));
    }

    /// A client has a message.
    void arrived(String clientId, Publish publish) {
        Kept session = sessions.get(clientId);
        String text = new String(publish.payload().toByteArray(), StandardCharsets.UTF_8);
        Said message = said.get(text);
        if (session == null || message == null) {
            return;
        }
        session.owed.remove(text);
        boolean first = session.arrived.add(text);
        if (publish.retain()
                || publish.qos() == QoS.AT_MOST_ONCE
                || !isCareful(message.publisher)
                || promised(message.topic) != Durability.SYNC) {
            return;
        }
        if (publish.qos() == QoS.EXACTLY_ONCE && !session.exact.add(text)) {
            throw new Violation("exactly once", clientId + " got " + text + " twice at QoS 2");
        }
        String row = message.publisher + "|" + message.topic + "|" + publish.qos();
        if (first && session.latest.getOrDefault(row, 0L) > message.last) {
            throw new Violation("order", clientId + " got " + text + " after a younger one");
        }
        session.latest.merge(row, message.at, Math::max);
        if (first && !publish.dup() && message.last < crashedAt) {
            checkOthers(clientId, session, message);
        }
    }

    /// Of what comes back, that comes first which anybody had acknowledged in an earlier
    /// millisecond than another message was said.
    private void checkOthers(String clientId, Kept session, Said message) {
        for (String text : session.owed) {
            Said older = Objects.requireNonNull(said.get(text));
            if (older.acknowledgedTime < message.time
                    && older.last < message.at
                    && isCareful(older.publisher)) {
                throw new Violation(
                        "order", clientId + " got " + message.text + " before the older " + text);
            }
        }
    }

    /// Nothing is under way any more: whatever was promised has come.
    void atRest() {
        sessions.forEach((client, session) -> {
            if (!session.owed.isEmpty()) {
                throw new Violation(
                        "acknowledged and lost",
                        session.owed.size() + " for " + client + ": " + session.owed);
            }
        });
    }

    /// The sessions of careful clients are given up.
    void forget() {
        sessions.clear();
        forgotten = true;
    }

    /// Compares what is retained with what was acknowledged.
    ///
    /// @param present the payload by topic
    void checkRetained(Map<String, String> present) {
        retained.forEach((topic, messages) -> {
            String text = present.getOrDefault(topic, "");
            boolean nothingSure =
                    messages.stream().allMatch(each -> each.acknowledgedAt == Long.MAX_VALUE);
            boolean right =
                    text.isEmpty() && nothingSure
                            || messages.stream()
                                    .anyMatch(each ->
                                            each.text.equals(text) && !isReplaced(each, messages));
            if (!right) {
                throw new Violation(
                        "retained", "'" + text + "' at " + topic + " is not what was last");
            }
        });
    }

    /// Whether another value came surely later and was acknowledged.
    private static boolean isReplaced(Said message, List<Said> all) {
        return isCareful(message.publisher)
                && all.stream()
                        .anyMatch(other ->
                                other.acknowledgedAt != Long.MAX_VALUE
                                        && isCareful(other.publisher)
                                        && other.at > message.last
                                        && (other.publisher.equals(message.publisher)
                                                || message.acknowledgedAt < other.at));
    }

    @Override
    public void handled() {}

    @Override
    public void resumed(SimulatedLink link) {}

    @Override
    public void closed(SimulatedLink link) {}

    @Override
    public void changed(int shard, long batch) {}

    @Override
    public void opened(int shard, String clientId, long batch) {}

    @Override
    public void dropped(DropReason reason, String clientId, Held message) {
        Kept session = sessions.get(clientId);
        if (session != null && reason != DropReason.OFFLINE && reason != DropReason.SLOW_CONSUMER) {
            world.note(clientId, "lost", message);
            throw new Violation("dropped", reason + " for " + clientId + ": " + message.topic());
        }
    }

    @Override
    public void refused(String clientId, String sentence) {
        if (!sentence.contains("disk is full") && !sentence.contains("(queue.")) {
            throw new Violation("refused", clientId + " " + sentence);
        }
    }

    @Override
    public void asked(Subject subject, TopicName topic) {}
}
