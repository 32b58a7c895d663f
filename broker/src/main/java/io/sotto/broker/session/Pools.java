package io.sotto.broker.session;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// What waits in all queues, and in those of the clients whose ids begin alike. Prefixes come with
/// the settings and are few; one that is not bounded any more stays, at nothing.
public final class Pools {
    private final int shards;
    private final Pool total;
    private final Map<String, Pool> byPrefix = new ConcurrentHashMap<>();

    public Pools(int shards) {
        this.shards = shards;
        this.total = new Pool(shards);
    }

    /// What waits in all queues.
    public Pool total() {
        return total;
    }

    Pool of(String prefix) {
        return byPrefix.computeIfAbsent(prefix, absent -> new Pool(shards));
    }
}
