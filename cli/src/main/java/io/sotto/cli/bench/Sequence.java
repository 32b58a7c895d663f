package io.sotto.cli.bench;

import java.util.Map;
import java.util.TreeMap;

/// Which numbers of one sender came: each that is missing, doubled or late is noticed. What it
/// keeps grows with the number of gaps, not of messages.
final class Sequence {
    /// What a number turned out to be.
    enum Arrival {
        IN_ORDER,
        /// It was missed before, and a later one was there first.
        LATE,
        DOUBLED
    }

    // Missing numbers, from the key up to the value, which is not missing.
    private final TreeMap<Long, Long> gaps = new TreeMap<>();
    private long first;
    private long next;
    private long missing;

    private Sequence(long first, long next) {
        this.first = first;
        this.next = next;
    }

    /// A sender that is known from its first message on.
    static Sequence whole() {
        return new Sequence(0, 0);
    }

    /// A sender that was at work already: what it sent before this number is not missed.
    static Sequence from(long number) {
        return new Sequence(number, number);
    }

    Arrival add(long number) {
        if (number >= next) {
            if (number > next) {
                gaps.put(next, number);
                missing += number - next;
            }
            next = number + 1;
            return Arrival.IN_ORDER;
        }
        if (number < first) {
            // Numbers between this one and the first known were not waited for, and are now.
            if (number + 1 < first) {
                gaps.put(number + 1, first);
                missing += first - number - 1;
            }
            first = number;
            return Arrival.LATE;
        }
        Map.Entry<Long, Long> gap = gaps.floorEntry(number);
        if (gap == null || gap.getValue() <= number) {
            return Arrival.DOUBLED;
        }
        fill(gap.getKey(), gap.getValue(), number);
        return Arrival.LATE;
    }

    private void fill(long from, long to, long number) {
        gaps.remove(from);
        if (from < number) {
            gaps.put(from, number);
        }
        if (number + 1 < to) {
            gaps.put(number + 1, to);
        }
        missing--;
    }

    /// How many numbers between those that came did not.
    long missing() {
        return missing;
    }

    /// How many did not come of those below a number.
    long missing(long sent) {
        return missing + Math.max(0, sent - next);
    }
}
