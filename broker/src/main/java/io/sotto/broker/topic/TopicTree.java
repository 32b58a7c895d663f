package io.sotto.broker.topic;

import io.sotto.mqtt.Levels;
import io.sotto.mqtt.TopicFilter;
import io.sotto.mqtt.TopicName;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// An immutable tree of values by topic level, read both ways: values at filters that match a name
/// (subscriptions), and values at names that match a filter (retained messages).
///
/// A change copies the path from the root. Wildcards are levels like others when they are stored.
@SuppressWarnings("ReferenceEquality") // The same object means that nothing changed.
public final class TopicTree<T> {
    private final Node<T> root;
    private final int seed;
    private final Level plus;
    private final Level hash;

    private TopicTree(Node<T> root, TopicTree<T> like) {
        this.root = root;
        this.seed = like.seed;
        this.plus = like.plus;
        this.hash = like.hash;
    }

    /// An empty tree.
    ///
    /// @param seed keys the hashes of levels
    public TopicTree(int seed) {
        this.seed = seed;
        this.plus = Level.of("+", seed);
        this.hash = Level.of("#", seed);
        this.root = new Node<>(Level.of("", seed), null, HashTrie.empty());
    }

    private record Node<T>(Level key, @Nullable T value, HashTrie<Level, Node<T>> children)
            implements HashTrie.Entry<Level> {

        boolean isBare() {
            return value == null && children.isEmpty();
        }
    }

    /// The value at exactly this name or filter, or null.
    public @Nullable T get(Levels topic) {
        Node<T> node = root;
        for (Level level : Level.of(topic, seed)) {
            node = node.children.find(level);
            if (node == null) {
                return null;
            }
        }
        return node.value;
    }

    /// The tree with another value at a name or filter.
    ///
    /// @param change gets the present value or null, and answers the new one or null for none
    public TopicTree<T> with(Levels topic, UnaryOperator<@Nullable T> change) {
        Node<T> changed = with(root, Level.of(topic, seed), 0, change);
        return changed == root ? this : new TopicTree<>(changed, this);
    }

    private Node<T> with(
            Node<T> node, List<Level> levels, int depth, UnaryOperator<@Nullable T> change) {
        if (depth == levels.size()) {
            T value = change.apply(node.value);
            return value == node.value ? node : new Node<>(node.key, value, node.children);
        }
        Level level = levels.get(depth);
        Node<T> before = node.children.find(level);
        Node<T> child = before == null ? new Node<>(level, null, HashTrie.empty()) : before;
        Node<T> after = with(child, levels, depth + 1, change);
        if (after == before || before == null && after.isBare()) {
            return node;
        }
        HashTrie<Level, Node<T>> children =
                after.isBare() ? node.children.without(level) : node.children.with(after);
        return new Node<>(node.key, node.value, children);
    }

    /// Hands over the values at all filters that match a name.
    public void match(TopicName name, Consumer<T> found) {
        match(root, Level.of(name, seed), 0, found);
    }

    private void match(Node<T> node, List<Level> levels, int depth, Consumer<T> found) {
        boolean wild = depth > 0 || !levels.get(0).isReserved();
        if (wild) {
            Node<T> rest = node.children.find(hash);
            if (rest != null && rest.value != null) {
                found.accept(rest.value);
            }
        }
        if (depth == levels.size()) {
            if (node.value != null) {
                found.accept(node.value);
            }
            return;
        }
        Node<T> same = node.children.find(levels.get(depth));
        if (same != null) {
            match(same, levels, depth + 1, found);
        }
        Node<T> any = wild ? node.children.find(plus) : null;
        if (any != null) {
            match(any, levels, depth + 1, found);
        }
    }

    /// The values at all names that a filter matches, one by one: a walk over this state of the
    /// tree, that holds no more than the path to its place.
    public Iterator<T> select(TopicFilter filter) {
        return new Selection<>(root, Level.of(filter, seed));
    }

    private static final class Selection<T> implements Iterator<T> {
        private final List<Level> levels;
        private final Deque<Branch<T>> path = new ArrayDeque<>();
        private @Nullable T next;

        /// Nodes that are still to be visited, with the level of the filter that is theirs.
        private record Branch<T>(Iterator<Node<T>> nodes, int depth) {}

        Selection(Node<T> root, List<Level> levels) {
            this.levels = levels;
            descend(root, 0);
        }

        @Override
        public boolean hasNext() {
            while (next == null && !path.isEmpty()) {
                Branch<T> branch = path.getLast();
                if (branch.nodes.hasNext()) {
                    visit(branch.nodes.next(), branch.depth);
                } else {
                    path.removeLast();
                }
            }
            return next != null;
        }

        @Override
        public T next() {
            if (!hasNext() || next == null) {
                throw new NoSuchElementException();
            }
            T value = next;
            next = null;
            return value;
        }

        /// A node whose levels so far match; `depth` levels of the filter are used up, the last of
        /// them again and again where it is `#`.
        private void visit(Node<T> node, int depth) {
            boolean first = path.size() == 1;
            if (first && node.key.isReserved() && isWild(0)) {
                return;
            }
            if (depth == levels.size() || levels.get(depth).isHash()) {
                next = node.value;
            }
            descend(node, depth);
        }

        private boolean isWild(int depth) {
            return levels.get(depth).isHash() || levels.get(depth).isPlus();
        }

        private void descend(Node<T> node, int depth) {
            if (depth == levels.size() || node.children.isEmpty()) {
                return;
            }
            Level level = levels.get(depth);
            if (level.isHash()) {
                path.addLast(new Branch<>(node.children.iterator(), depth));
            } else if (level.isPlus()) {
                path.addLast(new Branch<>(node.children.iterator(), depth + 1));
            } else {
                Node<T> child = node.children.find(level);
                if (child != null) {
                    path.addLast(new Branch<>(Collections.singleton(child).iterator(), depth + 1));
                }
            }
        }
    }
}
