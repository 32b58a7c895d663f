package io.sotto.testkit.sim;

import java.util.List;

/// Chance from a seed: the same seed gives the same throws for ever (SplitMix64).
final class Dice {
    private long state;

    /// The seed is mixed, or the throws of one seed would be those of the seed before, one later.
    Dice(long seed) {
        this.state = mix(seed);
    }

    long next() {
        state += 0x9E37_79B9_7F4A_7C15L;
        return mix(state);
    }

    private static long mix(long state) {
        long z = state;
        z = (z ^ z >>> 30) * 0xBF58_476D_1CE4_E5B9L;
        z = (z ^ z >>> 27) * 0x94D0_49BB_1331_11EBL;
        return z ^ z >>> 31;
    }

    /// From 0 to one below the bound.
    int below(int bound) {
        return (int) ((next() >>> 33) * bound >>> 31);
    }

    int between(int low, int high) {
        return low + below(high - low + 1);
    }

    /// Whether something of this probability in percent happens.
    boolean chance(int percent) {
        return below(100) < percent;
    }

    <T> T pick(List<T> list) {
        return list.get(below(list.size()));
    }

    int pick(int... values) {
        return values[below(values.length)];
    }

    /// An index, the more probable the larger its weight; at least one weight is above 0.
    int weighted(int... weights) {
        int sum = 0;
        for (int weight : weights) {
            sum += weight;
        }
        int at = below(sum);
        int index = 0;
        while (at >= weights[index]) {
            at -= weights[index++];
        }
        return index;
    }
}
