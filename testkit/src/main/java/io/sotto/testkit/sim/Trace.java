package io.sotto.testkit.sim;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What happened in a run: a hash of all of it and the last part of it in words.
final class Trace {
    private static final int KEPT = 400;

    private final @Nullable Entry[] ring;
    private long count;
    private long hash = 0xCBF2_9CE4_8422_2325L;

    /// @param whole whether everything is kept and not the last part only
    Trace(boolean whole) {
        this.ring = new Entry[whole ? 1 << 20 : KEPT];
    }

    private record Entry(long at, String who, String what, @Nullable Object detail) {
        @Override
        public String toString() {
            return "%8d  %-14s %-10s %s".formatted(at, who, what, detail == null ? "" : detail);
        }
    }

    void note(long at, String who, String what, @Nullable Object detail) {
        ring[(int) (count++ % ring.length)] = new Entry(at, who, what, detail);
        mix(at);
        mix(who.hashCode() * 31L + what.hashCode());
    }

    /// Takes bytes into the hash.
    void mix(byte[] bytes, int from, int length) {
        long mixed = hash;
        for (int i = from; i < from + length; i++) {
            mixed = (mixed ^ bytes[i]) * 0x100_0000_01B3L;
        }
        hash = mixed;
    }

    private void mix(long value) {
        hash = (hash ^ value) * 0x100_0000_01B3L;
        hash ^= hash >>> 29;
    }

    long hash() {
        return hash;
    }

    /// The last events, oldest first.
    List<String> tail() {
        List<String> lines = new ArrayList<>();
        for (long i = Math.max(0, count - ring.length); i < count; i++) {
            lines.add(String.valueOf(ring[(int) (i % ring.length)]));
        }
        return lines;
    }
}
