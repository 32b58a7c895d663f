package io.sotto.broker.routing;

import io.sotto.broker.session.Session;
import io.sotto.broker.topic.HashTrie;
import io.sotto.mqtt.TopicFilter;
import org.jspecify.annotations.Nullable;

/// All subscriptions of one filter: the plain ones by session, the shared ones by group.
record Subscribers(HashTrie<Session, Subscription> plain, HashTrie<String, SharedGroup> groups) {
    private static final Subscribers NONE = new Subscribers(HashTrie.empty(), HashTrie.empty());

    static Subscribers with(@Nullable Subscribers before, Subscription subscription, int shards) {
        Subscribers present = before == null ? NONE : before;
        String share = subscription.grant().filter().shareName();
        if (share == null) {
            return new Subscribers(present.plain.with(subscription), present.groups);
        }
        SharedGroup known = present.groups.find(share);
        SharedGroup group = known == null ? SharedGroup.of(share, shards) : known;
        return new Subscribers(present.plain, present.groups.with(group.with(subscription)));
    }

    static @Nullable Subscribers without(
            @Nullable Subscribers before, Session session, TopicFilter filter) {
        if (before == null) {
            return null;
        }
        Subscribers after = before.without(session, filter.shareName());
        return after.plain.isEmpty() && after.groups.isEmpty() ? null : after;
    }

    private Subscribers without(Session session, @Nullable String share) {
        if (share == null) {
            return new Subscribers(plain.without(session), groups);
        }
        SharedGroup known = groups.find(share);
        if (known == null) {
            return this;
        }
        SharedGroup group = known.without(session);
        return new Subscribers(plain, group.isEmpty() ? groups.without(share) : groups.with(group));
    }
}
