package io.sotto.broker.session;

import java.util.Arrays;
import java.util.stream.IntStream;

/// What was sent before and is to be sent again: packet identifiers, and how far it has come.
final class Resends {
    private int[] ids = Empty.INTS;
    private int next;

    void begin(int[] again) {
        ids = again;
        next = 0;
    }

    boolean isDone() {
        return next == ids.length;
    }

    /// The one whose turn it is.
    int next() {
        return ids[next];
    }

    void advance() {
        next++;
    }

    /// Those that are still to come.
    IntStream left() {
        return Arrays.stream(ids, next, ids.length);
    }
}
