package io.sotto.server.config;

import io.sotto.broker.Keeping;
import io.sotto.broker.Keeping.OfTopic;
import io.sotto.broker.spi.Durability;
import io.sotto.mqtt.ProtocolException;
import io.sotto.mqtt.TopicFilter;
import io.sotto.mqtt.TopicLimits;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The keys of how surely is kept what some clients and topics are about.
final class KeepingKeys {
    private KeepingKeys() {}

    /// @param usual what holds where nothing else is said
    static Keeping read(Settings settings, Durability usual, List<ListenerConfig> listeners) {
        Map<String, Durability> byListener = new HashMap<>();
        for (ListenerConfig listener : listeners) {
            if (listener.durability() != null) {
                byListener.put(listener.name(), listener.durability());
            }
        }
        List<OfTopic> byTopic = new ArrayList<>();
        for (Settings item : settings.items("durability-by-topic")) {
            byTopic.addAll(topics(item));
        }
        return byListener.isEmpty() && byTopic.isEmpty()
                ? Keeping.AS_USUAL
                : new Keeping(usual, Map.copyOf(byListener), List.copyOf(byTopic));
    }

    /// One item of the list.
    static List<OfTopic> topics(Settings item) {
        List<String> texts = item.texts("topics", "list of topic filters", List.of());
        Durability durability = item.choiceIfGiven("durability", Durability.class);
        for (String key : List.of("topics", "durability")) {
            if (!item.isGiven(key)) {
                item.fault(item.line(), key, "is missing");
            }
        }
        item.refuseTheRest();
        List<OfTopic> topics = new ArrayList<>();
        for (String text : texts) {
            try {
                TopicFilter filter = TopicFilter.of(text, TopicLimits.NONE);
                if (filter.isShared()) {
                    item.fault(
                            item.lineOf("topics"),
                            "topics",
                            "is about messages, whoever gets them: '" + text + "' names a group");
                }
                if (durability != null) {
                    topics.add(new OfTopic(filter, durability));
                }
            } catch (ProtocolException e) {
                item.fault(item.lineOf("topics"), "topics", "'" + text + "': " + e.sentence());
            }
        }
        return topics;
    }
}
