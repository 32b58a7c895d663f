package io.sotto.broker.routing;

import io.sotto.broker.spi.Message;
import io.sotto.broker.topic.Scout;
import io.sotto.broker.topic.TopicTree;
import io.sotto.mqtt.TopicName;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The routes that one shard used lately: a table with one place per hash, so that a topic that is
/// published again and again is matched once per state of the subscriptions.
///
/// Bounded by places, and by targets: a route to very many is kept only while it is the latest. One
/// gives way at one in eight misses only, but where the subscriptions have just changed: where more
/// topics take turns than there are places, remembering each would cost more than it ever saves.
/// Hashes stand apart, so that a miss reads no route.
public final class Routes {
    private static final int LARGE = 4096;

    private final SubscriptionIndex index;
    private final int shards;
    private final @Nullable Route[] routes;
    private final int[] hashes;
    private @Nullable Route large;
    private @Nullable TopicTree<Subscribers> latest;
    private final Scout<Subscribers> scout = new Scout<>(Routes::touch);
    private int misses;

    @SuppressWarnings("unused") // so that what was read counts as used
    private int scouted;

    /// So many routes may be of another state of the subscriptions, and are no loss.
    private int stale;

    /// @param places how many routes are kept, rounded up to a power of two
    public Routes(SubscriptionIndex index, int shards, int places) {
        int size = Integer.highestOneBit(Math.max(places, 2) - 1) << 1;
        this.index = index;
        this.shards = shards;
        this.routes = new Route[size];
        this.hashes = new int[size];
    }

    /// Where a message of this topic goes now.
    public Route of(TopicName topic) {
        Route known = known(topic);
        return known == null ? find(topic) : known;
    }

    /// The same, if it was asked lately; null otherwise.
    public @Nullable Route known(TopicName topic) {
        TopicTree<Subscribers> present = index.present();
        int hash = hash(topic);
        int place = place(hash);
        Route known = routes[place];
        if (hashes[place] == hash && known != null && known.isOf(present) && known.isFor(topic)) {
            return known;
        }
        return large != null && large.isOf(present) && large.isFor(topic) ? large : null;
    }

    /// Reads what several walks will need, so that it is in the caches when they come to it.
    ///
    /// @param messages whose routes are not known, [Scout#WALKS] at most
    public void prepare(List<Message> messages) {
        List<TopicName> topics = new ArrayList<>(messages.size());
        for (Message message : messages) {
            topics.add(message.topic());
        }
        scouted = scout.ahead(index.present(), topics);
    }

    private static int hash(TopicName topic) {
        return topic.hashCode() * 0x9E37_79B9;
    }

    private int place(int hash) {
        return (hash ^ hash >>> 15) & routes.length - 1;
    }

    private Route find(TopicName topic) {
        TopicTree<Subscribers> present = index.present();
        int hash = hash(topic);
        int place = place(hash);
        Route known = routes[place];
        Route fresh = Route.of(topic, present, shards);
        if (isLarge(fresh)) {
            large = fresh;
        } else if (gives(known, present)) {
            routes[place] = fresh;
            hashes[place] = hash;
        }
        return fresh;
    }

    /// Reads the session of a target, which is what comes next.
    private static int touch(Subscribers subscribers) {
        return subscribers instanceof Target target ? target.session().home() : 0;
    }

    /// Whether a place is free for another route.
    @SuppressWarnings("ReferenceEquality") // A state is the same object as long as nothing changes.
    private boolean gives(@Nullable Route known, TopicTree<Subscribers> present) {
        if (latest != present) {
            latest = present;
            stale = routes.length;
        }
        if (stale > 0) {
            stale--;
            return true;
        }
        if (known == null) {
            return true;
        }
        // Numbers without a rhythm: topics that come in one would otherwise never have their turn.
        misses = misses * 1_664_525 + 1_013_904_223;
        return misses >>> 29 == 0;
    }

    private boolean isLarge(Route route) {
        int targets = 0;
        for (int shard = 0; shard < shards; shard++) {
            targets += route.targets(shard).length;
        }
        return targets > LARGE;
    }
}
