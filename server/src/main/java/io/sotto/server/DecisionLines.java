package io.sotto.server;

import io.sotto.broker.spi.DecisionRecorder;
import io.sotto.broker.spi.DropReason;
import io.sotto.broker.spi.EventLog;
import io.sotto.broker.spi.EventLog.Severity;
import io.sotto.broker.spi.Held;
import io.sotto.mqtt.ReasonCode;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Says in the log what one shard refused and dropped, so that nobody has to guess why a message
/// did not arrive: of each client and reason a line a minute at most, with how often it happened in
/// between. What is everyday is left to the figures below `$SYS`.
final class DecisionLines implements DecisionRecorder {
    /// For how long a client is not spoken of again for the same reason, in milliseconds.
    static final int PAUSE = 60_000;

    /// Of how many clients there is a line for the same reason within that time.
    static final int CLIENTS = 100;

    private final DecisionRecorder next;
    private final EventLog events;
    private final Map<DropReason, Spoken> dropped = new EnumMap<>(DropReason.class);
    private final Map<String, Spoken> refused = new HashMap<>();

    /// @param next is told of everything
    DecisionLines(DecisionRecorder next, EventLog events) {
        this.next = next;
        this.events = events;
    }

    @Override
    public void dropped(DropReason reason, String clientId, Held message, long now) {
        next.dropped(reason, clientId, message, now);
        if (isEveryday(reason)) {
            return;
        }
        Notice notice = dropped.computeIfAbsent(reason, absent -> new Spoken()).of(clientId, now);
        if (notice != null) {
            String whose = reason == DropReason.NO_MEMBER ? "" : "client ";
            String sentence =
                    whose
                            + clientId
                            + " does not get a message to "
                            + message.topic()
                            + ": "
                            + reason.sentence();
            events.event(Severity.WARNING, sentence + notice.rest());
        }
    }

    /// Whether a copy ended as somebody wanted, or as rules say of each one.
    private static boolean isEveryday(DropReason reason) {
        return switch (reason) {
            case OFFLINE, EXPIRED, NOT_AUTHORIZED, SESSION_ENDED -> true;
            case SLOW_CONSUMER,
                    QUEUE_FULL,
                    PREFIX_FULL,
                    TOTAL_FULL,
                    TOO_LARGE,
                    REFUSED,
                    NO_MEMBER,
                    DAMAGED ->
                    false;
        };
    }

    @Override
    public void refused(
            ReasonCode reason, String clientId, String what, String sentence, long now) {
        next.refused(reason, clientId, what, sentence, now);
        Notice notice = refused.computeIfAbsent(sentence, absent -> new Spoken()).of(clientId, now);
        if (notice != null) {
            events.event(
                    Severity.WARNING,
                    "client " + clientId + " is refused " + what + ": " + sentence + notice.rest());
        }
    }

    @Override
    public void refusedAndTold(
            ReasonCode reason, String clientId, String what, String sentence, long now) {
        next.refused(reason, clientId, what, sentence, now);
    }

    /// When a client was spoken of.
    private static final class Notice {
        private final long at;
        private final int before;
        private int since;

        /// @param before how often it happened since it was spoken of the time before
        Notice(long at, int before) {
            this.at = at;
            this.before = before;
        }

        String rest() {
            return before == 0 ? "" : " (and %,d times since this was said last)".formatted(before);
        }
    }

    /// The clients that were spoken of for one reason, the one of the longest ago first.
    private static final class Spoken {
        private final Map<String, Notice> byClient = new LinkedHashMap<>();

        /// What is to be said now, or null for nothing.
        @Nullable Notice of(String clientId, long now) {
            Notice known = byClient.get(clientId);
            if (known != null && now < known.at + PAUSE) {
                known.since++;
                return null;
            }
            if (known == null && byClient.size() >= CLIENTS) {
                Map.Entry<String, Notice> oldest = byClient.entrySet().iterator().next();
                if (now < oldest.getValue().at + PAUSE) {
                    return null;
                }
                byClient.remove(oldest.getKey());
            }
            Notice notice = new Notice(now, known == null ? 0 : known.since);
            byClient.remove(clientId);
            byClient.put(clientId, notice);
            return notice;
        }
    }
}
