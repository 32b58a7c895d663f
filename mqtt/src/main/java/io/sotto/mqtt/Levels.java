package io.sotto.mqtt;

import java.util.Arrays;

/// Bytes that fall into levels at each `/`: a topic name or a topic filter.
public sealed interface Levels permits TopicName, TopicFilter {
    /// How many bytes.
    int size();

    /// The byte at an index below [#size].
    byte at(int index);

    /// A copy of some of the bytes: a level, as a rule.
    byte[] slice(int from, int to);

    /// Where the level ends that begins at an index up to [#size]: at the next `/`, or at the end.
    default int end(int from) {
        byte[] bytes = bytes(this);
        int to = from;
        while (to < bytes.length && bytes[to] != '/') {
            to++;
        }
        return to;
    }

    /// A hash of some of the bytes that nobody can make collide who does not know the key.
    default int hash(int from, int to, long key) {
        return KeyedHash.of(bytes(this), from, to, key);
    }

    /// Whether the level from `from` to `to` is these bytes.
    default boolean isLevel(int from, int to, byte[] level) {
        return Arrays.equals(bytes(this), from, to, level, 0, level.length);
    }

    /// Whether the level from `from` to `to` is the one that begins at `at` in another.
    default boolean isLevel(int from, int to, Levels other, int at) {
        byte[] others = bytes(other);
        int end = at + to - from;
        return end <= others.length
                && (end == others.length || others[end] == '/')
                && Arrays.equals(bytes(this), from, to, others, at, end);
    }

    /// Whether all bytes behind an index are those of another behind another index.
    default boolean isSame(int from, Levels other, int at) {
        byte[] bytes = bytes(this);
        byte[] others = bytes(other);
        return Arrays.equals(bytes, from, bytes.length, others, at, others.length);
    }

    /// Whether the levels of this filter that begin at an index match those of a name that begin at
    /// another: level by level, byte by byte. What is said of `$` holds for whole names and is left
    /// to the caller.
    default boolean covers(int from, Levels name, int at) {
        byte[] filter = bytes(this);
        byte[] bytes = bytes(name);
        int f = from;
        int t = at;
        while (true) {
            int same = Arrays.mismatch(filter, f, filter.length, bytes, t, bytes.length);
            if (same < 0) {
                return true;
            }
            f += same;
            t += same;
            if (f == filter.length) {
                return false;
            }
            if (filter[f] == '#') {
                return true;
            }
            if (filter[f] != '+') {
                return t == bytes.length && isParentWildcard(filter, f);
            }
            f++;
            t = name.end(t);
        }
    }

    /// Whether `/#` is all that is left: `a/#` also matches `a`.
    private static boolean isParentWildcard(byte[] filter, int f) {
        return f == filter.length - 2 && filter[f] == '/' && filter[f + 1] == '#';
    }

    private static byte[] bytes(Levels levels) {
        // A switch over both costs several times as much.
        return levels instanceof TopicName name ? name.bytes : ((TopicFilter) levels).bytes;
    }
}
