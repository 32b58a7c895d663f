package io.sotto.client;

import io.sotto.client.ClientSession.Outbound;
import io.sotto.mqtt.Diagnostics;
import io.sotto.mqtt.ProtocolException;
import io.sotto.mqtt.PubAck;
import io.sotto.mqtt.PubComp;
import io.sotto.mqtt.PubRec;
import io.sotto.mqtt.PubRel;
import io.sotto.mqtt.Publish;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.ReasonCode;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// A session on one link: the exchanges of QoS 1 and 2 in both directions. Belongs to the
/// [Conversation], under its lock.
record Connection(
        Link link, ClientSession session, SendWindow out, ReceiveWindow in, Promises promises) {

    /// Sends again what the server has not acknowledged, in order [MQTT-4.4.0-1] [MQTT-4.6.0-1].
    void resume() {
        for (int id : session.released()) {
            out.use();
            link.send(new PubRel(id));
        }
        session.published().forEach(out::sendAgain);
        sendAgain();
    }

    private void sendAgain() {
        for (Outbound next = out.next(); next != null; next = out.next()) {
            int id = next.publish().packetId();
            ClientException refusal = out.refusal(next.publish());
            if (refusal == null) {
                out.use();
                // DUP says that it was sent before [MQTT-3.3.1-1].
                link.send(out.aliased(SendWindow.identified(next.publish(), id, true)));
            } else {
                session.remove(id);
                promises.fail(List.of(next), refusal);
            }
        }
    }

    /// Sends a new message, which the window must have room for.
    CompletableFuture<ReasonCode> publish(Publish publish) {
        if (publish.qos() == QoS.AT_MOST_ONCE) {
            link.send(out.aliased(publish));
            return CompletableFuture.completedFuture(ReasonCode.SUCCESS);
        }
        Outbound outbound = new Outbound(publish, new CompletableFuture<>());
        session.add(outbound);
        out.use();
        link.send(out.aliased(publish));
        return outbound.outcome();
    }

    /// Whether a message is new to the application. The repetition of one that it has is answered;
    /// that of one that still waits for it is not [MQTT-4.3.3-10].
    boolean isNew(Publish publish) {
        if (publish.qos() == QoS.EXACTLY_ONCE && session.hasTaken(publish.packetId())) {
            link.send(new PubRec(publish.packetId()));
            return false;
        }
        return in.open(publish);
    }

    /// Tells the server that the application has a message [MQTT-3.3.4-1].
    void acknowledge(Publish publish) {
        int id = publish.packetId();
        switch (publish.qos()) {
            case AT_MOST_ONCE -> {}
            case AT_LEAST_ONCE -> {
                in.close(id);
                link.send(new PubAck(id));
            }
            case EXACTLY_ONCE -> link.send(new PubRec(id));
        }
    }

    void received(PubAck ack) {
        Outbound message = session.published(ack.packetId());
        if (message == null) {
            return;
        }
        if (message.publish().qos() != QoS.AT_LEAST_ONCE) {
            throw ProtocolException.protocolError("PUBACK for a QoS 2 PUBLISH [MQTT-3.3.4-1]");
        }
        settle(ack.packetId(), ack.reason(), ack.diagnostics());
    }

    void received(PubRec ack) {
        int id = ack.packetId();
        Outbound message = session.published(id);
        if (message == null) {
            ReasonCode reason =
                    session.isReleased(id)
                            ? ReasonCode.SUCCESS
                            : ReasonCode.PACKET_IDENTIFIER_NOT_FOUND;
            link.send(new PubRel(id, reason, Diagnostics.NONE));
            return;
        }
        if (message.publish().qos() != QoS.EXACTLY_ONCE) {
            throw ProtocolException.protocolError("PUBREC for a QoS 1 PUBLISH [MQTT-3.3.4-1]");
        }
        if (ack.reason().isFailure()) {
            settle(id, ack.reason(), ack.diagnostics());
            return;
        }
        session.release(id, ack.reason());
        link.send(new PubRel(id));
    }

    void received(PubRel ack) {
        int id = ack.packetId();
        boolean known = session.forget(id);
        if (!known && in.isOpen(id)) {
            throw ProtocolException.protocolError("PUBREL before PUBREC [MQTT-4.3.3-4]");
        }
        in.close(id);
        ReasonCode reason = known ? ReasonCode.SUCCESS : ReasonCode.PACKET_IDENTIFIER_NOT_FOUND;
        link.send(new PubComp(id, reason, Diagnostics.NONE));
    }

    void received(PubComp ack) {
        if (session.isReleased(ack.packetId())) {
            settle(ack.packetId(), session.released(ack.packetId()), Diagnostics.NONE);
        }
    }

    /// Ends the exchange of a message that was sent, and lets the next ones go.
    private void settle(int id, ReasonCode reason, Diagnostics words) {
        Outbound message = session.remove(id);
        if (message == null) {
            return;
        }
        out.restore();
        sendAgain();
        if (reason.isFailure()) {
            ClientException refused =
                    ClientException.byServer(
                            "the server refused a message", reason, words.reasonString());
            promises.fail(List.of(message), refused);
        } else {
            promises.add(() -> message.outcome().complete(reason));
        }
    }
}
