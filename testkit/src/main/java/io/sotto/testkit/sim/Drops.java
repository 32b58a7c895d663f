package io.sotto.testkit.sim;

import java.util.ArrayList;
import java.util.List;

/// The drops that the broker recorded, and what ended with its session: for that a drop may have
/// been recorded or not.
final class Drops {
    private final List<Drop> recorded = new ArrayList<>();
    private final List<Ending> endings = new ArrayList<>();

    /// One drop that was recorded.
    record Drop(String clientId, String key) {}

    /// What was owed to a session which ended: one of some messages.
    static final class Ending extends Debt {
        private final String clientId;
        private final List<String> keys;

        Ending(String clientId, List<String> keys) {
            this.clientId = clientId;
            this.keys = keys;
        }

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
