package io.sotto.server.crash;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/// From when until when each life of the broker served, by [System#nanoTime]. From any thread.
final class Lives {
    private static final long ALIVE = Long.MAX_VALUE;

    private final ConcurrentSkipListMap<Long, Long> ends = new ConcurrentSkipListMap<>();

    Lives() {}

    /// It is about to tell that it serves.
    void ready() {
        ends.put(System.nanoTime(), ALIVE);
    }

    /// It is about to be killed. A life that never served counts for nothing.
    void killed() {
        Map.Entry<Long, Long> last = ends.lastEntry();
        if (last != null && last.getValue() == ALIVE) {
            ends.put(last.getKey(), System.nanoTime());
        }
    }

    /// How long before the kill of its life a time was: nanoseconds, below zero for what was
    /// noticed after it, and [Long#MAX_VALUE] in a life that has not been killed.
    long beforeKill(long time) {
        long end = requireNonNull(ends.floorEntry(time)).getValue();
        return end == ALIVE ? ALIVE : end - time;
    }
}
