package io.sotto.broker.topic;

import io.sotto.mqtt.Levels;
import org.jspecify.annotations.Nullable;

/// What stands at a level of a [TopicTree]: a fork in the way, or all the rest of it.
sealed interface Node<T> extends HashTrie.Entry<Level> {
    /// The only value at or below a place, with all the levels of its topic that are left from an
    /// index on: most topics need no more than this behind the level in which they differ.
    ///
    /// @param hash of the first of these levels
    record Leaf<T>(Levels topic, int from, int hash, T value) implements Node<T> {
        @Override
        public boolean isOf(Level level) {
            return level.topic().isLevel(level.from(), level.to(), topic, from);
        }

        /// Whether it is the value at a topic that has its levels from `at` on still to go.
        boolean isAt(Levels other, int at) {
            return topic.isSame(from, other, at);
        }
    }

    /// A level at which several topics part, with the value at the one that ends here.
    ///
    /// @param plus what stands behind a `+`
    /// @param rest the value at `#`
    /// @param children what stands behind other levels
    @SuppressWarnings("ArrayRecordComponent") // Nobody compares forks.
    record Fork<T>(
            byte[] level,
            int hash,
            @Nullable T value,
            @Nullable Node<T> plus,
            @Nullable Leaf<T> rest,
            HashTrie<Level, Node<T>> children)
            implements Node<T> {

        static <T> Fork<T> empty(byte[] level, int hash) {
            return new Fork<>(level, hash, null, null, null, HashTrie.empty());
        }

        @Override
        public boolean isOf(Level other) {
            return other.topic().isLevel(other.from(), other.to(), level);
        }

        Fork<T> withValue(@Nullable T other) {
            return new Fork<>(level, hash, other, plus, rest, children);
        }

        /// What stands behind a level.
        @Nullable Node<T> child(Level at) {
            if (at.isPlus()) {
                return plus;
            }
            return at.isHash() ? rest : children.find(at, at.hash());
        }

        /// The fork with something else behind a level; for `#` that is a leaf.
        Fork<T> with(Level at, @Nullable Node<T> child) {
            if (at.isPlus()) {
                return new Fork<>(level, hash, value, child, rest, children);
            }
            if (at.isHash()) {
                return new Fork<>(level, hash, value, plus, (Leaf<T>) child, children);
            }
            HashTrie<Level, Node<T>> others =
                    child == null ? children.without(at, at.hash()) : children.with(at, child);
            return new Fork<>(level, hash, value, plus, rest, others);
        }

        /// The fork with something else behind a level that is no wildcard, as part of an edit: the
        /// same where its children are the edit's own.
        @SuppressWarnings(
                "ReferenceEquality") // The same object means that it has changed in place.
        Fork<T> with(Level at, @Nullable Node<T> child, Object edit) {
            HashTrie<Level, Node<T>> others =
                    child == null
                            ? children.without(at, at.hash(), edit)
                            : children.with(at, child, edit);
            return others == children ? this : new Fork<>(level, hash, value, plus, rest, others);
        }

        /// The same where topics do part here; else the leaf that is left, or null for nothing.
        @Nullable Node<T> reduced() {
            if (value != null) {
                return this;
            }
            if (children.isEmpty() && (plus == null || rest == null)) {
                return plus == null && rest == null ? null : above(plus == null ? rest : plus);
            }
            return plus == null && rest == null ? above(children.single()) : this;
        }

        private Node<T> above(@Nullable Node<T> only) {
            return only instanceof Leaf<T>(Levels topic, int from, _, T last)
                    ? new Leaf<>(topic, from - 1 - level.length, hash, last)
                    : this;
        }
    }
}
