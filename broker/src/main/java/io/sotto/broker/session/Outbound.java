package io.sotto.broker.session;

import io.sotto.broker.spi.Authorizer.Subject;
import io.sotto.broker.spi.DropReason;
import io.sotto.broker.spi.Message;
import io.sotto.mqtt.ProtocolException;
import io.sotto.mqtt.PubRel;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.ReasonCode;
import io.sotto.mqtt.TopicFilter;
import io.sotto.mqtt.codec.PublishFrame;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// What a session sends: its window of unacknowledged copies, the backlog behind it, and the
/// retained messages that its subscriptions are owed.
///
/// One ordered queue: a new copy is sent at once only when nothing waits before it. While a client
/// is away, QoS 1 and 2 copies wait; what was sent and not settled is sent again, in order and
/// before all else, when it comes back [MQTT-4.4.0-1], and at no other time.
public final class Outbound {
    private final SessionContext context;
    private Subject subject;
    private final boolean kept;
    private final Inflight inflight = new Inflight();
    private final Backlog backlog = new Backlog();
    private final Deque<RetainedStream> retained = new ArrayDeque<>(0);
    private @Nullable Line line;
    private int[] toResend = {};
    private int resent;
    private int outstanding;

    /// @param kept whether the session outlives its connection, so that the journal must know
    Outbound(SessionContext context, Subject subject, boolean kept) {
        this.context = context;
        this.subject = subject;
        this.kept = kept;
    }

    boolean isKept() {
        return kept;
    }

    /// Takes a copy of a message and sends it now or later; a copy that can be neither is dropped
    /// with its reason.
    public void deliver(Message message, QoS qos, boolean retain, Via via, long now) {
        context.ledger().copy();
        if (!context.authorizer().mayReceive(subject, message.topic())) {
            drop(message, DropReason.NOT_AUTHORIZED, now);
        } else if (qos == QoS.AT_MOST_ONCE) {
            deliverAtMostOnce(message, retain, via, now);
        } else if (line != null && backlog.isEmpty() && hasRoom(line)) {
            context.ledger().queued();
            transmit(line, message, qos, retain, via, now);
        } else {
            enqueue(message, qos, retain, via, now);
        }
    }

    private void deliverAtMostOnce(Message message, boolean retain, Via via, long now) {
        if (line == null) {
            if (context.limits().keepQoS0()) {
                enqueue(message, QoS.AT_MOST_ONCE, retain, via, now);
            } else {
                drop(message, DropReason.OFFLINE, now);
            }
        } else if (backlog.holdsAtMostOnce()) {
            // Kept while the client was away: those go first [MQTT-4.6.0-6].
            enqueue(message, QoS.AT_MOST_ONCE, retain, via, now);
        } else if (!line.isWritable()) {
            drop(message, DropReason.SLOW_CONSUMER, now);
        } else if (message.isExpired(now)) {
            drop(message, DropReason.EXPIRED, now);
        } else {
            PublishFrame frame = line.frame(message, QoS.AT_MOST_ONCE, retain, via, now);
            if (line.fits(frame)) {
                line.publish(message, frame, 0, false);
                context.ledger().delivered(frame.size());
            } else {
                drop(message, DropReason.TOO_LARGE, now);
            }
        }
    }

    private boolean hasRoom(Line line) {
        return outstanding < line.window()
                && outstanding < context.limits().window()
                && resent == toResend.length
                && line.isWritable();
    }

    /// Whether a copy would be sent at once.
    boolean isReady() {
        return line != null && backlog.isEmpty() && hasRoom(line);
    }

    /// Sends a copy that counts as queued, and keeps it until it is settled.
    private void transmit(Line line, Message message, QoS qos, boolean retain, Via via, long now) {
        PublishFrame frame = line.frame(message, qos, retain, via, now);
        if (message.isExpired(now)) {
            dropQueued(message, DropReason.EXPIRED, now);
        } else if (!line.fits(frame)) {
            dropQueued(message, DropReason.TOO_LARGE, now);
        } else if (qos == QoS.AT_MOST_ONCE) {
            line.publish(message, frame, 0, false);
            context.ledger().sent(frame.size());
            context.ledger().acknowledged();
        } else {
            int id = inflight.add(message, qos, retain, via);
            outstanding++;
            line.publish(message, frame, id, false);
            context.ledger().sent(frame.size());
            if (kept) {
                context.journal().sent(message, subject.clientId(), id);
            }
        }
    }

    private void enqueue(Message message, QoS qos, boolean retain, Via via, long now) {
        QueueLimits limits = context.limits();
        if (isFull(message)) {
            dropExpired(now);
        }
        while (isFull(message)
                && limits.overflow() == QueueLimits.Overflow.DROP_OLD
                && !backlog.isEmpty()) {
            removeFirst(DropReason.QUEUE_FULL, now);
        }
        if (isFull(message)) {
            drop(message, DropReason.QUEUE_FULL, now);
            return;
        }
        backlog.add(message, qos, retain, via);
        context.ledger().queued();
    }

    private boolean isFull(Message message) {
        return backlog.size() >= context.limits().messages()
                || backlog.bytes() + message.weight() > context.limits().bytes();
    }

    /// Removes the copies at the head of the backlog, and those behind it, that expired.
    public void dropExpired(long now) {
        int waiting = backlog.size();
        boolean any = false;
        for (int i = 0; i < waiting && !any; i++) {
            any = backlog.message(i).isExpired(now);
        }
        for (int i = 0; any && i < waiting; i++) {
            Message message = backlog.message(0);
            QoS qos = backlog.qos(0);
            boolean retain = backlog.retain(0);
            Via via = backlog.via(0);
            if (message.isExpired(now)) {
                removeFirst(DropReason.EXPIRED, now);
            } else {
                backlog.removeFirst();
                backlog.add(message, qos, retain, via);
            }
        }
    }

    private void removeFirst(DropReason reason, long now) {
        dropQueued(backlog.message(0), reason, now);
        backlog.removeFirst();
    }

    /// A copy ends that never waited.
    private void drop(Message message, DropReason reason, long now) {
        context.ledger().dropped(reason);
        tell(message, reason, now);
    }

    /// A copy ends that waited.
    private void dropQueued(Message message, DropReason reason, long now) {
        context.ledger().droppedFromQueue(reason);
        tell(message, reason, now);
    }

    private void tell(Message message, DropReason reason, long now) {
        if (kept) {
            context.journal().dropped(message, subject.clientId());
        }
        context.recorder().dropped(reason, subject.clientId(), message, now);
    }

    /// Owes a new subscription its retained messages; one for the same filter starts afresh.
    public void owe(RetainedStream stream) {
        forget(stream.grant().filter());
        retained.addLast(stream);
    }

    /// Owes a subscription nothing any more.
    public void forget(TopicFilter filter) {
        retained.removeIf(stream -> stream.grant().filter().equals(filter));
    }

    /// The client is there: what was sent and not settled is to be sent again.
    void attach(Line line, Subject subject) {
        this.line = line;
        this.subject = subject;
        toResend = inflight.inOrder();
        resent = 0;
        outstanding = 0;
    }

    /// The client is gone.
    void detach() {
        line = null;
        toResend = new int[0];
        resent = 0;
        outstanding = 0;
    }

    /// Sends what waits, as far as window and link allow: first what was sent before, then the
    /// backlog, then retained messages.
    public void pump(long now) {
        Line line = this.line;
        if (line == null) {
            return;
        }
        while (resent < toResend.length && outstanding < line.window() && line.isWritable()) {
            resend(line, toResend[resent++], now);
        }
        while (!backlog.isEmpty() && hasRoom(line)) {
            Message message = backlog.message(0);
            QoS qos = backlog.qos(0);
            boolean retain = backlog.retain(0);
            Via via = backlog.via(0);
            if (!context.authorizer().mayReceive(subject, message.topic())) {
                removeFirst(DropReason.NOT_AUTHORIZED, now);
            } else {
                backlog.removeFirst();
                transmit(line, message, qos, retain, via, now);
            }
        }
        boolean more = true;
        while (more && !retained.isEmpty() && line.isWritable()) {
            more = pumpRetained(line, retained.getFirst(), now);
        }
    }

    private void resend(Line line, int id, long now) {
        if (!inflight.contains(id)) {
            return;
        }
        if (inflight.state(id) == Inflight.State.RELEASED) {
            outstanding++;
            line.send(new PubRel(id));
            return;
        }
        Message message = inflight.message(id);
        PublishFrame frame =
                line.frame(message, inflight.qos(id), inflight.retain(id), inflight.via(id), now);
        if (line.fits(frame)) {
            outstanding++;
            line.publish(message, frame, id, true);
            context.ledger().sent(frame.size());
        } else {
            dropQueued(message, DropReason.TOO_LARGE, now);
            giveUp(line, id);
        }
    }

    /// A copy that was sent before is too large for the client that came back. At QoS 2 the client
    /// may have it and wait for PUBREL, so that its identifier is not free before PUBCOMP.
    private void giveUp(Line line, int id) {
        if (inflight.qos(id) != QoS.EXACTLY_ONCE) {
            settle(id);
            return;
        }
        inflight.writeOff(id);
        inflight.release(id);
        if (kept) {
            context.journal().pubRec(subject.clientId(), id);
        }
        outstanding++;
        line.send(new PubRel(id));
    }

    /// Sends one retained message; whether to go on.
    private boolean pumpRetained(Line line, RetainedStream stream, long now) {
        Message message = stream.peek(now);
        if (message == null) {
            retained.removeFirst();
            return true;
        }
        QoS qos = stream.qos(message);
        boolean inTurn = qos != QoS.AT_MOST_ONCE || backlog.holdsAtMostOnce();
        if (inTurn && (!backlog.isEmpty() || !hasRoom(line))) {
            return false;
        }
        stream.advance();
        if (kept && qos != QoS.AT_MOST_ONCE) {
            context.journal().queued(message, subject.clientId(), qos, true);
        }
        deliver(message, qos, true, stream.via(), now);
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
    /// @return whether PUBREL is owed; false for an unknown identifier or a refusal
    /// @throws ProtocolException when the message was not sent at QoS 2
    public boolean pubRec(int id, ReasonCode reason, long now) {
        if (!inflight.contains(id)) {
            return false;
        }
        if (inflight.qos(id) != QoS.EXACTLY_ONCE) {
            throw ProtocolException.protocolError("PUBREC for a message of QoS 1 [MQTT-3.3.4-1]");
        }
        if (reason.isFailure()) {
            close(id, reason, now);
            return false;
        }
        if (inflight.state(id) == Inflight.State.PUBLISHED) {
            inflight.release(id);
            if (kept) {
                context.journal().pubRec(subject.clientId(), id);
            }
        }
        return true;
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
            dropQueued(inflight.message(id), DropReason.REFUSED, now);
        } else if (!inflight.isWrittenOff(id)) {
            context.ledger().acknowledged();
        }
        outstanding = Math.max(0, outstanding - 1);
        settle(id);
        pump(now);
    }

    private void settle(int id) {
        inflight.remove(id);
        inflight.trim();
        if (kept) {
            context.journal().settled(subject.clientId(), id);
        }
    }

    /// The number of copies that wait or are unacknowledged.
    public int pending() {
        return inflight.size() + backlog.size();
    }

    /// A copy that another member of its share group may take.
    public record Orphan(Message message, TopicFilter shared) {}

    /// Ends all deliveries, as the session ends. Copies of shared subscriptions that were not sent,
    /// or sent at QoS 1 and not acknowledged, are given back; a QoS 2 delivery that has begun goes
    /// to nobody else [MQTT-4.8.2-5].
    List<Orphan> end(long now) {
        List<Orphan> orphans = new ArrayList<>(0);
        for (int id : inflight.inOrder()) {
            boolean mayMove = inflight.qos(id) == QoS.AT_LEAST_ONCE;
            if (!inflight.isWrittenOff(id)) {
                part(inflight.message(id), mayMove ? inflight.via(id) : Via.PLAIN, orphans, now);
            }
            inflight.remove(id);
        }
        while (!backlog.isEmpty()) {
            part(backlog.message(0), backlog.via(0), orphans, now);
            backlog.removeFirst();
        }
        retained.clear();
        detach();
        return orphans;
    }

    /// Gives back the copies of shared subscriptions that were not sent yet, or sent at QoS 1 and
    /// not acknowledged, while the client is away.
    ///
    /// @param wanted whether another member of a group would take them
    public List<Orphan> release(Predicate<TopicFilter> wanted) {
        List<Orphan> orphans = new ArrayList<>();
        for (int id : inflight.inOrder()) {
            TopicFilter shared = inflight.via(id).shared();
            if (inflight.qos(id) == QoS.AT_LEAST_ONCE && shared != null && wanted.test(shared)) {
                handOver(inflight.message(id), shared, orphans);
                settle(id);
            }
        }
        for (int waiting = backlog.size(); waiting > 0; waiting--) {
            Message message = backlog.message(0);
            QoS qos = backlog.qos(0);
            boolean retain = backlog.retain(0);
            Via via = backlog.via(0);
            TopicFilter shared = via.shared();
            backlog.removeFirst();
            if (shared != null && wanted.test(shared)) {
                handOver(message, shared, orphans);
            } else {
                backlog.add(message, qos, retain, via);
            }
        }
        return orphans;
    }

    private void handOver(Message message, TopicFilter shared, List<Orphan> orphans) {
        context.ledger().handedOver();
        if (kept) {
            context.journal().dropped(message, subject.clientId());
        }
        orphans.add(new Orphan(message, shared));
    }

    private void part(Message message, Via via, List<Orphan> orphans, long now) {
        TopicFilter shared = via.shared();
        if (shared == null) {
            dropQueued(message, DropReason.SESSION_ENDED, now);
        } else {
            handOver(message, shared, orphans);
        }
    }
}
