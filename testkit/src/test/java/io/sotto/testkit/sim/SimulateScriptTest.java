package io.sotto.testkit.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The command that runs seeds by themselves: it compiles what it needs without Maven.
class SimulateScriptTest {
    @Test
    @Timeout(300)
    void it_compiles_and_runs_seeds() throws IOException, InterruptedException {
        Path root = Path.of("..").toAbsolutePath().normalize();
        Process run =
                new ProcessBuilder(
                                root.resolve("testkit/simulate").toString(),
                                "--crashes",
                                "--count",
                                "2")
                        .redirectErrorStream(true)
                        .start();
        String output = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(run.waitFor()).as(output).isZero();
        assertThat(output).contains("2 seeds from 1", "failures: {}");
    }
}
