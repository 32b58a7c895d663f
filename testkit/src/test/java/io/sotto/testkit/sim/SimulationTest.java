package io.sotto.testkit.sim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SimulationTest {
    private static final int SEEDS = Integer.getInteger("sotto.seeds", 3000);

    private final SimulationRunner runner =
            new SimulationRunner(SimulationRunner.Kind.LIFE, SimulationRunner.STEPS);

    @Test
    void no_seed_finds_a_fault() {
        for (long seed = 1; seed <= SEEDS; seed++) {
            SimulationRunner.Outcome outcome = runner.run(seed);

            outcome.failures().forEach(failure -> failure.print(System.out));
            assertThat(outcome.failures()).as("seed %d", seed).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 44, 1000})
    void a_seed_always_gives_the_same_run(long seed) {
        SimulationRunner.Outcome first = runner.run(seed);
        SimulationRunner.Outcome second = runner.run(seed);

        assertThat(second.hash()).isEqualTo(first.hash());
    }

    @Test
    void seeds_differ() {
        assertThat(runner.run(1).hash()).isNotEqualTo(runner.run(2).hash());
    }
}
