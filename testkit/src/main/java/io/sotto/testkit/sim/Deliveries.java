package io.sotto.testkit.sim;

import io.sotto.mqtt.PubAck;
import io.sotto.mqtt.PubComp;
import io.sotto.mqtt.PubRec;
import io.sotto.mqtt.PubRel;
import io.sotto.mqtt.Publish;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.ReasonCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The model of what subscribers get: every PUBLISH is held against what is owed, and every copy
/// that is owed has to arrive or to be dropped with a reason.
final class Deliveries {
    private static final String LATE = "its time has passed";
    private static final String DISORDER = "a younger one of its row came before";

    private final ModelState state;
    private final Losses losses;

    Deliveries(ModelState state, Losses losses) {
        this.state = state;
        this.losses = losses;
    }

    /// The broker wrote a PUBLISH.
    void written(ModelConnection connection, Publish publish) {
        String topic = connection.topicOut(publish);
        if (publish.qos() != QoS.AT_MOST_ONCE) {
            open(connection, publish.packetId());
        }
        if (publish.dup()) {
            again(connection, topic, publish);
        } else {
            first(connection, topic, publish);
        }
    }

    private void open(ModelConnection connection, int packetId) {
        connection.open().add(packetId);
        int maximum =
                Math.min(
                        connection.connect().properties().receiveMaximum(),
                        state.settings().queue().window());
        if (connection.open().size() > maximum && connection.isModern()) {
            throw new Violation(
                    "receive maximum", connection.open().size() + " open, allowed " + maximum);
        }
    }

    private void again(ModelConnection connection, String topic, Publish publish) {
        int packetId = publish.packetId();
        Copy copy = connection.session().sending().inflight().get(packetId);
        if (copy == null || copy.isReleased() || publish.qos() == QoS.AT_MOST_ONCE) {
            throw new Violation("dup", "not sent before: " + publish);
        }
        if (!copy.message().key().equals(ModelMessage.key(topic, publish))
                || copy.qos() != publish.qos()
                || copy.retain() != publish.retain()) {
            throw new Violation("dup", "another message than before: " + publish + " for " + copy);
        }
        copy.maybeFree(false);
        inTurn(connection, packetId, copy);
        String difference =
                copy.isIdentified()
                        ? content(connection, copy.message(), copy.identifiers(), publish)
                        : "";
        if (!difference.isEmpty()) {
            throw new Violation("owed as such", difference + ": " + publish);
        }
    }

    /// The broker wrote a PUBREL that no PUBREC of this connection called for.
    void releasedAgain(ModelConnection connection, int packetId) {
        if (connection.session().sending().abandoned().contains(packetId)) {
            return;
        }
        Copy copy = connection.session().sending().inflight().get(packetId);
        if (copy == null || !copy.isReleased()) {
            throw new Violation("pubrel", "not called for: " + packetId);
        }
        inTurn(connection, packetId, copy);
    }

    /// What is sent again is sent once per connection, in its old order.
    private static void inTurn(ModelConnection connection, int packetId, Copy copy) {
        if (!connection.isPresent() || !connection.sentHere().add(packetId)) {
            throw new Violation("dup", "sent again on the same connection: " + copy);
        }
        if (copy.order() < connection.lastResent()) {
            throw new Violation("order", "sent again out of its order: " + copy);
        }
        connection.lastResent(copy.order());
    }

    private void first(ModelConnection connection, String topic, Publish publish) {
        ModelSession session = connection.session();
        Copy copy = claim(connection, topic, publish);
        if (publish.qos() == QoS.AT_MOST_ONCE) {
            return;
        }
        int packetId = publish.packetId();
        copy.identified(connection.isModern());
        letGo(session, connection, packetId);
        copy.order(state.event());
        session.sending().inflight().put(packetId, copy);
        connection.sentHere().add(packetId);
    }

    /// Before a new message is sent, all that was sent before is; its identifier is free.
    private void letGo(ModelSession session, ModelConnection connection, int packetId) {
        Map<Integer, Copy> inflight = session.sending().inflight();
        for (Map.Entry<Integer, Copy> entry : List.copyOf(inflight.entrySet())) {
            Copy copy = entry.getValue();
            if (losses.isGivenBack(copy)) {
                inflight.remove(entry.getKey());
            } else if (!connection.sentHere().contains(entry.getKey())) {
                throw new Violation(
                        "order", "a new message before one that was sent before: " + copy);
            }
        }
        if (inflight.containsKey(packetId)) {
            throw new Violation("packet id", packetId + " is in use by " + inflight.get(packetId));
        }
    }

    /// Finds what a first sending is.
    private Copy claim(ModelConnection connection, String topic, Publish publish) {
        ModelSession session = connection.session();
        String key = ModelMessage.key(topic, publish);
        List<String> near = new ArrayList<>();
        Owed.Claim claim = claim(connection, topic, publish, near);
        if (claim == null) {
            takeBack(key, session);
            claim = claim(connection, topic, publish, near);
        }
        if (claim == null) {
            losses.endThoseThatMay(key, copy -> isFor(connection, publish, copy, true, near));
            claim = claim(connection, topic, publish, near);
        }
        if (claim != null) {
            return copy(session, publish, claim);
        }
        String check =
                near.isEmpty()
                        ? "owed"
                        : near.contains(LATE)
                                ? "expiry"
                                : near.contains(DISORDER) ? "order" : "owed as such";
        String what =
                session
                        + " gets "
                        + key
                        + " at "
                        + publish.qos()
                        + (publish.retain() ? " retained" : "");
        throw new Violation(check, what + "; near: " + near);
    }

    private String difference(ModelConnection connection, Copy copy, Publish publish) {
        if (copy.message().isExpired(state.now())) {
            return LATE;
        }
        String share = copy.share();
        return share == null
                ? ownDifference(connection, copy, publish)
                : difference(connection, connection.session().held().get(share), copy, publish);
    }

    private String ownDifference(ModelConnection connection, Copy copy, Publish publish) {
        if (copy.qos() != publish.qos()) {
            return "QoS should be " + copy.qos();
        }
        if (copy.retain() != publish.retain()) {
            return "retain should be " + copy.retain();
        }
        String content = content(connection, copy.message(), copy.identifiers(), publish);
        boolean late = content.isEmpty() && isOutOfOrder(connection.session(), copy);
        return late ? DISORDER : content;
    }

    private String content(
            ModelConnection connection,
            ModelMessage message,
            List<Integer> identifiers,
            Publish publish) {
        List<Integer> given = publish.subscriptionIdentifiers().stream().sorted().toList();
        if (!given.equals(connection.isModern() ? identifiers : List.of())) {
            return "subscription identifiers should be " + identifiers;
        }
        return message.difference(publish, connection.version(), state.now());
    }

    /// The retained messages that a client may be getting, those first that it has to get.
    ///
    /// @param candidates what is, or was, retained there
    private List<Debt> retained(
            ModelConnection connection,
            Publish publish,
            List<ModelMessage> candidates,
            List<String> near) {
        List<Debt> found = new ArrayList<>();
        for (OwedRetained each : connection.session().sending().retained()) {
            for (ModelMessage candidate : candidates) {
                if (each.isPaidBy(candidate, publish)) {
                    String difference = content(connection, candidate, each.identifiers(), publish);
                    near.add(difference);
                    if (difference.isEmpty()) {
                        found.add(isSteady(each) ? 0 : found.size(), each);
                        break;
                    }
                }
            }
        }
        return found;
    }

    private boolean isSteady(OwedRetained owed) {
        return state.retained().isSteady(owed.topic(), owed.since(), state.now());
    }

    /// Whether a message of the same row is still owed that has to come before.
    private boolean isTooEarly(ModelSession session, ModelMessage message) {
        return state.owed().of(session).stream()
                .map(Copy::message)
                .anyMatch(other ->
                        other.seq() < message.seq()
                                && other.publisher().equals(message.publisher())
                                && other.topic().equals(message.topic()));
    }

    /// All that a first sending may be: a copy, or what is retained. At QoS 1 and 2 a retained
    /// message may have been replaced, or its subscription may have ended, while it waited for the
    /// disk or behind one that did.
    private Owed.@Nullable Claim claim(
            ModelConnection connection, String topic, Publish publish, List<String> near) {
        String key = ModelMessage.key(topic, publish);
        ModelMessage present =
                publish.retain() ? state.retained().present(topic, state.now()) : null;
        List<Debt> options = new ArrayList<>();
        options.addAll(
                state.owed().copies(key, copy -> isFor(connection, publish, copy, false, near)));
        int certain = options.size();
        options.addAll(
                state.owed().copies(key, copy -> isFor(connection, publish, copy, true, near)));
        if (present != null) {
            List<Debt> due = retained(connection, publish, List.of(present), near);
            due.removeIf(debt -> debt instanceof OwedRetained each && each.isForgotten());
            boolean first = isTooEarly(connection.session(), present);
            options.addAll(first ? 0 : certain, due);
        }
        if (publish.retain() && publish.qos() != QoS.AT_MOST_ONCE) {
            options.addAll(retained(connection, publish, state.retained().since(topic, 0), near));
        }
        return state.owed().claim(key, options);
    }

    private Copy copy(ModelSession session, Publish publish, Owed.Claim claim) {
        ModelMessage message =
                switch (claim.chosen()) {
                    case Copy copy -> copy.message();
                    case OwedRetained owed ->
                            state.retained().since(owed.topic(), 0).stream()
                                    .filter(each -> owed.isPaidBy(each, publish))
                                    .reduce((_, last) -> last)
                                    .orElseThrow();
                    case Drops.Ending _ ->
                            throw new IllegalStateException("what came is matched with a drop");
                };
        if (claim.chosen() instanceof Copy chosen && chosen.share() == null) {
            session.sending().latest().put(row(chosen), message.seq());
        }
        List<Integer> identifiers = publish.subscriptionIdentifiers().stream().sorted().toList();
        Copy copy = new Copy(message, publish.qos(), publish.retain(), identifiers, null);
        copy.claim(claim);
        return copy;
    }

    /// Whether what is sent to a client may be this copy.
    ///
    /// @param late whether it may be one that need not come at all
    private boolean isFor(
            ModelConnection connection,
            Publish publish,
            Copy copy,
            boolean late,
            List<String> near) {
        if (!isFor(connection.session(), copy, late)) {
            return false;
        }
        String difference = difference(connection, copy, publish);
        near.add(difference);
        return difference.isEmpty();
    }

    /// Whether a session may get a copy: its own, or one of its share group.
    private static boolean isFor(ModelSession session, Copy copy, boolean late) {
        String share = copy.share();
        if (copy.isOptional() && !late) {
            return false;
        }
        return share == null
                ? copy.owner() == session
                : session.wasMember(share, copy.message().seq(), late);
    }

    /// What was given back by a member that stayed away may go to another one of its group; what
    /// nobody else is there for stays with it.
    private void takeBack(String key, ModelSession other) {
        int absence = state.settings().clients().sharedAbsence();
        for (ModelSession session : state.sessions()) {
            if (absence >= 0) {
                session.giveBack(absence, state.now());
            }
            session.sending()
                    .inflight()
                    .values()
                    .removeIf(copy ->
                            copy.message().key().equals(key)
                                    && copy.isAnyOf(owed -> isFor(other, owed, true))
                                    && losses.isGivenBack(copy));
        }
    }

    /// A subscription that was changed since allows what it was and what it is.
    private String difference(
            ModelConnection connection,
            ModelSession.@Nullable Held held,
            Copy copy,
            Publish publish) {
        ModelMessage message = copy.message();
        if (held == null || held.since() > message.seq()) {
            boolean right = publish.qos().level() <= message.qos().level();
            return right
                    ? message.difference(publish, connection.version(), state.now())
                    : "QoS too high";
        }
        if (publish.qos() != message.qos().min(held.qos())) {
            return "QoS should be that of " + held;
        }
        if (publish.retain()
                != (held.request().retainAsPublished() && message.publish().retain())) {
            return "retain should be that of " + held;
        }
        List<Integer> identifiers = held.identifier() == 0 ? List.of() : List.of(held.identifier());
        return content(connection, message, identifiers, publish);
    }

    private static String row(Copy copy) {
        ModelMessage message = copy.message();
        return message.publisher() + "|" + message.topic() + "|" + copy.qos();
    }

    private static boolean isOutOfOrder(ModelSession session, Copy copy) {
        return session.sending().latest().getOrDefault(row(copy), 0L) > copy.message().seq();
    }

    /// PUBACK was taken.
    @Nullable Expected acknowledged(ModelConnection connection, PubAck ack) {
        return settle(connection, ack.packetId());
    }

    /// PUBREC was taken: PUBREL is owed.
    @Nullable Expected received(ModelConnection connection, PubRec ack) {
        Copy copy = connection.session().sending().inflight().get(ack.packetId());
        if (ack.reason().isFailure()) {
            return settle(connection, ack.packetId());
        }
        if (copy == null && !connection.isModern()) {
            return null;
        }
        if (copy != null) {
            copy.release();
        }
        ReasonCode reason =
                copy == null ? ReasonCode.PACKET_IDENTIFIER_NOT_FOUND : ReasonCode.SUCCESS;
        List<List<ReasonCode>> reasons =
                connection.isModern() ? List.of(List.of(reason)) : List.of();
        return connection.expect(new Expected(PubRel.class, ack.packetId(), reasons));
    }

    /// PUBCOMP was taken.
    @Nullable Expected completed(ModelConnection connection, PubComp ack) {
        Copy copy = connection.session().sending().inflight().get(ack.packetId());
        if (copy == null) {
            connection.session().sending().abandoned().remove(ack.packetId());
        }
        return copy != null && copy.isReleased() ? settle(connection, ack.packetId()) : null;
    }

    private static @Nullable Expected settle(ModelConnection connection, int packetId) {
        connection.open().remove(packetId);
        connection.session().sending().inflight().remove(packetId);
        return null;
    }
}
