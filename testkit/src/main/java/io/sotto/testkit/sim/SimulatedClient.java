package io.sotto.testkit.sim;

import io.sotto.mqtt.ConnAck;
import io.sotto.mqtt.Connect;
import io.sotto.mqtt.Diagnostics;
import io.sotto.mqtt.Disconnect;
import io.sotto.mqtt.Packet;
import io.sotto.mqtt.Payload;
import io.sotto.mqtt.PingReq;
import io.sotto.mqtt.PubAck;
import io.sotto.mqtt.PubComp;
import io.sotto.mqtt.PubRec;
import io.sotto.mqtt.PubRel;
import io.sotto.mqtt.Publish;
import io.sotto.mqtt.PublishProperties;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.ReasonCode;
import io.sotto.mqtt.Subscribe;
import io.sotto.mqtt.TopicName;
import io.sotto.mqtt.Unsubscribe;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// A client that does what it likes within the rules of the protocol, and keeps its half of the
/// session: what it sent and is not acknowledged, and which QoS 2 messages it has.
final class SimulatedClient {
    private final String id;
    private final int window;
    private final World world;
    private final Choices choices;
    private final Dialer dialer;
    private final Half half = new Half();
    private @Nullable ClientLink current;
    private int said;

    /// @param window how many messages it has open at most: what the broker grants to 5.0, also
    ///   while it speaks 3.x, since it may come back with 5.0
    SimulatedClient(String id, int window, World world, Choices choices, Dialer dialer) {
        this.id = id;
        this.window = Math.min(20, window);
        this.world = world;
        this.choices = choices;
        this.dialer = dialer;
    }

    /// The client's half of the session.
    private static final class Half {
        private final Map<Integer, Publish> unacknowledged = new LinkedHashMap<>();
        private final Set<Integer> released = new TreeSet<>();
        private final Set<Integer> received = new TreeSet<>();
        private @Nullable Object known;
        private int lastId;
    }

    /// Makes connections.
    interface Dialer {
        ClientLink dial(SimulatedClient client, Connect connect);

        /// The session that the broker has for a client now. A client cannot know whether the one
        /// that is present is the one that it remembers, when CONNACK was lost in between.
        @Nullable Object session(ClientLink link);

        /// Whether the broker gave up a message that was sent with this identifier.
        boolean isAbandoned(SimulatedClient client, int packetId);

        /// A client has a message, for the first time as far as it can know.
        default void arrived(SimulatedClient client, Publish publish) {}
    }

    String id() {
        return id;
    }

    /// The connection that it uses, or null.
    @Nullable ClientLink current() {
        return current;
    }

    /// Does one thing.
    void act() {
        ClientLink link = current;
        if (link == null) {
            if (world.dice().chance(60)) {
                connect(choices.connect(id, "w-" + id + "-" + ++said));
            }
        } else if (!link.isOnline()) {
            beforeConnAck(link);
        } else {
            online(link);
        }
    }

    void connect(Connect connect) {
        world.note(id, "connects", null);
        ClientLink link = dialer.dial(this, connect);
        current = link;
        link.send(connect);
    }

    private void beforeConnAck(ClientLink link) {
        switch (world.dice().weighted(70, 10, 6, 6)) {
            case 0 -> {}
            case 1 -> {
                if (link.connect().cleanStart() && half.unacknowledged.isEmpty()) {
                    subscribe(link);
                }
            }
            case 2 -> vanish(link);
            default -> connect(choices.connect(id, "w-" + id + "-" + ++said));
        }
    }

    private void online(ClientLink link) {
        switch (world.dice().weighted(56, 12, 5, 3, 4, 5, 4, 5, 5)) {
            case 0 -> publish(link);
            case 1 -> subscribe(link);
            case 2 -> unsubscribe(link);
            case 3 -> link.send(PingReq.INSTANCE);
            case 4 -> disconnect(link);
            case 5 -> vanish(link);
            case 6 -> connect(choices.connect(id, "w-" + id + "-" + ++said));
            case 7 -> link.stalled(!link.isStalled());
            default -> link.withholding(!link.isWithholding());
        }
    }

    private void vanish(ClientLink link) {
        SimulatedLink.Peer end =
                List.of(
                                SimulatedLink.Peer.LEFT,
                                SimulatedLink.Peer.BROKEN,
                                SimulatedLink.Peer.SILENT)
                        .get(world.dice().weighted(45, 45, 10));
        world.note(id, "vanishes", end);
        link.link().peer(end);
        current = null;
    }

    private void disconnect(ClientLink link) {
        boolean withWill = link.isModern() && world.dice().chance(40);
        long expiry = -1;
        if (link.isModern()
                && choices.changesExpiry()
                && link.connect().properties().sessionExpiryInterval() > 0) {
            expiry = world.dice().pick(0, 1, 100);
        }
        ReasonCode reason = withWill ? ReasonCode.DISCONNECT_WITH_WILL : ReasonCode.SUCCESS;
        link.withholding(false);
        link.send(new Disconnect(reason, expiry, Diagnostics.NONE, null));
        link.link().peer(SimulatedLink.Peer.LEFT);
        current = null;
    }

    private int freeId() {
        do {
            half.lastId = half.lastId % 40 + 1;
        } while (half.unacknowledged.containsKey(half.lastId));
        return half.lastId;
    }

    private void publish(ClientLink link) {
        QoS qos = choices.qos();
        if (qos != QoS.AT_MOST_ONCE && half.unacknowledged.size() >= window) {
            return;
        }
        boolean retain = world.dice().chance(20);
        boolean delete = retain && world.dice().chance(25);
        String padding = world.dice().chance(5) ? "x".repeat(world.dice().pick(40, 9000)) : "";
        Publish publish =
                new Publish(
                        TopicName.of(world.dice().pick(Choices.TOPICS)),
                        delete ? Payload.EMPTY : Payload.of(id + "-" + ++said + padding),
                        qos,
                        retain,
                        false,
                        qos == QoS.AT_MOST_ONCE ? 0 : freeId(),
                        0,
                        List.of(),
                        link.isModern() ? choices.messageProperties() : PublishProperties.NONE);
        if (qos != QoS.AT_MOST_ONCE) {
            half.unacknowledged.put(publish.packetId(), publish);
        }
        link.send(aliased(link, publish));
    }

    private Publish aliased(ClientLink link, Publish publish) {
        String topic = publish.topic().toString();
        int known = link.knownAlias(topic);
        int alias = known != 0 || world.dice().chance(50) ? known : link.freshAlias(topic);
        TopicName name = known != 0 && world.dice().chance(80) ? TopicName.ABSENT : publish.topic();
        return again(publish, name, alias, false, link.isModern());
    }

    private static Publish again(
            Publish publish, TopicName name, int alias, boolean dup, boolean modern) {
        return new Publish(
                name,
                publish.payload(),
                publish.qos(),
                publish.retain(),
                dup,
                publish.packetId(),
                modern ? alias : 0,
                List.of(),
                modern ? publish.properties() : PublishProperties.NONE);
    }

    private void subscribe(ClientLink link) {
        int identifier =
                link.isModern() && world.dice().chance(40) ? world.dice().between(1, 3) : 0;
        link.send(
                new Subscribe(freeId(), identifier, List.of(), choices.requests(link.isModern())));
    }

    private void unsubscribe(ClientLink link) {
        link.send(new Unsubscribe(freeId(), List.of(), List.of(choices.filter())));
    }

    /// Bytes came from the broker.
    void received(ClientLink link, byte[] bytes) {
        for (Packet packet : link.received(bytes)) {
            if (link == current) {
                world.note(id, "got", packet);
                handle(link, packet);
            }
        }
    }

    /// The broker closed a connection.
    void ended(ClientLink link) {
        if (link == current) {
            world.note(id, "is closed", null);
            current = null;
        }
    }

    private void handle(ClientLink link, Packet packet) {
        switch (packet) {
            case ConnAck connAck -> connected(link, connAck);
            case Publish publish -> take(link, publish);
            case PubRel pubRel -> {
                half.received.remove(pubRel.packetId());
                link.answer(new PubComp(pubRel.packetId()));
            }
            case PubAck ack -> half.unacknowledged.remove(ack.packetId());
            case PubRec ack -> {
                half.released.add(ack.packetId());
                link.answer(new PubRel(ack.packetId()));
            }
            case PubComp ack -> {
                half.released.remove(ack.packetId());
                half.unacknowledged.remove(ack.packetId());
            }
            default -> {}
        }
    }

    private void connected(ClientLink link, ConnAck connAck) {
        if (connAck.reason() != ReasonCode.SUCCESS) {
            return;
        }
        link.online(connAck.properties().topicAliasMaximum());
        Object session = dialer.session(link);
        if (!Objects.equals(session, half.known)) {
            half.known = session;
            half.unacknowledged.clear();
            half.released.clear();
            half.received.clear();
            return;
        }
        for (Publish publish : new ArrayList<>(half.unacknowledged.values())) {
            if (half.released.contains(publish.packetId())) {
                link.send(new PubRel(publish.packetId()));
            } else {
                Publish marked = marked(publish);
                half.unacknowledged.put(publish.packetId(), marked);
                link.send(again(marked, publish.topic(), 0, true, link.isModern()));
            }
        }
    }

    /// At QoS 1 a message that is sent again is another one for the broker, so the model may as
    /// well tell them apart; at QoS 2 it has to be the same.
    private static Publish marked(Publish publish) {
        if (publish.qos() != QoS.AT_LEAST_ONCE || publish.payload().isEmpty()) {
            return publish;
        }
        String text = new String(publish.payload().toByteArray(), StandardCharsets.UTF_8);
        return new Publish(
                publish.topic(),
                Payload.of("'" + text),
                publish.qos(),
                publish.retain(),
                publish.dup(),
                publish.packetId(),
                0,
                List.of(),
                publish.properties());
    }

    private void take(ClientLink link, Publish publish) {
        int packetId = publish.packetId();
        boolean refuse = link.isModern() && choices.refuses();
        switch (publish.qos()) {
            case AT_MOST_ONCE -> dialer.arrived(this, publish);
            case AT_LEAST_ONCE -> {
                dialer.arrived(this, publish);
                link.answer(
                        refuse
                                ? new PubAck(packetId, ReasonCode.QUOTA_EXCEEDED, Diagnostics.NONE)
                                : new PubAck(packetId));
            }
            case EXACTLY_ONCE -> {
                boolean fresh = half.received.add(packetId);
                if (!fresh && !publish.dup() && !dialer.isAbandoned(this, packetId)) {
                    throw new Violation(
                            "packet id",
                            "QoS 2 identifier " + packetId + " used again before PUBREL");
                }
                if (fresh && refuse) {
                    half.received.remove(packetId);
                    link.answer(new PubRec(packetId, ReasonCode.QUOTA_EXCEEDED, Diagnostics.NONE));
                } else {
                    if (fresh) {
                        dialer.arrived(this, publish);
                    }
                    link.answer(new PubRec(packetId));
                }
            }
        }
    }

    /// Retains a message of its own, at QoS 1.
    void retain(ClientLink link, String topic) {
        Publish publish =
                new Publish(
                        TopicName.of(topic),
                        Payload.of(id + "-" + ++said),
                        QoS.AT_LEAST_ONCE,
                        true,
                        false,
                        freeId(),
                        0,
                        List.of(),
                        PublishProperties.NONE);
        half.unacknowledged.put(publish.packetId(), publish);
        link.send(publish);
    }

    /// Publishes to a topic, at QoS 1.
    void publish(ClientLink link, String topic) {
        link.send(
                new Publish(
                        TopicName.of(topic),
                        Payload.of("probe"),
                        QoS.AT_LEAST_ONCE,
                        false,
                        false,
                        freeId(),
                        0,
                        List.of(),
                        PublishProperties.NONE));
    }

    /// What it still waits for, or null.
    @Nullable String waitsFor() {
        if (!half.unacknowledged.isEmpty()) {
            return "acknowledgements of " + half.unacknowledged.keySet();
        }
        half.received.removeIf(packetId -> dialer.isAbandoned(this, packetId));
        return half.received.isEmpty() ? null : "PUBREL of " + half.received;
    }
}
