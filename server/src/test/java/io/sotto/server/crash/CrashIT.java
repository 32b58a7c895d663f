package io.sotto.server.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The short form of the crash rig; `server/crash` runs the long one.
@Timeout(180)
class CrashIT {
    private static final Path JAR = Path.of(System.getProperty("sotto.jar"));

    @TempDir Path folder = Path.of("");

    private CrashRig.Outcome run(Promise promise, int rounds) throws Exception {
        long seed = System.nanoTime();
        CrashRig.Outcome outcome;
        try (CrashRig rig = new CrashRig(JAR, folder, promise, seed)) {
            outcome = rig.run(rounds);
        }
        assertThat(outcome.ledger().faults()).as("seed %d", seed).isEmpty();
        assertThat(outcome.kills()).isGreaterThanOrEqualTo(rounds);
        assertThat(outcome.published()).isGreaterThan(rounds);
        assertThat(outcome.ledger().resumed.get()).isGreaterThan(rounds);
        return outcome;
    }

    @Test
    void nothing_acknowledged_is_lost_and_nothing_of_qos_2_doubled_by_kills() throws Exception {
        CrashRig.Outcome outcome = run(Promise.SYNC, 10);

        assertThat(outcome.ledger().lost.get()).isZero();
    }

    /// The command compiles what it needs without Maven.
    @Test
    void the_command_of_the_long_form_runs() throws Exception {
        ProcessBuilder command = new ProcessBuilder("../server/crash", "1", "1");
        command.environment().put("SOTTO_JAR", JAR.toString());
        Process run = command.redirectErrorStream(true).start();
        String output = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(run.waitFor()).as(output).isZero();
        assertThat(output).contains("seed 1, durability sync");
    }

    /// On the machine of a build, which now and then has no processor for the broker.
    @Test
    void async_loses_nothing_but_the_latest_of_qos_1() throws Exception {
        CrashRig.Outcome outcome = run(Promise.ASYNC.withPauses(Duration.ofMillis(400)), 6);

        assertThat(outcome.published()).isGreaterThan(outcome.ledger().lost.get());
    }
}
