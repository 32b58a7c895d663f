package io.sotto.broker.session;

import io.sotto.broker.spi.Authorizer.Subject;
import io.sotto.broker.spi.DropReason;
import io.sotto.broker.spi.Held;
import io.sotto.broker.spi.Message;
import io.sotto.broker.spi.Recovery;
import io.sotto.broker.spi.Via;
import io.sotto.mqtt.Diagnostics;
import io.sotto.mqtt.ProtocolException;
import io.sotto.mqtt.PubRec;
import io.sotto.mqtt.PubRel;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.ReasonCode;
import io.sotto.mqtt.TopicFilter;
import io.sotto.mqtt.codec.PublishFrame;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// What a session sends: its window of unacknowledged copies, the backlog behind it, and the
/// retained messages that its subscriptions are owed.
///
/// One ordered queue: a new copy is sent at once only when nothing waits before it. While a client
/// is away, QoS 1 and 2 copies wait; what was sent and not settled is sent again, in order and
/// before all else, when it comes back [MQTT-4.4.0-1], and at no other time.
public final class Outbound {
    private final Session session;
    private final SessionContext context;
    private final Trail trail;
    private final Endings endings;
    private final Queue queue;
    private final Rights rights;
    private final Inflight inflight = new Inflight();
    private @Nullable Deque<RetainedStream> retained;
    private @Nullable Line line;
    private final Resends resends = new Resends();
    private int held;
    private boolean fetching;

    Outbound(Session session, SessionContext context, Subject subject, Trail trail) {
        this.session = session;
        this.context = context;
        this.rights = new Rights(context.authorizer(), subject);
        this.trail = trail;
        this.endings = new Endings(context, trail, subject.clientId());
        this.queue = new Queue(context, trail, endings);
    }

    Trail trail() {
        return trail;
    }

    /// What the client may be handed.
    public Rights rights() {
        return rights;
    }

    /// Takes a copy of a message and sends it now or later; a copy that can be neither is dropped
    /// with its reason.
    public void deliver(Message message, QoS qos, boolean retain, Via via, long now) {
        context.ledger().copy();
        if (!rights.mayReceive(message.topic())) {
            endings.drop(message, qos, DropReason.NOT_AUTHORIZED, now);
        } else if (qos == QoS.AT_MOST_ONCE) {
            deliverAtMostOnce(message, retain, via, now);
        } else if (line != null && queue.isEmpty() && hasRoom(line, message.weight())) {
            context.ledger().queued();
            transmit(line, message, qos, retain, via, now);
        } else {
            queue.add(message, qos, retain, via, now);
        }
    }

    /// A copy ends because its session had ended when it came.
    void lost(Message message, QoS qos, long now) {
        context.ledger().copy();
        endings.drop(message, qos, DropReason.SESSION_ENDED, now);
    }

    private void deliverAtMostOnce(Message message, boolean retain, Via via, long now) {
        // What was kept while the client was away goes first [MQTT-4.6.0-6].
        if (line == null ? context.limits().keepQoS0() : queue.holdsAtMostOnce()) {
            queue.add(message, QoS.AT_MOST_ONCE, retain, via, now);
        } else if (line == null) {
            endings.drop(message, QoS.AT_MOST_ONCE, DropReason.OFFLINE, now);
        } else if (!line.isWritable()) {
            endings.drop(message, QoS.AT_MOST_ONCE, DropReason.SLOW_CONSUMER, now);
        } else if (message.isExpired(now)) {
            endings.drop(message, QoS.AT_MOST_ONCE, DropReason.EXPIRED, now);
        } else {
            PublishFrame frame = line.frame(message, QoS.AT_MOST_ONCE, retain, via, now);
            if (line.fits(frame)) {
                line.publish(message, frame, 0, false);
                context.ledger().delivered(frame.size());
            } else {
                endings.drop(message, QoS.AT_MOST_ONCE, DropReason.TOO_LARGE, now);
            }
        }
    }

    /// Sends several QoS 0 messages in one piece; false, and none, when each is to be looked at.
    boolean deliver(Sheaf sheaf, boolean retain, Via via) {
        return line != null
                && !queue.holdsAtMostOnce()
                && rights.mayReceive(sheaf.topic())
                && line.publish(sheaf, retain, via, context.ledger());
    }

    private boolean hasRoom(Line line, int weight) {
        return inflight.outstanding() < Math.min(line.window(), context.limits().window())
                && isWithinBytes(weight)
                && resends.isDone()
                && line.isWritable();
    }

    private void out(int id) {
        inflight.out(id, context.limits().windowBytes() != Long.MAX_VALUE);
    }

    private boolean isWithinBytes(int weight) {
        return inflight.hasRoomFor(weight, context.limits().windowBytes());
    }

    /// Whether a copy would be sent at once.
    boolean isReady() {
        return line != null && queue.isEmpty() && hasRoom(line, 1);
    }

    /// Sends a copy that counts as queued, and keeps it until it is settled.
    private void transmit(Line line, Message message, QoS qos, boolean retain, Via via, long now) {
        PublishFrame frame = line.frame(message, qos, retain, via, now);
        if (message.isExpired(now)) {
            endings.discard(message, qos, DropReason.EXPIRED, now);
        } else if (!line.fits(frame)) {
            endings.discard(message, qos, DropReason.TOO_LARGE, now);
        } else if (qos == QoS.AT_MOST_ONCE) {
            line.publish(message, frame, 0, false);
            context.ledger().sent(frame.size());
            context.ledger().acknowledged();
        } else {
            int id = inflight.add(message, qos, retain, via);
            out(id);
            trail.sent(message, qos, id);
            long batch = qos == QoS.EXACTLY_ONCE ? trail.exactlyOnce(message) : 0;
            if (held > 0 || context.promises().isPending(batch)) {
                hold(message.id(), id, batch);
            } else {
                line.publish(message, frame, id, false);
                context.ledger().sent(frame.size());
            }
        }
    }

    /// A QoS 2 copy is not sent before it is durable, with its identifier: after a crash neither
    /// its publisher's repetition nor ours must pass for another message [MQTT-4.3.3-2]. What
    /// follows it waits as well, so that nothing overtakes.
    private void hold(long number, int id, long batch) {
        held++;
        inflight.hold(id);
        context.promises().hold(batch, (packet, now) -> sendHeld(number, id, now), null);
    }

    private void sendHeld(long number, int id, long now) {
        held--;
        Line line = this.line;
        if (line != null
                && resends.isDone()
                && inflight.contains(id)
                && inflight.isUnsent(id)
                && inflight.message(id).id() == number) {
            send(line, id, now);
        }
        pump(now);
    }

    /// Sends a copy whose body is here, for the first time or again.
    private void send(Line line, int id, long now) {
        Message message = (Message) inflight.message(id);
        boolean first = inflight.isUnsent(id);
        PublishFrame frame =
                line.frame(message, inflight.qos(id), inflight.retain(id), inflight.via(id), now);
        DropReason reason = line.fits(frame) ? null : DropReason.TOO_LARGE;
        if (!rights.mayReceive(message.topic())) {
            reason = DropReason.NOT_AUTHORIZED;
        } else if (first && message.isExpired(now)) {
            reason = DropReason.EXPIRED;
        }
        if (reason == null) {
            inflight.begin(id);
            line.publish(message, frame, id, !first);
            context.ledger().sent(frame.size());
        } else if (first) {
            endings.fail(message, reason, now);
            settle(id);
        } else {
            giveUp(id, reason, now);
        }
    }

    /// What waits behind the window.
    Queue queue() {
        return queue;
    }

    /// Owes a new subscription its retained messages; one for the same filter starts afresh.
    public void owe(RetainedStream stream) {
        forget(stream.grant().filter());
        retained = retained == null ? new ArrayDeque<>(1) : retained;
        retained.addLast(stream);
    }

    /// Owes a subscription nothing any more.
    public void forget(TopicFilter filter) {
        if (retained != null) {
            retained.removeIf(stream -> stream.grant().filter().equals(filter));
        }
    }

    /// The client is there: what was sent and not settled is to be sent again.
    void attach(Line line, Subject subject) {
        this.line = line;
        rights.of(subject);
        resends.begin(inflight.inOrder());
        inflight.allBack();
    }

    /// The client is gone.
    void detach() {
        line = null;
        resends.begin(Empty.INTS);
        inflight.allBack();
    }

    /// Sends what waits, as far as window and link allow and so much in one turn: first what was
    /// sent before, then the backlog, then retained messages.
    public void pump(long now) {
        Line line = this.line;
        if (line == null || context.rounds().holds(session)) {
            return;
        }
        int left = Rounds.MESSAGES;
        while (left > 0 && step(line, now)) {
            left--;
        }
        if (left == 0) {
            context.rounds().join(session);
        }
    }

    /// Sends the next of what waits; false when nothing may be sent now.
    private boolean step(Line line, long now) {
        if (!resends.isDone()) {
            boolean sent =
                    inflight.outstanding() < line.window()
                            && line.isWritable()
                            && resend(line, resends.next(), now);
            if (sent) {
                resends.advance();
                return true;
            }
        }
        if (!queue.isEmpty() && hasRoom(line, queue.first().weight()) && sendFirst(line, now)) {
            return true;
        }
        RetainedStream first = retained == null ? null : retained.peekFirst();
        return first != null && line.isWritable() && pumpRetained(line, first, now);
    }

    /// Sends the oldest copy of the backlog; false when its body has to be fetched first.
    private boolean sendFirst(Line line, long now) {
        Held held = queue.first();
        if (!rights.mayReceive(held.topic())) {
            queue.removeFirst(DropReason.NOT_AUTHORIZED, now);
        } else if (held.isExpired(now)) {
            queue.removeFirst(DropReason.EXPIRED, now);
        } else if (held instanceof Message message) {
            Queue.Turn turn = queue.next(message);
            transmit(line, message, turn.qos(), turn.retain(), turn.via(), now);
        } else {
            queue.fetch(this::pump);
            return false;
        }
        return true;
    }

    /// Sends a copy again; false when its body has to be fetched first.
    private boolean resend(Line line, int id, long now) {
        if (!inflight.contains(id)) {
            return true;
        }
        if (inflight.state(id) == Inflight.State.RELEASED) {
            out(id);
            line.send(new PubRel(id));
            return true;
        }
        if (!(inflight.message(id) instanceof Message)) {
            fetchInflight();
            return false;
        }
        boolean waits = held > 0 && inflight.isUnsent(id); // for the disk, as for the last client
        if (waits || !isWithinBytes(inflight.message(id).weight())) {
            return false;
        }
        out(id);
        send(line, id, now);
        if (inflight.contains(id) && inflight.isReleased(id)) {
            line.send(new PubRel(id));
        }
        return true;
    }

    /// A copy that was sent before cannot be sent again. At QoS 2 the client may have it and wait
    /// for PUBREL, so that its identifier is not free before PUBCOMP.
    void giveUp(int id, DropReason reason, long now) {
        endings.fail(inflight.message(id), reason, now);
        if (inflight.qos(id) == QoS.EXACTLY_ONCE) {
            inflight.writeOff(id);
            inflight.release(id);
            trail.pubRec(inflight.message(id), id);
        } else {
            settle(id);
        }
    }

    private void fetchInflight() {
        if (!fetching) {
            fetching = true;
            context.journal()
                    .fetch(InflightFetch.of(this, trail.session(), inflight, resends.left()));
        }
    }

    /// The bodies have come that were fetched.
    void fetched(long now) {
        fetching = false;
        pump(now);
    }

    /// Takes back what was on its way to the client before the broker began.
    void restore(Recovery.Copy copy, int packetId, boolean released) {
        if (packetId == 0) {
            queue.restore(copy);
        } else {
            inflight.restore(copy, packetId, released);
        }
        context.ledger().restored();
    }

    /// All that waited is here.
    void restored() {
        queue.restored();
    }

    /// Sends one retained message; whether to go on.
    private boolean pumpRetained(Line line, RetainedStream stream, long now) {
        Message message = stream.peek(now);
        if (message == null) {
            Deque<RetainedStream> owed = Objects.requireNonNull(retained);
            owed.removeFirst();
            retained = owed.isEmpty() ? null : owed;
            return true;
        }
        QoS qos = stream.qos(message);
        boolean inTurn = qos != QoS.AT_MOST_ONCE || queue.holdsAtMostOnce();
        if (inTurn && (!queue.isEmpty() || !hasRoom(line, message.weight()))) {
            return false;
        }
        stream.advance();
        Message copy = message;
        if (trail.isKept() && qos != QoS.AT_MOST_ONCE) {
            copy = message.renumbered(context.numbers().next(now));
            trail.queued(copy, qos, true, stream.via());
        }
        deliver(copy, qos, true, stream.via(), now);
        return true;
    }

    /// PUBACK came.
    ///
    /// @throws ProtocolException when the message was not sent at QoS 1
    public void pubAck(int id, ReasonCode reason, long now) {
        if (!inflight.contains(id)) {
            return;
        }
        if (inflight.qos(id) != QoS.AT_LEAST_ONCE) {
            throw ProtocolException.protocolError("PUBACK for a message of QoS 2 [MQTT-3.3.4-1]");
        }
        close(id, reason, now);
    }

    /// PUBREC came. The answer, PUBREL, leaves when the journal has it.
    ///
    /// @return what is owed; nothing for a refusal, and for an unknown identifier before 5.0
    /// @throws ProtocolException when the message was not sent at QoS 2
    public @Nullable PubRel pubRec(PubRec ack, long now) {
        int id = ack.packetId();
        if (!inflight.contains(id)) {
            boolean told = line != null && line.version().hasProperties();
            return ack.reason().isFailure() || !told
                    ? null
                    : new PubRel(id, ReasonCode.PACKET_IDENTIFIER_NOT_FOUND, Diagnostics.NONE);
        }
        if (inflight.qos(id) != QoS.EXACTLY_ONCE) {
            throw ProtocolException.protocolError("PUBREC for a message of QoS 1 [MQTT-3.3.4-1]");
        }
        if (ack.reason().isFailure()) {
            close(id, ack.reason(), now);
            return null;
        }
        if (inflight.state(id) == Inflight.State.PUBLISHED) {
            inflight.release(id);
            trail.pubRec(inflight.message(id), id);
        }
        return new PubRel(id);
    }

    /// Whether a copy with this packet identifier is under way.
    public boolean isInflight(int id) {
        return inflight.contains(id);
    }

    /// PUBCOMP came.
    public void pubComp(int id, long now) {
        if (inflight.contains(id) && inflight.state(id) == Inflight.State.RELEASED) {
            close(id, ReasonCode.SUCCESS, now);
        }
    }

    private void close(int id, ReasonCode reason, long now) {
        if (reason.isFailure()) {
            endings.fail(inflight.message(id), DropReason.REFUSED, now);
        } else if (!inflight.isWrittenOff(id)) {
            context.ledger().acknowledged();
        }
        settle(id);
        pump(now);
    }

    private void settle(int id) {
        if (inflight.isReleased(id)) {
            trail.completed(inflight.message(id), id);
        } else {
            trail.settled(inflight.message(id), inflight.qos(id), id);
        }
        inflight.remove(id);
        inflight.trim();
    }

    /// The number of copies that wait or are unacknowledged.
    public int pending() {
        return inflight.size() + queue.size();
    }

    /// A copy that another member of its share group may take.
    public record Orphan(Message message, TopicFilter shared) {}

    /// Ends all deliveries, as the session ends. Copies of shared subscriptions that were not sent,
    /// or sent at QoS 1 and not acknowledged, are given back; a QoS 2 delivery that has begun goes
    /// to nobody else [MQTT-4.8.2-5].
    List<Orphan> end(long now) {
        List<Orphan> orphans = new ArrayList<>(0);
        for (int id : inflight.inOrder()) {
            boolean mayMove = inflight.mayMove(id);
            if (!inflight.isWrittenOff(id)) {
                endings.part(
                        inflight.message(id), mayMove ? inflight.via(id) : Via.PLAIN, orphans, now);
            }
            settle(id);
        }
        queue.end(orphans, now);
        retained = null;
        detach();
        return orphans;
    }

    /// Gives back the copies of shared subscriptions that were not sent yet and, while the client
    /// is away, those that were sent at QoS 1 and not acknowledged.
    ///
    /// @param wanted whether another member of a group would take them
    public List<Orphan> release(Predicate<TopicFilter> wanted) {
        List<Orphan> orphans = new ArrayList<>();
        for (int id : line == null ? inflight.inOrder() : Empty.INTS) {
            TopicFilter shared = inflight.via(id).shared();
            if (inflight.mayMove(id)
                    && shared != null
                    && wanted.test(shared)
                    && inflight.message(id) instanceof Message message) {
                endings.handOver(message, shared, orphans);
                settle(id);
            }
        }
        queue.release(wanted, orphans);
        return orphans;
    }
}
