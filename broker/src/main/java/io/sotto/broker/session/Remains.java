package io.sotto.broker.session;

import io.sotto.broker.session.Outbound.Orphan;
import io.sotto.broker.spi.DropReason;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.LongConsumer;

/// Copies that nobody waits for any more, but that are still to be put down in the books, in the
/// record of decisions and in the journal: what a session held that ended, and what expired
/// together. A few end at once; of very many some end with each tick, so that nobody waits until
/// all have, neither for the loop nor for the disk. If the process ends before, the next start
/// finds that nobody wants them. Until it ends, a copy counts where copies of many clients are
/// bounded together.
public final class Remains {
    /// How many copies end at once.
    static final int COPIES = 4000;

    private final Queue<Rest> rests = new ArrayDeque<>();

    /// Copies of one session that end for one reason.
    ///
    /// @param room told of the weight of each that is gone
    record Rest(Backlog copies, DropReason reason, Endings endings, LongConsumer room) {
        private void endFirst(List<Orphan> orphans, long now) {
            int weight = copies.held(0).weight();
            endings.end(copies, reason, orphans, now);
            room.accept(weight);
        }
    }

    /// Takes copies that end, and are no longer used otherwise.
    ///
    /// @param orphans filled with copies for other members of share groups; what comes later is
    ///   answered by [#next]
    void add(Rest rest, List<Orphan> orphans, long now) {
        if (rests.isEmpty()) {
            end(rest, COPIES, orphans, now);
        }
        if (!rest.copies.isEmpty()) {
            rests.add(rest);
        }
    }

    /// Ends some; to be called with each tick.
    ///
    /// @return the copies that other members of share groups may take
    public List<Orphan> next(long now) {
        List<Orphan> orphans = new ArrayList<>(0);
        int left = COPIES;
        for (Rest rest = rests.peek(); rest != null && left > 0; rest = rests.peek()) {
            left -= end(rest, left, orphans, now);
            if (rest.copies.isEmpty()) {
                rests.remove();
            }
        }
        return orphans;
    }

    /// How many copies ended.
    private static int end(Rest rest, int most, List<Orphan> orphans, long now) {
        int count = Math.min(most, rest.copies.size());
        for (int i = 0; i < count; i++) {
            rest.endFirst(orphans, now);
        }
        return count;
    }

    /// Whether anything is left.
    public boolean isEmpty() {
        return rests.isEmpty();
    }
}
