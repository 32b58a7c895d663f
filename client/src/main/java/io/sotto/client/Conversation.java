package io.sotto.client;

import io.sotto.client.Inbox.Delivery;
import io.sotto.mqtt.ConnAck;
import io.sotto.mqtt.Disconnect;
import io.sotto.mqtt.Packet;
import io.sotto.mqtt.PingResp;
import io.sotto.mqtt.ProtocolException;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.PubAck;
import io.sotto.mqtt.PubComp;
import io.sotto.mqtt.PubRec;
import io.sotto.mqtt.PubRel;
import io.sotto.mqtt.Publish;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.ReasonCode;
import io.sotto.mqtt.SubAck;
import io.sotto.mqtt.Subscribe;
import io.sotto.mqtt.UnsubAck;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// What a client and its server say to each other, over one connection after the other: the rules
/// of sessions, QoS and flow control on the client's side.
///
/// Everything here, the session included, is touched under one lock. Promises are kept after it is
/// let go of, so that what depends on them runs without it.
final class Conversation {
    private final ClientOptions options;
    private final ClientSession session;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Inbox inbox;
    private final Promises promises = new Promises();
    private final Requests requests;
    private @Nullable Connection connection;
    private @Nullable ConnAck lastConnAck;
    private @Nullable ClientException loss;
    private @Nullable ClientException end;

    Conversation(ClientOptions options, ClientSession session) {
        this.options = options;
        this.session = session;
        this.inbox = new Inbox(options.limits);
        this.requests = new Requests(options.version.hasProperties(), promises);
    }

    // ---- the connection

    /// Takes a connection into use: settles whether the session goes on, and sends again what the
    /// server has not acknowledged.
    void begin(Link link, ConnAck connAck) {
        lock.lock();
        try {
            requireOpen();
            boolean present = isPresent(link, connAck);
            if (present) {
                // The server sends again what was not acknowledged.
                inbox.removeUnacknowledged();
            } else {
                promises.fail(
                        session.discard(),
                        ClientException.of("the server has not kept the session", null));
            }
            String assigned = connAck.properties().assignedClientIdentifier();
            session.establish(assigned == null ? link.connect().clientId() : assigned);
            Connection opened =
                    new Connection(
                            link,
                            session,
                            new SendWindow(connAck.properties(), options.version, options.limits),
                            new ReceiveWindow(options.version, link.connect().properties()),
                            promises);
            opened.resume();
            if (!present) {
                subscribeAgain(link);
            }
            lastConnAck = connAck;
            connection = opened;
        } finally {
            unlock();
        }
    }

    /// Whether the session goes on. A server that has none ends this side's too [MQTT-3.2.2-5]; one
    /// that claims a session that this side does not have is left [MQTT-3.2.2-4].
    private boolean isPresent(Link link, ConnAck connAck) {
        boolean clean = link.connect().cleanStart();
        if (options.version == ProtocolVersion.MQTT_3_1) {
            // 3.1 does not say it; whoever asked to resume goes on.
            return !clean && session.isEstablished();
        }
        if (connAck.sessionPresent() && (clean || !session.isEstablished())) {
            throw ProtocolException.protocolError(
                    "session present, but this side has none [MQTT-3.2.2-4]");
        }
        return connAck.sessionPresent();
    }

    /// Makes the granted subscriptions again. A refusal now leaves the others as they are.
    private void subscribeAgain(Link link) {
        for (Subscribe old : requests.toRepeat()) {
            int id = session.freeId(requests.ids());
            Subscribe subscribe =
                    new Subscribe(id, old.subscriptionIdentifier(), List.of(), old.requests());
            var _ = requests.add(id, subscribe);
            link.send(subscribe);
        }
    }

    /// Leaves a connection. False when it was not the one in use.
    boolean suspend(Link link, ClientException cause) {
        lock.lock();
        try {
            if (!isCurrent(link)) {
                return false;
            }
            connection = null;
            loss = cause;
            requests.fail(cause);
            return true;
        } finally {
            unlock();
        }
    }

    /// Ends the conversation for good: every promise is broken with the cause. What is on its way
    /// stays in a session that lives on, and is sent again by the next client that resumes it.
    ///
    /// @return the link that was in use, or null
    @Nullable Link finish(ClientException cause, Disconnect farewell) {
        lock.lock();
        try {
            Link last = connection == null ? null : connection.link();
            if (last != null) {
                suspend(last, cause);
            }
            end = cause;
            if (outlives(farewell)) {
                promises.fail(session.outstanding(), cause);
                inbox.removeUnacknowledged();
            } else {
                promises.fail(session.discard(), cause);
            }
            return last;
        } finally {
            unlock();
        }
    }

    private boolean outlives(Disconnect farewell) {
        if (!options.version.hasProperties() || lastConnAck == null) {
            return options.wantsToOutlive();
        }
        if (farewell.sessionExpiryInterval() >= 0) {
            return farewell.sessionExpiryInterval() > 0;
        }
        long server = lastConnAck.properties().sessionExpiryInterval();
        return server < 0 ? options.wantsToOutlive() : server > 0;
    }

    /// Waits until there is no connection; null when there never will be one again.
    @Nullable ClientException awaitLoss() throws InterruptedException {
        lock.lock();
        try {
            while (connection != null && end == null) {
                changed.await();
            }
            return end == null ? loss : null;
        } finally {
            unlock();
        }
    }

    /// Notes why there is no connection yet.
    void note(ClientException cause) {
        lock.lock();
        try {
            loss = cause;
        } finally {
            unlock();
        }
    }

    /// What the server said when it accepted last.
    ConnAck connAck() {
        lock.lock();
        try {
            if (lastConnAck == null) {
                throw new IllegalStateException("never connected");
            }
            return lastConnAck;
        } finally {
            unlock();
        }
    }

    boolean isConnected() {
        lock.lock();
        try {
            return connection != null;
        } finally {
            unlock();
        }
    }

    /// The link in use, or null.
    @Nullable Link link() {
        lock.lock();
        try {
            return connection == null ? null : connection.link();
        } finally {
            unlock();
        }
    }

    /// Wakes publishers that found no room.
    void drained() {
        lock.lock();
        unlock();
    }

    // ---- from the application

    /// Sends a message, once there is a connection, room and quota.
    CompletableFuture<ReasonCode> publish(Publish message) {
        lock.lock();
        try {
            Connection to = await(message.qos(), true);
            int id = message.qos() == QoS.AT_MOST_ONCE ? 0 : session.freeId(requests.ids());
            Publish publish = SendWindow.identified(message, id, false);
            throwIf(to.out().refusal(publish));
            return to.publish(publish);
        } finally {
            unlock();
        }
    }

    /// Sends a SUBSCRIBE or UNSUBSCRIBE, whatever the window of messages [MQTT-3.3.4-8].
    CompletableFuture<List<ReasonCode>> request(IntFunction<Packet> packet) {
        lock.lock();
        try {
            Connection to = await(QoS.AT_MOST_ONCE, false);
            int id = session.freeId(requests.ids());
            Packet identified = packet.apply(id);
            throwIf(
                    identified instanceof Subscribe subscribe
                            ? to.out().refusal(subscribe)
                            : to.out().tooLarge(identified));
            CompletableFuture<List<ReasonCode>> answer = requests.add(id, identified);
            to.link().send(identified);
            return answer;
        } finally {
            unlock();
        }
    }

    private Connection await(QoS qos, boolean room) {
        long deadline = deadline(options.limits.timeout());
        while (true) {
            requireOpen();
            Connection now = connection;
            if (now != null
                    && (!room || now.link().hasRoom())
                    && (qos == QoS.AT_MOST_ONCE || now.out().isOpen())) {
                return now;
            }
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                throw ClientException.of(
                        now == null
                                ? "not connected within the timeout"
                                : "the server took no more messages within the timeout",
                        loss);
            }
            awaitChange(left);
        }
    }

    private static long deadline(Duration timeout) {
        return System.nanoTime() + timeout.toNanos();
    }

    // Every caller looks again at what it waits for.
    @SuppressWarnings("WaitNotInLoop")
    private void awaitChange(long nanos) {
        try {
            changed.awaitNanos(nanos);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw ClientException.of("interrupted", interrupted);
        }
    }

    private void requireOpen() {
        if (end != null) {
            throw end.again();
        }
    }

    private static void throwIf(@Nullable ClientException refusal) {
        if (refusal != null) {
            throw refusal;
        }
    }

    /// The next message, waited for, or null when none came in time. It belongs to the application
    /// from here on: a QoS 2 message is not handed over again.
    ///
    /// @param acknowledge at once, or later by [#acknowledge]
    @Nullable Delivery take(Duration timeout, boolean acknowledge) {
        long deadline = deadline(timeout);
        lock.lock();
        try {
            while (true) {
                Delivery oldest = isUndecided() ? null : inbox.poll();
                if (oldest != null) {
                    Publish publish = oldest.publish();
                    if (isCurrent(oldest.link()) && publish.qos() == QoS.EXACTLY_ONCE) {
                        session.take(publish.packetId());
                    }
                    if (acknowledge) {
                        acknowledge(oldest);
                    }
                    return oldest;
                }
                requireOpen();
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    return null;
                }
                awaitChange(left);
            }
        } finally {
            unlock();
        }
    }

    /// Whether the oldest message may come again: that is known once the next connection says
    /// whether the session goes on. Handed over before, one of QoS 2 would come twice.
    private boolean isUndecided() {
        Delivery oldest = inbox.peek();
        return oldest != null && oldest.isAcknowledged() && connection == null && end == null;
    }

    @SuppressWarnings("ReferenceEquality") // a link is one object for its whole life
    private boolean isCurrent(Link link) {
        return connection != null && connection.link() == link;
    }

    /// Tells the server that the application has the message: PUBACK or PUBREC. On another
    /// connection its identifier may mean another message, so there nothing is sent.
    void acknowledge(Delivery delivery) {
        lock.lock();
        try {
            Connection to = connection;
            if (to != null && isCurrent(delivery.link())) {
                to.acknowledge(delivery.publish());
            }
        } finally {
            unlock();
        }
    }

    /// Takes back a message that the application did not want after all, so that a server that
    /// sends it again is not told that it was taken.
    void giveBack(Delivery delivery) {
        lock.lock();
        try {
            if (isCurrent(delivery.link())) {
                session.forget(delivery.publish().packetId());
            }
        } finally {
            unlock();
        }
    }

    // ---- from the server

    /// Obeys a packet. Blocks while the inbox is full.
    void received(Link link, Packet packet) throws InterruptedException {
        lock.lock();
        try {
            Connection from = connection;
            if (from == null || !isCurrent(link)) {
                return;
            }
            switch (packet) {
                case Publish publish -> receive(from, publish);
                case PubAck ack -> from.received(ack);
                case PubRec ack -> from.received(ack);
                case PubRel ack -> from.received(ack);
                case PubComp ack -> from.received(ack);
                case SubAck ack -> requests.answer(ack.packetId(), true, ack.reasons());
                case UnsubAck ack -> requests.answer(ack.packetId(), false, ack.reasons());
                case Disconnect last ->
                        throw ClientException.byServer(
                                "the server disconnected",
                                last.reason(),
                                last.diagnostics().reasonString());
                case PingResp _ -> {}
                default ->
                        throw ProtocolException.protocolError(
                                "a server does not send this packet here [MQTT-5.0, 2.1.2]");
            }
        } finally {
            unlock();
        }
    }

    private void receive(Connection from, Publish publish) throws InterruptedException {
        Publish resolved = from.in().resolved(publish);
        if (!from.isNew(publish)) {
            return;
        }
        while (!inbox.hasRoom() && isCurrent(from.link())) {
            changed.await();
        }
        if (isCurrent(from.link())) {
            inbox.add(new Delivery(from.link(), resolved));
        }
    }

    /// Lets go of the lock, wakes whoever waits for a change, and keeps the promises.
    private void unlock() {
        if (lock.getHoldCount() > 1) {
            lock.unlock();
            return;
        }
        changed.signalAll();
        List<Runnable> kept = promises.drain();
        lock.unlock();
        kept.forEach(Runnable::run);
    }
}
