package io.sotto.testkit.sim;

import io.sotto.broker.BrokerSettings;
import io.sotto.broker.spi.Authorizer.Subject;
import io.sotto.broker.spi.DropReason;
import io.sotto.broker.spi.Held;
import io.sotto.broker.spi.Message;
import io.sotto.mqtt.Ack;
import io.sotto.mqtt.ConnAck;
import io.sotto.mqtt.Connect;
import io.sotto.mqtt.Disconnect;
import io.sotto.mqtt.Packet;
import io.sotto.mqtt.PingReq;
import io.sotto.mqtt.PingResp;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.PubAck;
import io.sotto.mqtt.PubComp;
import io.sotto.mqtt.PubRec;
import io.sotto.mqtt.PubRel;
import io.sotto.mqtt.Publish;
import io.sotto.mqtt.ReasonCode;
import io.sotto.mqtt.RetainHandling;
import io.sotto.mqtt.SubAck;
import io.sotto.mqtt.Subscribe;
import io.sotto.mqtt.TopicName;
import io.sotto.mqtt.UnsubAck;
import io.sotto.mqtt.Unsubscribe;
import io.sotto.mqtt.Will;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntToLongFunction;
import org.jspecify.annotations.Nullable;

/// What a broker has to do, written down a second time and more simply: it sees what the broker
/// takes and what it sends, in the very order, and objects to whatever the standard and the
/// settings do not call for. Shares no code with the broker.
///
/// A packet has its effect when it is taken. So the model is exact where the broker is, and
/// tolerant only where several shards or timers of one tick may come in any order.
final class Model implements Witness {
    private final ModelState state;
    private final Losses losses;
    private final Deliveries deliveries;
    private final IntToLongFunction durable;
    private final Map<String, Long> opened = new HashMap<>();
    private @Nullable Expected cause;

    /// @param durable by the index of a shard: the number up to which its batches are durable
    Model(World world, BrokerSettings settings, IntToLongFunction durable) {
        this.state = new ModelState(world, settings);
        this.losses = new Losses(state);
        this.deliveries = new Deliveries(state, losses);
        this.durable = durable;
    }

    ModelState state() {
        return state;
    }

    Deliveries deliveries() {
        return deliveries;
    }

    @Override
    public void taken(SimulatedLink link, Packet packet) {
        ModelConnection connection = state.connection(link);
        if (packet instanceof Connect connect) {
            connection.connect(connect);
            return;
        }
        if (!connection.isAdmitted()) {
            throw new Violation("login", "took a packet before the client was let in");
        }
        ModelSession session = connection.session();
        cause =
                switch (packet) {
                    case Publish publish -> publish(connection, publish);
                    case Subscribe subscribe -> subscribe(connection, subscribe);
                    case Unsubscribe unsubscribe -> unsubscribe(connection, unsubscribe);
                    case PubRel ack -> release(connection, ack);
                    case PubRec ack -> deliveries.received(connection, ack);
                    case PubAck ack -> deliveries.acknowledged(connection, ack);
                    case PubComp ack -> deliveries.completed(connection, ack);
                    case PingReq _ -> connection.expect(new Expected(PingResp.class, 0, List.of()));
                    case Disconnect disconnect -> leave(connection, session, disconnect);
                    default -> null;
                };
    }

    @Override
    public void handled() {
        cause = null;
    }

    private Expected publish(ModelConnection connection, Publish publish) {
        ModelSession session = connection.session();
        String topic = connection.topicIn(publish);
        Expected known = session.received().get(publish.packetId());
        if (known != null && publish.qos().level() == 2) {
            Expected again =
                    new Expected(
                            PubRec.class, publish.packetId(), List.of(List.of(ReasonCode.SUCCESS)));
            again.batch(known.batch());
            return connection.expect(again);
        }
        state.endWithoutFuture();
        ModelMessage message =
                ModelMessage.of(state.event(), topic, publish, session.clientId(), state.now());
        ModelState.Audience audience = state.publish(message);
        List<ReasonCode> right =
                switch (audience) {
                    case SOMEBODY -> List.of(ReasonCode.SUCCESS);
                    case PERHAPS -> List.of(ReasonCode.SUCCESS, ReasonCode.NO_MATCHING_SUBSCRIBERS);
                    case NOBODY -> List.of(ReasonCode.NO_MATCHING_SUBSCRIBERS);
                };
        List<List<ReasonCode>> reasons = connection.isModern() ? List.of(right) : List.of();
        return switch (publish.qos()) {
            case AT_MOST_ONCE -> new Expected(Publish.class, 0, List.of());
            case AT_LEAST_ONCE ->
                    connection.expect(new Expected(PubAck.class, publish.packetId(), reasons));
            case EXACTLY_ONCE -> {
                Expected answer = new Expected(PubRec.class, publish.packetId(), reasons);
                session.received().put(publish.packetId(), answer);
                yield connection.expect(answer);
            }
        };
    }

    private static Expected release(ModelConnection connection, PubRel ack) {
        boolean known = connection.session().received().remove(ack.packetId()) != null;
        ReasonCode reason = known ? ReasonCode.SUCCESS : ReasonCode.PACKET_IDENTIFIER_NOT_FOUND;
        return connection.expect(
                new Expected(
                        PubComp.class,
                        ack.packetId(),
                        connection.isModern() ? List.of(List.of(reason)) : List.of()));
    }

    private Expected subscribe(ModelConnection connection, Subscribe subscribe) {
        ModelSession session = connection.session();
        List<List<ReasonCode>> reasons = new ArrayList<>();
        for (Subscribe.Request request : subscribe.requests()) {
            String filter = request.filter();
            boolean existed = session.held().containsKey(filter);
            long event = state.event();
            session.held()
                    .put(
                            filter,
                            new ModelSession.Held(
                                    request, subscribe.subscriptionIdentifier(), event));
            boolean wanted =
                    request.retainHandling() == RetainHandling.SEND
                            || request.retainHandling() == RetainHandling.SEND_IF_NEW && !existed;
            if (wanted && !Topics.isShared(filter)) {
                owe(session, request, subscribe.subscriptionIdentifier(), event);
            }
            reasons.add(List.of(ReasonCode.granted(request.qos())));
        }
        return connection.expect(new Expected(SubAck.class, subscribe.packetId(), reasons));
    }

    private void owe(ModelSession session, Subscribe.Request request, int identifier, long event) {
        String filter = request.filter();
        state.forget(session, filter);
        for (String topic : state.retained().topics()) {
            if (Topics.matches(filter, topic)) {
                session.sending()
                        .retained()
                        .add(new OwedRetained(request, topic, identifier, event));
            }
        }
    }

    private Expected unsubscribe(ModelConnection connection, Unsubscribe unsubscribe) {
        ModelSession session = connection.session();
        List<List<ReasonCode>> reasons = new ArrayList<>();
        for (String filter : unsubscribe.filters()) {
            boolean existed = session.held().remove(filter) != null;
            if (existed) {
                session.former().put(filter, state.event());
                state.forget(session, filter);
            }
            reasons.add(List.of(existed ? ReasonCode.SUCCESS : ReasonCode.NO_SUBSCRIPTION_EXISTED));
        }
        return connection.expect(
                new Expected(
                        UnsubAck.class,
                        unsubscribe.packetId(),
                        connection.isModern() ? reasons : List.of()));
    }

    private @Nullable Expected leave(
            ModelConnection connection, ModelSession session, Disconnect disconnect) {
        connection.disconnect(disconnect);
        if (disconnect.sessionExpiryInterval() >= 0) {
            session.expiry(capped(disconnect.sessionExpiryInterval()));
        }
        return null;
    }

    private long capped(long expiry) {
        return Math.min(expiry, state.settings().clients().sessionExpiryMaximum());
    }

    @Override
    public void written(SimulatedLink link, Packet packet, int size) {
        ModelConnection connection = state.connection(link);
        if (link.isClosed()) {
            throw new Violation("link", "written to after it was closed");
        }
        if (packet instanceof ConnAck connAck) {
            welcomed(connection, connAck);
            return;
        }
        if (connection.stage() == ModelConnection.Stage.FINISHED) {
            throw new Violation("disconnect", "a packet after DISCONNECT");
        }
        if (packet instanceof Disconnect disconnect) {
            farewell(connection, disconnect);
            return;
        }
        if (!connection.isAnswered()) {
            throw new Violation("connack first", packet + " before CONNACK");
        }
        checkSize(connection, packet, size);
        switch (packet) {
            case Publish publish -> deliveries.written(connection, publish);
            case PubRel ack -> released(connection, ack);
            case Ack ack -> answer(connection, ack, ack.packetId(), List.of(ack.reason()));
            case SubAck ack -> answer(connection, ack, ack.packetId(), ack.reasons());
            case UnsubAck ack -> answer(connection, ack, ack.packetId(), ack.reasons());
            case PingResp ping -> answer(connection, ping, 0, List.of());
            default -> throw new Violation("packet", packet + " was not called for");
        }
    }

    private static void checkSize(ModelConnection connection, Packet packet, int size) {
        long maximum = connection.connect().properties().maximumPacketSize();
        if (maximum != 0 && size > maximum) {
            throw new Violation(
                    "packet size",
                    size + " bytes, and the client takes " + maximum + ": " + packet);
        }
    }

    private void answer(
            ModelConnection connection, Packet packet, int packetId, List<ReasonCode> reasons) {
        Expected next = connection.next(packet.getClass());
        if (next == null || next.packetId() != packetId || !next.allows(reasons)) {
            throw new Violation("answers", packet + " instead of " + next);
        }
        long reached = durable.applyAsLong(connection.link().shard());
        if (next.batch() > reached) {
            throw new Violation("durable first", next + " left at batch " + reached);
        }
        connection.answered(packet.getClass());
    }

    private void released(ModelConnection connection, PubRel ack) {
        Expected next = connection.next(PubRel.class);
        if (next != null && next.packetId() == ack.packetId()) {
            answer(connection, ack, ack.packetId(), List.of(ack.reason()));
        } else {
            deliveries.releasedAgain(connection, ack.packetId());
        }
    }

    private void welcomed(ModelConnection connection, ConnAck connAck) {
        if (connection.isAnswered() || connAck.reason() != ReasonCode.SUCCESS) {
            throw new Violation("login", "not called for: " + connAck);
        }
        if (!connection.isAdmitted()) {
            admit(connection);
        }
        if (connAck.sessionPresent() != connection.isPresent()
                && connection.version() != ProtocolVersion.MQTT_3_1) {
            throw new Violation(
                    "session present", connAck.sessionPresent() + " for " + connection.connect());
        }
        long batch = opened.getOrDefault(connection.connect().clientId(), 0L);
        if (connection.session().expiry() > 0
                && batch > durable.applyAsLong(connection.link().shard())) {
            throw new Violation("durable first", "CONNACK before batch " + batch);
        }
        connection.stage(ModelConnection.Stage.ANSWERED);
    }

    private void farewell(ModelConnection connection, Disconnect disconnect) {
        boolean right =
                switch (disconnect.reason()) {
                    case SESSION_TAKEN_OVER -> isTakenOver(connection);
                    case KEEP_ALIVE_TIMEOUT -> isSilent(connection);
                    default -> false;
                };
        if (!right || !connection.isModern()) {
            throw new Violation("disconnect", "without cause: " + disconnect);
        }
        connection.stage(ModelConnection.Stage.FINISHED);
    }

    private boolean isTakenOver(ModelConnection connection) {
        return state.isLoginPending(
                connection.connect().clientId(), connection.link().shard(), false);
    }

    private boolean isSilent(ModelConnection connection) {
        int keepAlive = connection.connect().keepAlive();
        return keepAlive > 0 && state.now() >= connection.link().fedAt() + keepAlive * 1500L;
    }

    @Override
    public void resumed(SimulatedLink link) {
        ModelConnection connection = state.connection(link);
        if (connection.hasConnect() && !connection.isAdmitted() && !link.isClosed()) {
            admit(connection);
        }
    }

    /// The broker lets a client in: the session of its id is resumed, or begins.
    private void admit(ModelConnection connection) {
        Connect connect = connection.connect();
        ModelSession session = state.session(connect.clientId());
        if (session != null && session.isConnected()) {
            throw new Violation("takeover", "two connections of " + connect.clientId());
        }
        if (session != null && (connect.cleanStart() || session.hasNoFuture())) {
            state.end(session);
            session = null;
        }
        boolean present = session != null;
        if (session == null) {
            session = new ModelSession(connect.clientId(), connection.link().shard());
            state.add(session);
        }
        session.back(connection);
        boolean modern = connection.isModern();
        long forever = connect.cleanStart() ? 0 : Connect.EXPIRES_NEVER;
        session.expiry(capped(modern ? connect.properties().sessionExpiryInterval() : forever));
        Will will = connect.will();
        session.will(
                will == null
                        ? null
                        : new ModelSession.OwedWill(
                                will, connection.link().id(), Long.MAX_VALUE, false));
        connection.admit(session, present);
    }

    @Override
    public void closed(SimulatedLink link) {
        ModelConnection connection = state.connection(link);
        boolean lost = link.peer() == SimulatedLink.Peer.TOLD;
        if (!connection.isAdmitted()) {
            boolean late =
                    state.now()
                            >= link.acceptedAt()
                                    + state.settings().clients().connectTimeout() * 1000L;
            if (!lost && !late) {
                throw new Violation("closed", "a login without cause");
            }
            return;
        }
        if (!lost
                && connection.disconnect() == null
                && !isTakenOver(connection)
                && !isSilent(connection)) {
            throw new Violation("closed", "without cause: " + connection.connect());
        }
        leave(connection);
    }

    private void leave(ModelConnection connection) {
        ModelSession session = connection.session();
        session.away(state.now());
        Disconnect disconnect = connection.disconnect();
        ModelSession.OwedWill owed = session.will();
        if (disconnect != null && disconnect.reason() == ReasonCode.SUCCESS) {
            session.will(null);
        } else if (owed != null) {
            long delay = owed.will().delayInterval();
            boolean atOnce = delay == 0 || session.expiry() == 0;
            long due = Math.min(state.now() + delay * 1000, session.expiresAt());
            session.will(
                    new ModelSession.OwedWill(
                            owed.will(), owed.link(), atOnce ? state.now() : due, atOnce));
        }
        if (session.hasNoFuture()) {
            state.end(session);
        }
    }

    @Override
    public void changed(int shard, long batch) {
        Expected answer = cause;
        if (answer != null) {
            answer.batch(batch);
        }
    }

    @Override
    public void opened(int shard, String clientId, long batch) {
        opened.put(clientId, batch);
    }

    @Override
    public void dropped(DropReason reason, String clientId, Held message) {
        losses.dropped(reason, clientId, (Message) message);
    }

    @Override
    public void asked(Subject subject, TopicName topic) {
        if (Choices.WILL_TOPICS.contains(topic.toString())) {
            ModelConnection connection = state.connection(subject.origin().port());
            if (connection != null && connection.isAdmitted()) {
                fireWill(connection, subject.clientId());
            }
        }
    }

    /// The broker publishes a will, now.
    private void fireWill(ModelConnection connection, String clientId) {
        ModelSession session = state.session(clientId);
        ModelSession.OwedWill owed = session == null ? null : session.will();
        if (session == null || owed == null || owed.link() != connection.link().id()) {
            throw new Violation("will", "one of " + clientId + " that is not owed");
        }
        if (session.isConnected()) {
            throw new Violation("will", "of " + clientId + " which is connected");
        }
        boolean delayed = owed.due() <= state.now() && owed.due() < session.expiresAt();
        boolean ends = losses.mayEnd(session);
        if (!owed.atOnce() && !delayed && !ends) {
            throw new Violation("will", "of " + clientId + " too early, due at " + owed.due());
        }
        state.endWithoutFuture();
        boolean first = ends && !owed.atOnce() && !delayed;
        if (first) {
            session.held().clear();
        }
        session.will(null);
        // Which of two timers of one tick comes first is open.
        state.publish(ModelMessage.ofWill(state.event(), owed.will(), clientId, state.now()), ends);
        if (first) {
            state.end(session);
        }
    }

    /// The timers of a shard have fired.
    void ticked(int shard) {
        int absence = state.settings().clients().sharedAbsence();
        for (ModelSession session : state.sessions()) {
            if (session.home() != shard || session.isConnected()) {
                continue;
            }
            ModelSession.OwedWill owed = session.will();
            if (owed != null && owed.due() <= state.now()) {
                throw new Violation(
                        "will",
                        "of " + session.clientId() + " not published, due at " + owed.due());
            }
            if (session.expiresAt() <= state.now()) {
                state.end(session);
            } else if (absence >= 0) {
                session.giveBack(absence, state.now());
            }
        }
    }

    /// Nothing is under way any more.
    void atRest() {
        losses.atRest();
        for (ModelSession session : state.sessions()) {
            ModelConnection connection = session.connection();
            Expected outstanding = connection == null ? null : connection.outstanding();
            if (outstanding != null) {
                throw new Violation("answers", session + " waits for " + outstanding);
            }
        }
    }

    /// A turn of a shard is over.
    void turned() {
        for (ModelSession session : state.sessions()) {
            if (session.hasNoFuture()) {
                state.end(session);
            }
            ModelSession.OwedWill owed = session.will();
            if (owed != null && owed.atOnce()) {
                throw new Violation("will", "of " + session.clientId() + " not published at once");
            }
        }
    }
}
