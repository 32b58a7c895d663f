package io.sotto.testkit.sim;

import io.sotto.broker.session.QueueLimits;
import io.sotto.broker.session.QueueLimits.Bound;
import io.sotto.broker.spi.DropReason;
import io.sotto.broker.spi.Message;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.Publish;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.codec.Encoder;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The model of what does not arrive: each copy that is dropped has to be dropped for a true
/// reason, and what neither arrived nor was dropped was lost.
final class Losses {
    private final ModelState state;

    Losses(ModelState state) {
        this.state = state;
    }

    /// A session that is ended by a clean start or by time may show it first by what it gives back.
    ///
    /// @param wanted whether it can be this copy that was given back
    void endThoseThatMay(String key, Predicate<Copy> wanted) {
        for (ModelSession session : state.sessions()) {
            boolean holds =
                    session.sending().inflight().values().stream()
                            .filter(copy -> copy.isShared() && copy.message().key().equals(key))
                            .anyMatch(copy -> copy.isAnyOf(wanted));
            if (holds && mayEnd(session)) {
                state.end(session);
            }
        }
    }

    /// Whether what may have been given back is taken to have been.
    boolean isGivenBack(Copy copy) {
        Owed.Claim claim = copy.claim();
        if (claim == null || !copy.isMaybeFree() || !copy.isShared()) {
            return false;
        }
        state.owed().giveBack(claim);
        return true;
    }

    /// Whether a session may end now: its time has passed, or a clean start replaces it.
    boolean mayEnd(ModelSession session) {
        return !session.isConnected()
                && (session.expiresAt() <= state.now()
                        || state.isLoginPending(session.clientId(), session.home(), true));
    }

    /// The broker says that it dropped a copy.
    void dropped(DropReason reason, String clientId, Message message) {
        ModelSession session = state.session(clientId);
        String what = "dropped for " + clientId + " as " + reason + ": " + message.topic();
        boolean right =
                switch (reason) {
                    case OFFLINE ->
                            session != null
                                    && !session.isAttached()
                                    && !state.settings().queue().keepQoS0();
                    case SLOW_CONSUMER -> isSlow(session);
                    case QUEUE_FULL -> isFull(session);
                    case PREFIX_FULL ->
                            state.settings().queue().together().prefixes().stream()
                                    .anyMatch(each -> clientId.startsWith(each.prefix()));
                    case TOTAL_FULL ->
                            !state.settings().queue().together().total().equals(Bound.NONE);
                    case EXPIRED -> message.isExpired(state.now());
                    case TOO_LARGE -> isLarge(session, message);
                    case SESSION_ENDED ->
                            state.drops().hasEnded(clientId, key(message)) || hasEnded(session);
                    case REFUSED -> true;
                    case NO_MEMBER -> Topics.isShared(clientId);
                    case NOT_AUTHORIZED, DAMAGED -> false;
                };
        if (!right) {
            throw new Violation("drops", what);
        }
        if (reason == DropReason.SESSION_ENDED) {
            if (!state.drops().hasEnded(clientId, key(message))
                    && !state.owed().hadOne(clientId, key(message))) {
                throw new Violation("drops", "not one of its own: " + what);
            }
            state.drops().add(clientId, key(message));
            return;
        }
        if (reason == DropReason.NO_MEMBER) {
            if (state.owed().dropFree(clientId, key(message))) {
                return;
            }
            endThoseThatMay(key(message), copy -> clientId.equals(copy.share()));
            if (state.owed().dropFree(clientId, key(message))) {
                return;
            }
        }
        boolean counts = reason != DropReason.REFUSED;
        if (counts && (reason != DropReason.TOO_LARGE || !wasSentBefore(session, message))) {
            state.drops().add(clientId, key(message));
        }
    }

    static String key(Message message) {
        Publish publish =
                new Publish(
                        message.topic(),
                        message.payload(),
                        message.qos(),
                        false,
                        false,
                        0,
                        0,
                        List.of(),
                        message.properties());
        return ModelMessage.key(message.topic().toString(), publish);
    }

    private static boolean isSlow(@Nullable ModelSession session) {
        ModelConnection connection = session == null ? null : session.connection();
        return connection != null && !connection.link().isWritable();
    }

    private boolean isFull(@Nullable ModelSession session) {
        QueueLimits limits = state.settings().queue();
        if (session == null) {
            return false;
        }
        int waiting = session.sending().due().size() + state.owed().free().size();
        return waiting >= limits.messages()
                || limits.bytes() < 1000
                || limits.messages() < 100 && waiting > 0;
    }

    private static boolean isLarge(@Nullable ModelSession session, Message message) {
        ModelConnection connection = session == null ? null : session.connection();
        long maximum =
                connection == null ? 0 : connection.connect().properties().maximumPacketSize();
        Publish bare =
                new Publish(
                        message.topic(),
                        message.payload(),
                        QoS.EXACTLY_ONCE,
                        false,
                        false,
                        1,
                        1,
                        List.of(1, 2, 3),
                        message.properties());
        return maximum != 0 && Encoder.size(bare, ProtocolVersion.MQTT_5) > maximum;
    }

    private boolean hasEnded(@Nullable ModelSession session) {
        if (session == null) {
            return true;
        }
        if (!mayEnd(session)) {
            return false;
        }
        state.end(session);
        return true;
    }

    /// A message that was sent before and is too large for the client that came back.
    private static boolean wasSentBefore(@Nullable ModelSession session, Message message) {
        ModelConnection connection = session == null ? null : session.connection();
        if (session == null || connection == null) {
            return false;
        }
        Map<Integer, Copy> inflight = session.sending().inflight();
        for (Map.Entry<Integer, Copy> entry : inflight.entrySet()) {
            boolean same = entry.getValue().message().key().equals(key(message));
            if (same && !connection.sentHere().contains(entry.getKey())) {
                inflight.remove(entry.getKey());
                session.sending().abandoned().add(entry.getKey());
                return true;
            }
        }
        return false;
    }

    /// All clients are there and nothing is under way: whatever did not arrive was lost.
    void atRest() {
        for (ModelSession session : state.sessions()) {
            for (Copy copy : session.sending().inflight().values()) {
                if (!isGivenBack(copy)) {
                    throw new Violation("unfinished", copy + " was not finished");
                }
            }
            session.sending().inflight().clear();
        }
        state.drops().recorded().forEach(this::explain);
        for (ModelSession session : state.sessions()) {
            session.sending().due().forEach(owed -> excuse("retained", owed, session));
            session.sending().retained().clear();
        }
        for (Copy copy : state.owed().free()) {
            ModelSession owner = copy.owner();
            excuse("lost", copy, owner == null ? "anybody" : owner);
        }
        state.owed().clear();
        state.drops().clear();
    }

    /// Each drop that was recorded is one of something that is missing.
    private void explain(Drops.Drop drop) {
        List<Debt> missing =
                state.owed()
                        .copies(
                                drop.key(),
                                copy -> {
                                    ModelSession owner = copy.owner();
                                    return owner == null
                                            || owner.clientId().equals(drop.clientId());
                                });
        ModelSession session = state.session(drop.clientId());
        if (session != null) {
            session.sending().retained().stream()
                    .filter(owed -> state.keys(owed).contains(drop.key()))
                    .forEach(missing::add);
        }
        state.drops().endings().stream()
                .filter(ending -> ending.explains(drop))
                .forEach(missing::add);
        if (state.owed().claim(drop.key(), missing) == null) {
            throw new Violation("drops", "recorded, though nothing is missing: " + drop);
        }
    }

    /// What is missing without a drop need not have come.
    private void excuse(String check, Debt debt, Object whom) {
        if (!isOptional(debt) && !state.owed().isReplaceable(debt, this::isOptional)) {
            throw new Violation(check, debt + " never came to " + whom);
        }
    }

    private boolean isOptional(Debt debt) {
        return switch (debt) {
            case Copy copy -> copy.isOptional();
            case OwedRetained owed ->
                    owed.isForgotten()
                            || !state.retained().isSteady(owed.topic(), owed.since(), state.now());
            case Drops.Ending _ -> true;
        };
    }
}
