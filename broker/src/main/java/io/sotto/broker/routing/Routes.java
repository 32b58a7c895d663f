package io.sotto.broker.routing;

import io.sotto.broker.topic.TopicTree;
import io.sotto.mqtt.TopicName;
import org.jspecify.annotations.Nullable;

/// The routes that one shard used lately: a table with one place per hash, so that a topic that is
/// published again and again is matched once per state of the subscriptions.
///
/// Bounded by places, and by targets: a route to very many is kept only while it is the latest. One
/// that is still good gives way at one in [#PATIENCE] misses only: where more topics take turns
/// than there are places, remembering each would cost more than it ever saves.
public final class Routes {
    private static final int LARGE = 4096;
    private static final int PATIENCE = 8;

    private final SubscriptionIndex index;
    private final int shards;
    private final @Nullable Route[] routes;
    private @Nullable Route large;
    private int misses;

    /// @param places how many routes are kept, rounded up to a power of two
    public Routes(SubscriptionIndex index, int shards, int places) {
        int size = Integer.highestOneBit(Math.max(places, 2) - 1) << 1;
        this.index = index;
        this.shards = shards;
        this.routes = new Route[size];
    }

    /// Where a message of this topic goes now.
    public Route of(TopicName topic) {
        TopicTree<Subscribers> present = index.present();
        int hash = topic.hashCode() * 0x9E37_79B9;
        int place = (hash ^ hash >>> 15) & routes.length - 1;
        Route known = routes[place];
        if (known != null && known.isOf(present) && known.isFor(topic)) {
            return known;
        }
        if (large != null && large.isOf(present) && large.isFor(topic)) {
            return large;
        }
        Route fresh = Route.of(topic, present, shards);
        if (isLarge(fresh)) {
            large = fresh;
        } else if (known == null || !known.isOf(present) || ++misses % PATIENCE == 0) {
            routes[place] = fresh;
        }
        return fresh;
    }

    private boolean isLarge(Route route) {
        int targets = 0;
        for (int shard = 0; shard < shards; shard++) {
            targets += route.targets(shard).length;
        }
        return targets > LARGE;
    }
}
