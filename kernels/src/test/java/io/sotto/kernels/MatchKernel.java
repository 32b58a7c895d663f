package io.sotto.kernels;

import io.sotto.broker.topic.TopicTree;
import io.sotto.mqtt.TopicFilter;
import io.sotto.mqtt.TopicName;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// The subscriptions of a topic are looked for, as for one that no shard remembers.
@State(Scope.Thread)
public class MatchKernel {
    private static final int TOPICS = 1_000;

    /// How many filters there are: nine in ten name a topic, the others have `+` or `#`.
    @Param({"1000", "100000"})
    public int filters = 1_000;

    private TopicTree<Integer> tree = new TopicTree<>(4711);
    private final TopicName[] topics = new TopicName[TOPICS];
    private int next;
    private int found;

    /// Makes the filters.
    @Setup
    public void subscribe() {
        tree = new TopicTree<>(4711);
        for (int i = 0; i < filters; i++) {
            int value = i;
            tree = tree.with(TopicFilter.of(filter(i)), before -> value);
        }
        for (int i = 0; i < TOPICS; i++) {
            topics[i] = TopicName.of(topic((int) ((long) i * filters / TOPICS)));
        }
    }

    private static String topic(int device) {
        return "site/" + device % 97 + "/device/" + device + "/state";
    }

    private static String filter(int i) {
        return switch (i % 20) {
            case 0 -> "site/+/device/" + i + "/state";
            case 1 -> "site/" + i % 97 + "/device/" + i + "/#";
            default -> topic(i);
        };
    }

    /// Of each topic one subscription is found.
    ///
    /// @return how many were found since the beginning
    @Benchmark
    public int match() {
        next = next == TOPICS - 1 ? 0 : next + 1;
        tree.match(topics[next], value -> found++);
        return found;
    }

    /// One subscription more, and the state without it is let go of.
    @Benchmark
    public @Nullable Integer subscribeOne() {
        next = next == TOPICS - 1 ? 0 : next + 1;
        TopicFilter filter = TopicFilter.of("site/one/device/more/" + next);
        return tree.with(filter, before -> next).get(filter);
    }
}
