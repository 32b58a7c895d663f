package io.sotto.testkit.sim;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/// The last account of a run: for each thing that is missing one recorded drop, and for each
/// recorded drop one thing that is missing. A matching, since one drop may explain several things.
final class Reckoning {
    private final List<Missing> missing = new ArrayList<>();

    /// Something that did not arrive.
    ///
    /// @param optional whether it need not have
    private record Missing(
            String check, String sentence, boolean optional, Predicate<Drops.Drop> explained) {}

    void add(String check, String sentence, boolean optional, Predicate<Drops.Drop> explained) {
        missing.add(new Missing(check, sentence, optional, explained));
    }

    void settle(List<Drops.Drop> drops) {
        Map<Integer, Missing> taken = new HashMap<>();
        for (boolean optional : new boolean[] {false, true}) {
            for (Missing each : missing) {
                if (each.optional == optional
                        && !find(each, drops, taken, new HashSet<>())
                        && !optional) {
                    throw new Violation(each.check, each.sentence);
                }
            }
        }
        for (int i = 0; i < drops.size(); i++) {
            if (!taken.containsKey(i)) {
                throw new Violation(
                        "drops", "recorded, though nothing is missing: " + drops.get(i));
            }
        }
    }

    private static boolean find(
            Missing each, List<Drops.Drop> drops, Map<Integer, Missing> taken, Set<Integer> seen) {
        for (int i = 0; i < drops.size(); i++) {
            if (each.explained.test(drops.get(i)) && seen.add(i)) {
                Missing other = taken.get(i);
                if (other == null || find(other, drops, taken, seen)) {
                    taken.put(i, each);
                    return true;
                }
            }
        }
        return false;
    }
}
