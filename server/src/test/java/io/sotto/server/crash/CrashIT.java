package io.sotto.server.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The short form of the crash rig; `server/crash` runs the long one.
@Timeout(180)
class CrashIT {
    private static final int ROUNDS = 10;

    @TempDir Path folder = Path.of("");

    @Test
    void nothing_acknowledged_is_lost_and_nothing_of_qos_2_doubled_by_kills() throws Exception {
        long seed = System.nanoTime();

        CrashRig.Outcome outcome;
        try (CrashRig rig = new CrashRig(Path.of(System.getProperty("sotto.jar")), folder, seed)) {
            outcome = rig.run(ROUNDS);
        }

        assertThat(outcome.ledger().faults()).as("seed %d", seed).isEmpty();
        assertThat(outcome.kills()).isGreaterThanOrEqualTo(ROUNDS);
        assertThat(outcome.published()).isGreaterThan(ROUNDS);
        assertThat(outcome.ledger().resumed.get()).isGreaterThan(ROUNDS);
    }
}
