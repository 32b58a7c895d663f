package io.sotto.testkit.sim;

import java.io.PrintStream;
import java.util.List;

/// Runs seeds, and tells of the first that fails in a way that can be repeated.
public final class SimulationRunner {
    /// How many steps the wild part of a run has.
    public static final int STEPS = 600;

    private final Kind kind;
    private final int steps;

    public SimulationRunner(Kind kind, int steps) {
        this.kind = kind;
        this.steps = steps;
    }

    /// What is simulated.
    public enum Kind {
        /// One life of a broker, held against an exact model of all that the standard asks.
        LIFE,
        /// Several lives with crashes between them, held against what was acknowledged.
        CRASHES
    }

    /// One history.
    interface Run {
        World world();

        /// Runs it to its end.
        ///
        /// @param steps the length of the wild part
        void run(int steps);

        /// How often the process ended so far.
        int crashes();
    }

    /// A run that failed.
    ///
    /// @param tail the last events before it did
    public record Failure(
            long seed, String check, String sentence, List<String> tail, Throwable cause) {
        public void print(PrintStream out) {
            tail.forEach(out::println);
            out.println("seed " + seed + " failed: " + sentence);
            cause.printStackTrace(out);
            out.println("repeat with --seed " + seed + " --verbose");
        }
    }

    /// What came of a seed.
    ///
    /// @param hash of all that happened
    /// @param crashes how often the process of the broker ended
    public record Outcome(long seed, long hash, int crashes, List<Failure> failures) {
        public boolean failed() {
            return !failures.isEmpty();
        }
    }

    public Outcome run(long seed) {
        return run(seed, false);
    }

    /// Runs one history.
    ///
    /// @param verbose whether the trace is kept from its beginning
    public Outcome run(long seed, boolean verbose) {
        Run simulation =
                switch (kind) {
                    case LIFE -> new Simulation(seed, verbose);
                    case CRASHES -> new CrashSimulation(seed, verbose);
                };
        Trace trace = simulation.world().trace();
        try {
            simulation.run(steps);
            return new Outcome(seed, trace.hash(), simulation.crashes(), List.of());
        } catch (Violation e) {
            return new Outcome(
                    seed,
                    trace.hash(),
                    simulation.crashes(),
                    List.of(
                            new Failure(
                                    seed,
                                    e.check(),
                                    String.valueOf(e.getMessage()),
                                    trace.tail(),
                                    e)));
        } catch (RuntimeException | AssertionError e) {
            return new Outcome(
                    seed,
                    trace.hash(),
                    simulation.crashes(),
                    List.of(new Failure(seed, "exception", e.toString(), trace.tail(), e)));
        }
    }
}
