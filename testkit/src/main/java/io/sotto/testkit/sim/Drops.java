package io.sotto.testkit.sim;

import java.util.ArrayList;
import java.util.List;

/// The drops that the broker recorded, and the copies that ended with their sessions: for these a
/// drop may have been recorded or not.
final class Drops {
    private final List<Drop> recorded = new ArrayList<>();
    private final List<Ending> endings = new ArrayList<>();

    /// One drop that was recorded.
    record Drop(String clientId, String key) {}

    /// A copy that was owed to a session which ended: one of these messages.
    record Ending(String clientId, List<String> keys) {
        boolean explains(Drop drop) {
            return drop.clientId().equals(clientId) && keys.contains(drop.key());
        }
    }

    void add(String clientId, String key) {
        recorded.add(new Drop(clientId, key));
    }

    void ended(String clientId, List<String> keys) {
        endings.add(new Ending(clientId, keys));
    }

    /// Whether such a copy ended with a session of this client.
    boolean hasEnded(String clientId, String key) {
        Drop drop = new Drop(clientId, key);
        return endings.stream().anyMatch(ending -> ending.explains(drop));
    }

    List<Drop> recorded() {
        return List.copyOf(recorded);
    }

    List<Ending> endings() {
        return List.copyOf(endings);
    }

    void clear() {
        recorded.clear();
        endings.clear();
    }
}
