package io.sotto.testkit.sim;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/// The drops that the broker recorded and that no missing copy has claimed yet.
final class Drops {
    private final Map<String, Map<String, Integer>> byKey = new LinkedHashMap<>();
    private final Map<String, Integer> ends = new LinkedHashMap<>();

    void add(String clientId, String key) {
        byKey.computeIfAbsent(key, k -> new TreeMap<>()).merge(clientId, 1, Integer::sum);
    }

    /// A copy ends with its session; the broker may record it, or never have made it.
    void ended(String clientId, String key) {
        if (!claim(clientId, key)) {
            ends.merge(clientId + " " + key, 1, Integer::sum);
        }
    }

    /// The broker recorded that a copy ended with its session. When a copy of a share group looked
    /// just like it, that one may have been sent in its place.
    void addEnded(String clientId, String key) {
        String end = clientId + " " + key;
        if (ends.containsKey(end)) {
            ends.computeIfPresent(end, (each, count) -> count == 1 ? null : count - 1);
        } else {
            add(clientId, key);
        }
    }

    /// Whether a drop for this client was recorded; each counts once.
    boolean claim(String clientId, String key) {
        Map<String, Integer> clients = byKey.get(key);
        if (clients == null || !clients.containsKey(clientId)) {
            return false;
        }
        clients.computeIfPresent(clientId, (client, count) -> count == 1 ? null : count - 1);
        if (clients.isEmpty()) {
            byKey.remove(key);
        }
        return true;
    }

    /// Whether a drop for any client was recorded; each counts once.
    boolean claimAny(String key) {
        Map<String, Integer> clients = byKey.get(key);
        return clients != null && claim(clients.keySet().iterator().next(), key);
    }

    @Override
    public String toString() {
        return byKey.isEmpty() ? "" : byKey.toString();
    }
}
