package io.sotto.broker.routing;

import io.sotto.broker.session.Pools;
import io.sotto.broker.session.Pressure;
import io.sotto.broker.session.QueueLimits;
import io.sotto.broker.session.Session;
import io.sotto.broker.topic.TopicTree;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.TopicName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Where the messages of one topic go, in one state of the subscriptions: the targets of each
/// shard, and the share groups of which one member each is to be chosen.
public final class Route {
    private static final Target[] NOBODY = {};
    private static final SharedGroup[] NO_GROUPS = {};

    private final TopicName topic;
    private final TopicTree<Subscribers> state;
    private final Target[][] targets;
    private final SharedGroup[] groups;
    private final Target[] kept;

    /// Where there are share groups: the sessions of those, for the choice of members.
    private final Set<Session> keptSessions;

    private Route(
            TopicName topic,
            TopicTree<Subscribers> state,
            Target[][] targets,
            SharedGroup[] groups) {
        this.topic = topic;
        this.state = state;
        this.targets = targets;
        this.groups = groups;
        this.kept =
                Arrays.stream(targets)
                        .flatMap(Arrays::stream)
                        .filter(target -> target.session().isKept())
                        .toArray(Target[]::new);
        this.keptSessions =
                groups.length == 0
                        ? Set.of()
                        : Arrays.stream(kept).map(Target::session).collect(Collectors.toSet());
    }

    static Route of(TopicName topic, TopicTree<Subscribers> state, int shards) {
        List<Subscribers> matched = new ArrayList<>(4);
        state.match(topic, matched::add);
        List<List<Target>> byShard = new ArrayList<>(shards);
        for (int i = 0; i < shards; i++) {
            byShard.add(new ArrayList<>());
        }
        List<SharedGroup> groups = new ArrayList<>(0);
        for (Target target : targets(matched)) {
            byShard.get(target.session().home()).add(target);
        }
        for (Subscribers subscribers : matched) {
            subscribers.groups().forEach(groups::add);
        }
        return new Route(
                topic,
                state,
                byShard.stream().map(list -> list.toArray(NOBODY)).toArray(Target[][]::new),
                groups.toArray(NO_GROUPS));
    }

    private static List<Target> targets(List<Subscribers> matched) {
        List<Target> targets = new ArrayList<>();
        if (matched.size() == 1) {
            for (Subscription subscription : matched.getFirst().plain()) {
                targets.add(Target.of(subscription));
            }
            return targets;
        }
        Map<Session, List<Subscription>> bySession = new LinkedHashMap<>();
        for (Subscribers subscribers : matched) {
            for (Subscription subscription : subscribers.plain()) {
                bySession
                        .computeIfAbsent(subscription.session(), session -> new ArrayList<>(2))
                        .add(subscription);
            }
        }
        for (List<Subscription> subscriptions : bySession.values()) {
            targets.add(Target.merge(subscriptions));
        }
        return targets;
    }

    boolean isFor(TopicName other) {
        return topic.equals(other);
    }

    /// Whether it is still where messages go.
    boolean isOf(TopicTree<Subscribers> present) {
        return state == present;
    }

    /// The targets on one shard; not to be changed.
    public Target[] targets(int shard) {
        return targets[shard];
    }

    /// The targets on all shards whose sessions are kept; not to be changed.
    public Target[] kept() {
        return kept;
    }

    /// Whether a session that is kept is a target; asked where there are share groups.
    public boolean keeps(Session session) {
        return keptSessions.contains(session);
    }

    /// The share groups; not to be changed.
    public SharedGroup[] groups() {
        return groups;
    }

    /// What stands against another message, on the part of all to whom it would go; null for
    /// nothing.
    ///
    /// @param qos of the message, 1 or 2
    public @Nullable Pressure pressure(QoS qos, String publisher, QueueLimits limits, Pools pools) {
        Pressure hardest = null;
        for (Target[] shard : targets) {
            for (Target target : shard) {
                Target copy = target.forPublisher(publisher);
                if (copy == null || copy.qos() == QoS.AT_MOST_ONCE) {
                    continue;
                }
                Pressure pressure = copy.session().pressure(limits, pools);
                if (pressure != null) {
                    boolean itself = publisher.equals(copy.session().clientId());
                    hardest = Pressure.harder(hardest, pressure.upon(itself));
                }
            }
        }
        for (SharedGroup group : groups) {
            hardest = Pressure.harder(hardest, group.pressure(qos, limits, pools));
        }
        return hardest;
    }

    /// Whether nobody subscribed.
    public boolean isEmpty() {
        for (Target[] shard : targets) {
            if (shard.length > 0) {
                return false;
            }
        }
        return groups.length == 0;
    }
}
