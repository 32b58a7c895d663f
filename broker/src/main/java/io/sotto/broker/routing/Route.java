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
import java.util.function.Consumer;
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
        this.kept = kept(targets);
        this.keptSessions =
                groups.length == 0
                        ? Set.of()
                        : Arrays.stream(kept).map(Target::session).collect(Collectors.toSet());
    }

    private static Target[] kept(Target[][] targets) {
        List<Target> kept = null;
        for (Target[] shard : targets) {
            for (Target target : shard) {
                if (target.session().isKept()) {
                    kept = kept == null ? new ArrayList<>(2) : kept;
                    kept.add(target);
                }
            }
        }
        return kept == null ? NOBODY : kept.toArray(NOBODY);
    }

    static Route of(TopicName topic, TopicTree<Subscribers> state, int shards) {
        Matches matches = new Matches();
        state.match(topic, matches);
        Target[][] targets = new Target[shards][];
        Arrays.fill(targets, NOBODY);
        if (matches.rest == null) {
            if (matches.first instanceof Target only) {
                targets[only.session().home()] = new Target[] {only};
            }
            if (matches.first == null || matches.first instanceof Target) {
                return new Route(topic, state, targets, NO_GROUPS);
            }
        }
        List<List<Target>> byShard = new ArrayList<>(shards);
        for (int i = 0; i < shards; i++) {
            byShard.add(new ArrayList<>());
        }
        List<Subscribers> all = matches.all();
        for (Target target : targets(all)) {
            byShard.get(target.session().home()).add(target);
        }
        for (int i = 0; i < shards; i++) {
            targets[i] = byShard.get(i).toArray(NOBODY);
        }
        List<SharedGroup> groups = new ArrayList<>(0);
        for (Subscribers subscribers : all) {
            if (subscribers instanceof Subscribers.Several several) {
                several.groups().forEach(groups::add);
            }
        }
        return new Route(topic, state, targets, groups.toArray(NO_GROUPS));
    }

    /// What matched: one as a rule, which is not worth a list.
    private static final class Matches implements Consumer<Subscribers> {
        private @Nullable Subscribers first;
        private @Nullable List<Subscribers> rest;

        @Override
        public void accept(Subscribers another) {
            if (first == null) {
                first = another;
                return;
            }
            if (rest == null) {
                rest = new ArrayList<>(4);
            }
            rest.add(another);
        }

        List<Subscribers> all() {
            List<Subscribers> all = new ArrayList<>();
            if (first != null) {
                all.add(first);
            }
            if (rest != null) {
                all.addAll(rest);
            }
            return all;
        }
    }

    private static List<Target> targets(List<Subscribers> matched) {
        List<Target> targets = new ArrayList<>();
        if (matched.size() == 1) {
            addPlain(matched.getFirst(), targets::add);
            return targets;
        }
        Map<Session, List<Target>> bySession = new LinkedHashMap<>();
        for (Subscribers subscribers : matched) {
            addPlain(
                    subscribers,
                    target ->
                            bySession
                                    .computeIfAbsent(
                                            target.session(), session -> new ArrayList<>(2))
                                    .add(target));
        }
        for (List<Target> subscriptions : bySession.values()) {
            targets.add(Target.merge(subscriptions));
        }
        return targets;
    }

    private static void addPlain(Subscribers subscribers, Consumer<Target> to) {
        switch (subscribers) {
            case Target target -> to.accept(target);
            case Subscribers.Several several -> several.plain().forEach(to);
        }
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
