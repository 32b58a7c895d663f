package io.sotto.conformance;

import java.util.ArrayList;
import java.util.List;

/// What went over the wires of one test, in order, with the milliseconds since its start.
final class Transcript {
    private static final int KEPT = 400;

    private final List<String> lines = new ArrayList<>();
    private final long start = System.nanoTime();

    void sent(String who, Bytes bytes) {
        add(who, "→", bytes.toString());
    }

    void received(String who, Bytes bytes) {
        add(who, "←", bytes.toString());
    }

    void happened(String who, String what) {
        add(who, "·", what);
    }

    private synchronized void add(String who, String direction, String what) {
        if (lines.size() < KEPT) {
            long millis = (System.nanoTime() - start) / 1_000_000;
            lines.add("%5d ms  %-8s %s %s".formatted(millis, who, direction, what));
        } else if (lines.size() == KEPT) {
            lines.add("… and more");
        }
    }

    @Override
    public synchronized String toString() {
        return String.join("\n", lines);
    }
}
