package io.sotto.broker.routing;

import io.sotto.broker.session.Session;
import io.sotto.broker.spi.SessionStore.Grant;
import io.sotto.broker.topic.TopicTree;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.TopicFilter;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// The subscriptions of all sessions of the broker: an immutable tree, of which any shard publishes
/// the next state and every shard reads the present one.
public final class SubscriptionIndex {
    private final AtomicReference<TopicTree<Subscribers>> tree;
    private final int shards;

    /// @param seed keys the hashes of topic levels
    public SubscriptionIndex(int seed, int shards) {
        this.tree = new AtomicReference<>(new TopicTree<>(seed));
        this.shards = shards;
    }

    /// Adds a subscription, or replaces the one of the same session and filter [MQTT-3.8.4-3].
    public void add(Session session, Grant grant) {
        Target target = Target.of(session, grant);
        tree.updateAndGet(before ->
                before.with(grant.filter(), value -> Subscribers.with(value, target, shards)));
    }

    public void remove(Session session, TopicFilter filter) {
        tree.updateAndGet(before ->
                before.with(filter, value -> Subscribers.without(value, session, filter)));
    }

    /// At which QoS a session holds a subscription, or null when it does not.
    public @Nullable QoS granted(Session session, TopicFilter filter) {
        String share = filter.shareName();
        if (share != null) {
            SharedGroup group = group(filter);
            return group == null ? null : group.granted(session);
        }
        Subscribers subscribers = present().get(filter);
        Target plain = subscribers == null ? null : subscribers.plain(session);
        return plain == null ? null : plain.qos();
    }

    TopicTree<Subscribers> present() {
        return Objects.requireNonNull(tree.get());
    }

    /// The share group of a shared subscription, or null when it has no member left.
    public @Nullable SharedGroup group(TopicFilter shared) {
        Subscribers subscribers = present().get(shared);
        String name = shared.shareName();
        return subscribers == null || name == null ? null : subscribers.group(name);
    }
}
