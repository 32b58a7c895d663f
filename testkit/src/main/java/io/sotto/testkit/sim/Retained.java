package io.sotto.testkit.sim;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The retained message of each topic, with all that was there before.
final class Retained {
    private final Map<String, List<State>> topics = new LinkedHashMap<>();

    /// What a topic had from an event on; null for nothing.
    private record State(long since, @Nullable ModelMessage message) {}

    void set(ModelMessage message) {
        boolean delete = message.publish().payload().isEmpty();
        topics.computeIfAbsent(message.topic(), topic -> new ArrayList<>())
                .add(new State(message.seq(), delete ? null : message));
    }

    /// The topics that have a message, perhaps an expired one.
    List<String> topics() {
        List<String> found = new ArrayList<>();
        topics.forEach((topic, states) -> {
            if (states.getLast().message != null) {
                found.add(topic);
            }
        });
        return found;
    }

    /// The message of a topic that a new subscription is sent, or null.
    @Nullable ModelMessage present(String topic, long now) {
        List<State> states = topics.get(topic);
        ModelMessage message = states == null ? null : states.getLast().message;
        return message == null || message.isExpired(now) ? null : message;
    }

    int count(long now) {
        int count = 0;
        for (List<State> states : topics.values()) {
            ModelMessage message = states.getLast().message;
            if (message != null && !message.isExpired(now)) {
                count++;
            }
        }
        return count;
    }

    /// The messages that a topic had at some time since an event.
    List<ModelMessage> since(String topic, long event) {
        List<ModelMessage> found = new ArrayList<>();
        List<State> states = topics.getOrDefault(topic, List.of());
        for (int i = 0; i < states.size(); i++) {
            boolean lasted = i == states.size() - 1 || states.get(i + 1).since > event;
            ModelMessage message = states.get(i).message;
            if (lasted && message != null) {
                found.add(message);
            }
        }
        return found;
    }

    /// Whether a topic had a message all the time since an event.
    boolean isSteady(String topic, long event, long now) {
        List<State> states = topics.getOrDefault(topic, List.of());
        for (int i = 0; i < states.size(); i++) {
            boolean lasted = i == states.size() - 1 || states.get(i + 1).since > event;
            ModelMessage message = states.get(i).message;
            if (lasted && (message == null || message.isExpired(now))) {
                return false;
            }
        }
        return true;
    }
}
