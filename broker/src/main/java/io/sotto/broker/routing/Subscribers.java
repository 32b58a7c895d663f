package io.sotto.broker.routing;

import io.sotto.broker.session.Session;
import io.sotto.broker.topic.HashTrie;
import io.sotto.mqtt.TopicFilter;
import org.jspecify.annotations.Nullable;

/// All subscriptions of one filter: as a rule a plain one alone.
sealed interface Subscribers permits Target, Subscribers.Several {
    /// The plain ones by session, the shared ones by group.
    record Several(HashTrie<Session, Target> plain, HashTrie<String, SharedGroup> groups)
            implements Subscribers {
        private static final Several NONE = new Several(HashTrie.empty(), HashTrie.empty());

        private Several with(Target target) {
            return new Several(plain.with(target.session(), target), groups);
        }

        private Several with(String share, Target member, int shards) {
            SharedGroup known = groups.find(share, share.hashCode());
            SharedGroup group = known == null ? SharedGroup.of(share, shards) : known;
            return new Several(plain, groups.with(share, group.with(member)));
        }

        private Several without(Session session, @Nullable String share) {
            if (share == null) {
                return new Several(plain.without(session, session.hashCode()), groups);
            }
            SharedGroup known = groups.find(share, share.hashCode());
            if (known == null) {
                return this;
            }
            SharedGroup group = known.without(session);
            return new Several(
                    plain,
                    group.isEmpty()
                            ? groups.without(share, share.hashCode())
                            : groups.with(share, group));
        }

        /// The same in as little memory as it needs, null for nobody.
        private @Nullable Subscribers reduced() {
            if (!groups.isEmpty()) {
                return this;
            }
            Target only = plain.single();
            return plain.isEmpty() ? null : only == null ? this : only;
        }
    }

    /// The plain subscription of a session, or null.
    default @Nullable Target plain(Session session) {
        return switch (this) {
            case Target target -> target.isOf(session) ? target : null;
            case Several several -> several.plain.find(session, session.hashCode());
        };
    }

    default @Nullable SharedGroup group(String share) {
        return this instanceof Several several
                ? several.groups.find(share, share.hashCode())
                : null;
    }

    static Subscribers with(@Nullable Subscribers before, Target target, int shards) {
        TopicFilter shared = target.via().shared();
        String share = shared == null ? null : shared.shareName();
        if (share == null) {
            return before == null || before instanceof Target one && one.isOf(target.session())
                    ? target
                    : several(before).with(target);
        }
        return several(before).with(share, target, shards);
    }

    static @Nullable Subscribers without(
            @Nullable Subscribers before, Session session, TopicFilter filter) {
        return before == null
                ? null
                : several(before).without(session, filter.shareName()).reduced();
    }

    private static Several several(@Nullable Subscribers before) {
        return switch (before) {
            case null -> Several.NONE;
            case Target target -> Several.NONE.with(target);
            case Several several -> several;
        };
    }
}
