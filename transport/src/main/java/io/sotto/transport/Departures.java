package io.sotto.transport;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;

/// The links of a loop that have something to send, and which of them do so in this turn.
///
/// So much leaves in one turn. Those that were written to in this turn go first; those that had to
/// wait before follow, in the order in which they began to wait, and part of each turn is theirs.
/// So a message to very many keeps few others waiting, and nobody for long.
final class Departures<T> {
    /// What leaves in one turn, in bytes.
    static final int TURN = 256 * 1024;

    /// What of that is for those who had to wait, at least.
    private static final int LATE = TURN / 4;

    /// What a call of the system costs, as if it were so many bytes more.
    static final int CALL = 8 * 1024;

    private final ToLongFunction<T> send;
    private final Consumer<T> defer;
    private final Deque<T> late = new ArrayDeque<>(0);
    private List<T> fresh = new ArrayList<>();
    private List<T> leaving = new ArrayList<>();

    /// @param send sends what one has, and says how many bytes that were
    /// @param defer tells one that it has to wait
    Departures(ToLongFunction<T> send, Consumer<T> defer) {
        this.send = send;
        this.defer = defer;
    }

    /// Notes one that was written to in this turn.
    void add(T link) {
        fresh.add(link);
    }

    /// Notes one that has sent its part of a turn, and has more.
    void later(T link) {
        late.add(link);
    }

    /// Sends what a turn allows.
    ///
    /// @return whether there is more
    boolean depart() {
        List<T> now = fresh;
        fresh = leaving;
        leaving = now;
        long left = TURN;
        for (T link : now) {
            if (left > 0) {
                left -= send(link);
            } else {
                defer.accept(link);
                late.add(link);
            }
        }
        now.clear();
        left = Math.max(left, LATE);
        while (left > 0 && !late.isEmpty()) {
            left -= send(late.remove());
        }
        return !late.isEmpty() || !fresh.isEmpty();
    }

    private long send(T link) {
        return CALL + send.applyAsLong(link);
    }
}
