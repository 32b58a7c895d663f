package io.sotto.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The launcher, in a folder of its own with nothing but the jar.
@Timeout(180)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LauncherIT {
    private static final double MEGABYTE = 1e6;

    private final List<Process> processes = new ArrayList<>();
    private Path home = Path.of("");

    @BeforeAll
    void a_folder_of_its_own(@TempDir Path folder) throws IOException {
        assumeTrue(Footprint.canBeAsked(), "memory is read from /proc");
        home = folder;
        Files.copy(Path.of("..", "sotto"), home.resolve("sotto"));
        Path target = Files.createDirectories(home.resolve("server").resolve("target"));
        Files.copy(Path.of(System.getProperty("sotto.jar")), target.resolve("sotto.jar"));
    }

    @AfterEach
    void endAll() throws InterruptedException {
        for (Process process : processes) {
            process.destroy();
            if (!process.waitFor(Duration.ofSeconds(20))) {
                process.destroyForcibly();
            }
        }
    }

    private Process run(Map<String, String> environment, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("sh", home.resolve("sotto").toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("SOTTO_"));
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        processes.add(process);
        return process;
    }

    private Process serving(Map<String, String> environment) throws IOException {
        String data = Files.createTempDirectory(home, "data").toString();
        Process process = run(environment, "serve", "--port", "0", "--data", data);
        BufferedReader lines = process.inputReader();
        List<String> said = new ArrayList<>();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            said.add(line);
            if (line.contains(" listens on ")) {
                return process;
            }
        }
        throw new AssertionError("it does not start: " + said);
    }

    private static double residentMegabytes(Process process) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) * 1024 / MEGABYTE;
            }
        }
        throw new AssertionError("no memory in /proc/" + process.pid());
    }

    /// The least that was seen in a minute and a half, or what fell below the bound.
    private static double idleMegabytes(Process process, double bound) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
        double resident = residentMegabytes(process);
        while (resident >= bound && System.nanoTime() < deadline) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(500));
            resident = Math.min(resident, residentMegabytes(process));
        }
        return resident;
    }

    @Test
    void an_idle_broker_is_content_with_100_megabytes() throws IOException {
        assertThat(idleMegabytes(serving(Map.of()), 100)).isLessThan(100);
    }

    @Test
    void an_idle_small_broker_is_content_with_72_megabytes() throws IOException {
        Process broker = serving(Map.of("SOTTO_PROFILE", "small"));

        assertThat(idleMegabytes(broker, 72)).isLessThan(72);
    }

    @Test
    void native_code_is_unpacked_once_and_not_at_each_start() throws IOException {
        Process broker = serving(Map.of());

        Path libraries = home.resolve("server").resolve("target").resolve("libraries");
        assertThat(Files.readString(Path.of("/proc/" + broker.pid() + "/maps")))
                .contains(libraries.toRealPath() + "/librocksdbjni.so")
                .doesNotContainPattern("librocksdbjni[0-9]");
    }

    @Test
    void a_profile_that_is_not_there_is_named() throws IOException, InterruptedException {
        Process process = run(Map.of("SOTTO_PROFILE", "tiny"), "--version");

        assertThat(process.inputReader().readLine())
                .isEqualTo("sotto: SOTTO_PROFILE is to be small, or not set; it is 'tiny'");
        assertThat(process.waitFor()).isEqualTo(2);
    }

    /// Runs the launcher from a shell line, in which `$SOTTO` stands for it.
    private Process shell(Map<String, String> environment, String line) throws IOException {
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", line).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("SOTTO_"));
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("SOTTO", home.resolve("sotto").toString());
        builder.environment().putAll(environment);
        Process process = builder.start();
        processes.add(process);
        return process;
    }

    @Test
    void a_closed_input_is_empty_and_not_a_file_of_the_jvm() throws Exception {
        Process process = shell(Map.of(), "exec sh \"$SOTTO\" passwd ada <&-");

        assertThat(process.inputReader().readAllLines())
                .endsWith("sotto: no password was given")
                .noneMatch(line -> line.contains("$argon2id$") || line.contains("UTF-8"));
        assertThat(process.waitFor()).isEqualTo(1);
    }

    @Test
    void an_argument_beyond_ascii_is_read_in_the_plain_locale_too() throws Exception {
        String line = "echo tea | sh \"$SOTTO\" passwd \"$(printf '\\303\\274')\"";
        Process process = shell(Map.of("LC_ALL", "C"), line);

        assertThat(process.inputReader(StandardCharsets.UTF_8).readAllLines())
                .contains("  - name: 'ü'");
        assertThat(process.waitFor()).isZero();
    }
}
