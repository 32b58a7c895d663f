package io.sotto.broker.routing;

import io.sotto.broker.session.Pools;
import io.sotto.broker.session.Pressure;
import io.sotto.broker.session.QueueLimits;
import io.sotto.broker.session.Session;
import io.sotto.broker.topic.HashTrie;
import io.sotto.mqtt.QoS;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The members of a share group for one filter, of whom each message goes to one.
///
/// Members take turns; one that is there and has room goes before one that is there, and that
/// before one that is away; one whose queue has room goes before all that hold publishers back.
/// Each shard counts turns for itself.
public final class SharedGroup implements HashTrie.Entry<String> {
    /// What room in its queue adds to the rank of a member: more than that it is there.
    private static final int ROOM = Session.READY + 1;

    private static final int BEST = Session.READY + ROOM;

    private final String name;
    private final List<Target> members;
    private final int[] turns;

    private SharedGroup(String name, List<Target> members, int[] turns) {
        this.name = name;
        this.members = List.copyOf(members);
        this.turns = turns;
    }

    static SharedGroup of(String name, int shards) {
        return new SharedGroup(name, List.of(), new int[shards]);
    }

    @Override
    public int hash() {
        return name.hashCode();
    }

    @Override
    public boolean isOf(String shareName) {
        return name.equals(shareName);
    }

    boolean isEmpty() {
        return members.isEmpty();
    }

    /// The group with a member added, or replaced where its session is one already.
    SharedGroup with(Target member) {
        List<Target> changed = new ArrayList<>(members);
        changed.removeIf(target -> target.session().equals(member.session()));
        changed.add(member);
        return new SharedGroup(name, changed, turns);
    }

    SharedGroup without(Session session) {
        List<Target> changed = new ArrayList<>(members);
        changed.removeIf(target -> target.session().equals(session));
        return new SharedGroup(name, changed, turns);
    }

    /// At which QoS a session is a member, or null when it is none.
    @Nullable QoS granted(Session session) {
        for (Target member : members) {
            if (member.session().equals(session)) {
                return member.qos();
            }
        }
        return null;
    }

    /// The member whose turn it is, or null where there is none that could take the message.
    ///
    /// @param shard the index of the shard that asks
    public @Nullable Target choose(int shard, QoS qos) {
        int size = members.size();
        Target best = null;
        int rank = -1;
        int at = size == 0 ? 0 : Math.floorMod(turns[shard], size);
        for (int i = 0; i < size && rank < BEST; i++) {
            Target member = members.get((at + i) % size);
            int other = rank(member, qos);
            if (other >= 0 && !member.session().isPressed()) {
                other += ROOM;
            }
            if (other > rank) {
                best = member;
                rank = other;
                turns[shard] = at + i + 1;
            }
        }
        return best;
    }

    /// Whether any member that could take a message of this QoS is there.
    public boolean isAttended(QoS qos) {
        return members.stream().anyMatch(member -> rank(member, qos) > Session.ABSENT);
    }

    /// What stands against another message of this QoS: null where any member has room or no member
    /// could take it.
    @Nullable Pressure pressure(QoS qos, QueueLimits limits, Pools pools) {
        Pressure least = null;
        for (Target member : members) {
            if (rank(member, qos) >= 0) {
                Pressure pressure = member.session().pressure(limits, pools);
                if (pressure == null) {
                    return null;
                }
                least = least == null || least.refused() ? pressure : least;
            }
        }
        return least;
    }

    /// -1 for a member that cannot take the message at all.
    private static int rank(Target member, QoS qos) {
        byte availability = member.session().availability();
        boolean atMostOnce = qos.min(member.qos()) == QoS.AT_MOST_ONCE;
        if (availability == Session.ENDED || atMostOnce && availability == Session.ABSENT) {
            return -1;
        }
        return availability;
    }
}
