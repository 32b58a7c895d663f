package io.sotto.broker.topic;

import io.sotto.broker.topic.Node.Fork;
import io.sotto.broker.topic.Node.Leaf;
import io.sotto.mqtt.TopicFilter;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/// A walk over the values at all names in a tree that a filter matches.
final class Selection<T> implements Iterator<T> {
    private final TopicFilter filter;
    private final long key;
    private final Deque<Branch<T>> path = new ArrayDeque<>();
    private @Nullable T next;

    /// Nodes that are still to be visited, and where the level of the filter begins that is theirs.
    private record Branch<T>(Iterator<Node<T>> nodes, int from) {}

    Selection(Fork<T> root, TopicFilter filter, long key) {
        this.filter = filter;
        this.key = key;
        descend(root, 0);
    }

    @Override
    public boolean hasNext() {
        while (next == null && !path.isEmpty()) {
            Branch<T> branch = path.getLast();
            if (branch.nodes.hasNext()) {
                visit(branch.nodes.next(), branch.from);
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

    /// A node whose levels so far match; that of the filter at `from` is to match the node's own,
    /// and all that follow where it is `#`.
    private void visit(Node<T> node, int from) {
        boolean hidden = path.size() == 1 && isReserved(node) && isWild();
        if (hidden) {
            return;
        }
        switch (node) {
            case Leaf<T> leaf -> {
                if (filter.covers(from, leaf.topic(), leaf.from())) {
                    next = leaf.value();
                }
            }
            case Fork<T> fork -> descend(fork, isHash(from) ? from : filter.end(from) + 1);
        }
    }

    private boolean isHash(int from) {
        return from < filter.size() && filter.at(from) == '#';
    }

    private boolean isReserved(Node<T> node) {
        return switch (node) {
            case Leaf<T> leaf -> leaf.topic().size() > 0 && leaf.topic().at(0) == '$';
            case Fork<T> fork -> fork.level().length > 0 && fork.level()[0] == '$';
        };
    }

    private boolean isWild() {
        return filter.at(0) == '+' || filter.at(0) == '#';
    }

    /// All in front of `from` matches the levels up to a fork.
    private void descend(Fork<T> fork, int from) {
        if (from > filter.size()) {
            next = fork.value();
            return;
        }
        Level level = Level.of(filter, from, key);
        if (level.isHash()) {
            next = fork.value();
            path.addLast(new Branch<>(fork.children().iterator(), from));
        } else if (level.isPlus()) {
            path.addLast(new Branch<>(fork.children().iterator(), from));
        } else {
            Node<T> child = fork.children().find(level, level.hash());
            if (child != null) {
                path.addLast(new Branch<>(Collections.singleton(child).iterator(), from));
            }
        }
    }
}
