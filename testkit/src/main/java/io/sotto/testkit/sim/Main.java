package io.sotto.testkit.sim;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The simulator on the command line.
///
/// ```text
/// --seed N [--verbose]            one seed, with its whole trace
/// --from N --count N [--keep-going]   many seeds
/// --steps N                       the length of the wild part
/// --crashes                       lives of a broker with crashes between them
/// ```
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        System.exit(run(args, System.out));
    }

    static int run(String[] args, PrintStream out) {
        Map<String, Long> options = new HashMap<>();
        List<String> flags = new ArrayList<>();
        for (int i = 0; i < args.length; i++) {
            if (i + 1 < args.length && !args[i + 1].startsWith("--")) {
                options.put(args[i], Long.parseLong(args[i + 1]));
                i++;
            } else {
                flags.add(args[i]);
            }
        }
        SimulationRunner runner =
                new SimulationRunner(
                        flags.contains("--crashes")
                                ? SimulationRunner.Kind.CRASHES
                                : SimulationRunner.Kind.LIFE,
                        Math.toIntExact(
                                options.getOrDefault("--steps", (long) SimulationRunner.STEPS)));
        Long seed = options.get("--seed");
        if (seed != null) {
            return one(runner, seed, flags.contains("--verbose"), out);
        }
        return many(runner, options, flags.contains("--keep-going"), out);
    }

    private static int one(SimulationRunner runner, long seed, boolean verbose, PrintStream out) {
        SimulationRunner.Outcome outcome = runner.run(seed, verbose);
        outcome.failures().forEach(failure -> failure.print(out));
        out.printf(
                "seed %d %s, trace %016x%n",
                seed, outcome.failed() ? "failed" : "passed", outcome.hash());
        return outcome.failed() ? 1 : 0;
    }

    private static int many(
            SimulationRunner runner,
            Map<String, Long> options,
            boolean keepGoing,
            PrintStream out) {
        long from = options.getOrDefault("--from", 1L);
        long count = options.getOrDefault("--count", 1000L);
        long begun = System.nanoTime();
        long crashes = 0;
        Map<String, Integer> failures = new TreeMap<>();
        for (long seed = from; seed < from + count; seed++) {
            SimulationRunner.Outcome outcome = runner.run(seed);
            crashes += outcome.crashes();
            for (SimulationRunner.Failure failure : outcome.failures()) {
                if (!keepGoing) {
                    failure.print(out);
                    out.println("after " + (seed - from + 1) + " seeds, check: " + failure.check());
                    return 1;
                }
                failures.merge(failure.check(), 1, Integer::sum);
                out.println("seed " + seed + ": " + failure.sentence());
            }
        }
        double seconds = (System.nanoTime() - begun) / 1e9;
        out.printf(
                "%,d seeds from %d in %.1f s, %,d crashes, failures: %s%n",
                count, from, seconds, crashes, failures);
        return failures.isEmpty() ? 0 : 1;
    }
}
