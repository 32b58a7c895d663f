package io.sotto.broker.topic;

import io.sotto.broker.topic.Node.Fork;
import io.sotto.broker.topic.Node.Leaf;
import io.sotto.mqtt.TopicName;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/// Goes ahead of several walks through a large tree, step by step with all of them, and reads what
/// lies on their way. Of that most is not in any cache: the processor waits for the memory of all
/// at once, where it would wait for each step of each walk by itself.
///
/// It finds nothing, and follows one way only; where it errs, a walk waits as it would have.
public final class Scout<T> {
    /// How many walks it goes ahead of at a time.
    public static final int WALKS = 16;

    private static final int STEPS = 12;

    private final ToIntFunction<T> touch;
    private final @Nullable Object[] reached = new Object[WALKS];
    private final int[] from = new int[WALKS];

    /// @param touch reads what is wanted of a value; what it answers does not matter
    public Scout(ToIntFunction<T> touch) {
        this.touch = touch;
    }

    /// Reads what lies on the way of these names, [#WALKS] at most.
    ///
    /// @return nothing of interest, which the compiler must not find out
    public int ahead(TopicTree<T> tree, List<TopicName> names) {
        Arrays.fill(reached, null);
        for (int i = 0; i < names.size(); i++) {
            reached[i] = tree.root();
            from[i] = 0;
        }
        int read = 0;
        boolean goesOn = true;
        for (int step = 0; goesOn && step < STEPS; step++) {
            goesOn = false;
            for (int i = 0; i < names.size(); i++) {
                Object place = reached[i];
                if (place instanceof Fork<?> fork) {
                    reached[i] = step(fork, names.get(i), i, tree.key());
                    goesOn = true;
                } else if (place instanceof Leaf<?> leaf) {
                    read += leaf.topic().size();
                }
            }
        }
        return read + values(names.size());
    }

    @SuppressWarnings("unchecked") // All leaves are of the tree.
    private int values(int walks) {
        int read = 0;
        for (int i = 0; i < walks; i++) {
            if (reached[i] instanceof Leaf<?> leaf) {
                read += touch.applyAsInt((T) leaf.value());
                reached[i] = null;
            }
        }
        return read;
    }

    private @Nullable Object step(Fork<?> fork, TopicName name, int walk, long key) {
        int start = from[walk];
        if (start > name.size()) {
            return null;
        }
        int end = name.end(start);
        from[walk] = end + 1;
        Object same =
                fork.children().isEmpty() ? null : fork.children().peek(name.hash(start, end, key));
        if (same != null) {
            return same;
        }
        return fork.plus() == null ? fork.rest() : fork.plus();
    }
}
