package io.sotto.broker;

import io.sotto.broker.spi.Durability;
import io.sotto.mqtt.TopicFilter;
import io.sotto.mqtt.TopicName;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How surely what is acknowledged is kept, where that differs: for the clients of some listeners,
/// and for some topics.
///
/// A topic stands above a listener, and both above what is usual; of several filters that match,
/// the strictest counts. A session, with its subscriptions, goes by its listener.
///
/// @param usual setting `durability`
/// @param listeners by the name of the listener; setting `listeners[].durability`
/// @param topics setting `durability-by-topic`
public record Keeping(Durability usual, Map<String, Durability> listeners, List<OfTopic> topics) {
    /// Nothing differs.
    public static final Keeping AS_USUAL = new Keeping(Durability.SYNC, Map.of(), List.of());

    /// How messages of some topics are kept.
    public record OfTopic(TopicFilter filter, Durability durability) {}

    /// Whether it names nothing that outlives the process.
    public boolean isFleeting() {
        return listeners.values().stream().allMatch(Durability.MEMORY::equals)
                && topics.stream().allMatch(each -> each.durability == Durability.MEMORY);
    }

    /// How the sessions of a listener are kept; null for as usual.
    @Nullable Durability of(String listener) {
        return listeners.isEmpty()
                ? unusual(usual)
                : unusual(listeners.getOrDefault(listener, usual));
    }

    /// How a message is kept; null for as usual.
    ///
    /// @param session how the session of its publisher is
    @Nullable Durability of(TopicName topic, @Nullable Durability session) {
        if (topics.isEmpty()) {
            return session;
        }
        Durability strictest = null;
        for (OfTopic each : topics) {
            if (each.filter.matches(topic)
                    && (strictest == null || each.durability.compareTo(strictest) < 0)) {
                strictest = each.durability;
            }
        }
        return strictest == null ? session : unusual(strictest);
    }

    /// What keeps a change that may be about any message of a session as surely as the message.
    @Nullable Durability strictest(@Nullable Durability session) {
        Durability strictest = session;
        for (OfTopic each : topics) {
            strictest = Durability.stricter(strictest, each.durability);
        }
        return strictest;
    }

    /// What is kept nowhere is always said, so that nobody has to ask what is usual.
    private @Nullable Durability unusual(Durability durability) {
        return durability == usual && durability != Durability.MEMORY ? null : durability;
    }
}
