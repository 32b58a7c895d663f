package io.sotto.testkit.sim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CrashSimulationTest {
    private static final int SEEDS = Integer.getInteger("sotto.crash-seeds", 1500);

    private final SimulationRunner runner =
            new SimulationRunner(SimulationRunner.Kind.CRASHES, SimulationRunner.STEPS);

    @Test
    void what_was_acknowledged_outlives_every_crash() {
        int crashes = 0;
        for (long seed = 1; seed <= SEEDS; seed++) {
            SimulationRunner.Outcome outcome = runner.run(seed);

            outcome.failures().forEach(failure -> failure.print(System.out));
            assertThat(outcome.failures()).as("seed %d", seed).isEmpty();
            crashes += outcome.crashes();
        }
        assertThat(crashes).isGreaterThan(SEEDS);
    }

    @Test
    void a_seed_always_gives_the_same_run() {
        assertThat(runner.run(7).hash()).isEqualTo(runner.run(7).hash());
    }
}
