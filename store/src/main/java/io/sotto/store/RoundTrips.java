package io.sotto.store;

/// Which packet identifiers are taken and given back within one group: what went out under them
/// leaves no trace.
///
/// Counted, as an identifier may be used many times in one group. It does not matter which of its
/// uses is left out: the last one decides what stays, and as many ends are left out as beginnings.
final class RoundTrips {
    private final LongMap begun = new LongMap();
    private final LongMap whole = new LongMap();

    void clear() {
        begun.clear();
        whole.clear();
    }

    /// A message went out.
    void sent(long session, int packetId) {
        begun.put(key(session, packetId), 1);
    }

    /// It was acknowledged.
    void settled(long session, int packetId) {
        long key = key(session, packetId);
        if (begun.get(key) != 0) {
            begun.remove(key);
            whole.put(key, whole.get(key) + 1);
        }
    }

    /// It is owed PUBREL instead: that is kept.
    void released(long session, int packetId) {
        begun.remove(key(session, packetId));
    }

    /// Whether an end is still to come that leaves no trace.
    boolean contains(long session, int packetId) {
        return whole.get(key(session, packetId)) > 0;
    }

    /// The same, as it comes.
    boolean ends(long session, int packetId) {
        long key = key(session, packetId);
        int left = whole.get(key);
        if (left > 1) {
            whole.put(key, left - 1);
        } else if (left == 1) {
            whole.remove(key);
        }
        return left > 0;
    }

    private static long key(long session, int packetId) {
        return session << Short.SIZE | packetId;
    }
}
