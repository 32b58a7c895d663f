package io.sotto.broker.topic;

import io.sotto.broker.topic.Node.Fork;
import io.sotto.broker.topic.Node.Leaf;
import io.sotto.mqtt.Levels;
import io.sotto.mqtt.TopicFilter;
import io.sotto.mqtt.TopicName;
import java.util.Iterator;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// An immutable tree of values by topic level, read both ways: values at filters that match a name
/// (subscriptions), and values at names that match a filter (retained messages).
///
/// A change copies the path from the root. Levels at which nothing parts are not nodes of their
/// own, so that what lies behind the last fork on the way to a value is one leaf: the way from the
/// bytes of a topic to its only subscriber touches as little memory as can be. A leaf holds on to
/// the topic that it was put there with.
@SuppressWarnings("ReferenceEquality") // The same object means that nothing changed.
public final class TopicTree<T> {
    private static final byte[] NO_LEVEL = {};

    private final Fork<T> root;
    private final long key;

    private TopicTree(Fork<T> root, long key) {
        this.root = root;
        this.key = key;
    }

    /// An empty tree.
    ///
    /// @param seed keys the hashes of levels
    public TopicTree(int seed) {
        this(Fork.empty(NO_LEVEL, 0), (seed ^ 0x9E37_79B9_7F4A_7C15L) * 0xBF58_476D_1CE4_E5B9L);
    }

    Fork<T> root() {
        return root;
    }

    /// What the hashes of levels are keyed with.
    long key() {
        return key;
    }

    /// The value at exactly this name or filter, or null.
    public @Nullable T get(Levels topic) {
        Fork<T> fork = root;
        int from = 0;
        while (from <= topic.size()) {
            Level level = Level.of(topic, from, key);
            Node<T> child = fork.child(level);
            if (!(child instanceof Fork<T> deeper)) {
                return child instanceof Leaf<T> leaf && leaf.isAt(topic, from)
                        ? leaf.value()
                        : null;
            }
            fork = deeper;
            from = level.next();
        }
        return fork.value();
    }

    /// The tree with another value at a name or filter.
    ///
    /// @param change gets the present value or null, and answers the new one or null for none
    public TopicTree<T> with(Levels topic, UnaryOperator<@Nullable T> change) {
        Fork<T> changed = with(root, topic, 0, change);
        return changed == root ? this : new TopicTree<>(changed, key);
    }

    private Fork<T> with(Fork<T> fork, Levels topic, int from, UnaryOperator<@Nullable T> change) {
        if (from > topic.size()) {
            T value = change.apply(fork.value());
            return value == fork.value() ? fork : fork.withValue(value);
        }
        Level level = Level.of(topic, from, key);
        Node<T> before = fork.child(level);
        Node<T> after =
                switch (before) {
                    case null -> leaf(level, change.apply(null));
                    case Leaf<T> leaf -> with(leaf, level, change);
                    case Fork<T> deeper -> {
                        Fork<T> changed = with(deeper, topic, level.next(), change);
                        yield changed == deeper ? deeper : changed.reduced();
                    }
                };
        return after == before ? fork : fork.with(level, after);
    }

    private @Nullable Node<T> with(Leaf<T> leaf, Level level, UnaryOperator<@Nullable T> change) {
        if (leaf.isAt(level.topic(), level.from())) {
            T value = change.apply(leaf.value());
            return value == leaf.value() ? leaf : leaf(level, value);
        }
        T another = change.apply(null);
        if (another == null) {
            return leaf;
        }
        Fork<T> fork = Fork.empty(level.bytes(), level.hash());
        fork =
                with(
                        fork,
                        leaf.topic(),
                        level.next() - level.from() + leaf.from(),
                        _ -> leaf.value());
        return with(fork, level.topic(), level.next(), _ -> another);
    }

    /// Begins an edit of this tree.
    public Edit<T> edit() {
        return new Edit<>(this);
    }

    /// Several changes at once: what one of them has copied the next changes in place, so that the
    /// upper levels, which are on the way of all, are copied once. The tree that it began with
    /// stays as it is. Belongs to one thread.
    public static final class Edit<T> {
        private final TopicTree<T> before;

        /// What nodes are marked with; they outlive the edit, and must not hold on to it.
        private final Object mark = new Object();

        private Fork<T> root;
        private @Nullable T replaced;

        private Edit(TopicTree<T> before) {
            this.before = before;
            this.root = before.root;
        }

        /// Puts another value at a name, null for none.
        ///
        /// @return what was there, or null
        public @Nullable T put(TopicName name, @Nullable T value) {
            replaced = null;
            root = put(root, name, 0, value);
            return replaced;
        }

        /// The tree with all changes. Nothing more may be put.
        public TopicTree<T> done() {
            return root == before.root ? before : new TopicTree<>(root, before.key);
        }

        private Fork<T> put(Fork<T> fork, TopicName name, int from, @Nullable T value) {
            if (from > name.size()) {
                replaced = fork.value();
                return value == replaced ? fork : fork.withValue(value);
            }
            Level level = Level.of(name, from, before.key);
            Node<T> child = fork.children().find(level, level.hash());
            Node<T> after =
                    switch (child) {
                        case null -> before.leaf(level, value);
                        case Leaf<T> leaf ->
                                before.with(
                                        leaf,
                                        level,
                                        old -> {
                                            replaced = old;
                                            return value;
                                        });
                        case Fork<T> deeper -> put(deeper, name, level.next(), value).reduced();
                    };
            return after == child ? fork : fork.with(level, after, mark);
        }
    }

    private @Nullable Node<T> leaf(Level level, @Nullable T value) {
        return value == null ? null : new Leaf<>(level.topic(), level.from(), level.hash(), value);
    }

    /// Hands over the values at all filters that match a name.
    public void match(TopicName name, Consumer<T> found) {
        match(root, name, 0, found);
    }

    private void match(Fork<T> fork, TopicName name, int from, Consumer<T> found) {
        // A first level with `$` is hidden from leading wildcards [MQTT-4.7.2-1].
        boolean wild = from > 0 || !name.isReserved();
        if (wild && fork.rest() != null) {
            found.accept(fork.rest().value());
        }
        if (from > name.size()) {
            if (fork.value() != null) {
                found.accept(fork.value());
            }
            return;
        }
        int to = name.end(from);
        if (!fork.children().isEmpty()) {
            Level level = new Level(name, from, to, name.hash(from, to, key));
            Node<T> same = fork.children().find(level, level.hash());
            visit(same, name, from, found);
        }
        if (wild) {
            visit(fork.plus(), name, from, found);
        }
    }

    /// @param from where the level begins that has led to this node
    private void visit(@Nullable Node<T> node, TopicName name, int from, Consumer<T> found) {
        switch (node) {
            case null -> {}
            case Leaf<T> leaf -> {
                if (leaf.topic().covers(leaf.from(), name, from)) {
                    found.accept(leaf.value());
                }
            }
            case Fork<T> deeper -> match(deeper, name, name.end(from) + 1, found);
        }
    }

    /// The values at all names that a filter matches, one by one: a walk over this state of the
    /// tree, that holds no more than the path to its place.
    public Iterator<T> select(TopicFilter filter) {
        return new Selection<>(root, filter, key);
    }
}
