package io.sotto.testkit.sim;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The drops that the broker recorded and that no missing copy has claimed yet.
final class Drops {
    private final Map<String, Map<String, List<Long>>> byKey = new LinkedHashMap<>();
    private final Map<String, Integer> ends = new LinkedHashMap<>();
    private final Map<String, Integer> claimed = new LinkedHashMap<>();

    /// @param event when it was recorded, among all events
    void add(String clientId, String key, long event) {
        byKey.computeIfAbsent(key, k -> new TreeMap<>())
                .computeIfAbsent(clientId, client -> new ArrayList<>(1))
                .add(event);
    }

    /// A copy ends with its session; the broker may record it, or never have made it.
    void ended(String clientId, String key) {
        String end = clientId + " " + key;
        ends.merge(end, 1, Integer::sum);
        if (claim(clientId, key, 0)) {
            claimed.merge(end, 1, Integer::sum);
        }
    }

    /// Whether a copy ended with its session and the broker has not recorded it.
    boolean isEnded(String clientId, String key) {
        return ends.containsKey(clientId + " " + key);
    }

    /// The broker recorded that a copy ended with its session. When a copy of a share group looked
    /// just like it, that one may have been sent in its place.
    void addEnded(String clientId, String key, long event) {
        String end = clientId + " " + key;
        if (ends.containsKey(end)) {
            less(ends, end);
            if (claimed.getOrDefault(end, 0) > ends.getOrDefault(end, 0)) {
                less(claimed, end);
                add(clientId, key, event);
            }
        } else {
            add(clientId, key, event);
        }
    }

    private static void less(Map<String, Integer> counts, String key) {
        counts.computeIfPresent(key, (each, count) -> count == 1 ? null : count - 1);
    }

    /// Whether a drop for this client was recorded since an event; each counts once.
    boolean claim(String clientId, String key, long since) {
        Map<String, List<Long>> clients = byKey.get(key);
        List<Long> drops = clients == null ? null : clients.get(clientId);
        if (clients == null || drops == null || drops.getLast() < since) {
            return false;
        }
        drops.removeLast();
        if (drops.isEmpty()) {
            clients.remove(clientId);
        }
        if (clients.isEmpty()) {
            byKey.remove(key);
        }
        return true;
    }

    /// One drop that was recorded.
    record Drop(String clientId, String key, long event) {}

    /// All that nobody has claimed; they are forgotten.
    List<Drop> takeAll() {
        List<Drop> all = new ArrayList<>();
        byKey.forEach((key, clients) ->
                clients.forEach((client, events) ->
                        events.forEach(event -> all.add(new Drop(client, key, event)))));
        byKey.clear();
        return all;
    }
}
