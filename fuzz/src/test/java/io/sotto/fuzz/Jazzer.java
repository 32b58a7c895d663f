package io.sotto.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/// Jazzer in a JVM of its own, as it changes classes while they are loaded.
final class Jazzer {
    private static final int LINES_OF_A_FAILURE = 60;

    /// A shorter search is over before the better compiler has paid for itself.
    private static final long LONG_SEARCH = 30;

    private final Target target;
    private final Path work;

    /// @param work a directory for what it finds: inputs of new coverage, failures, its log
    Jazzer(Target target, Path work) {
        this.target = target;
        this.work = work;
    }

    private Path inputs() {
        return work.resolve("inputs");
    }

    private Path log() {
        return work.resolve("log");
    }

    /// Looks for failures for a while.
    ///
    /// @return what failed and with which input, or an empty text
    String search(long seconds) throws IOException, InterruptedException {
        Corpus.of(target).unpackInto(inputs());
        int compiler = seconds < LONG_SEARCH ? 1 : 4;
        int status =
                run(
                        compiler,
                        List.of(
                                "-max_total_time=" + seconds,
                                "-print_final_stats=1",
                                inputs().toString()));
        return status == 0 ? "" : failure();
    }

    /// Keeps as few and as short inputs of those found as reach all that they reach together.
    void minimize() throws IOException, InterruptedException {
        Path least = Files.createTempDirectory(work, "least");
        if (run(1, List.of("-merge=1", least.toString(), inputs().toString())) != 0) {
            throw new IOException("the corpus cannot be merged, see " + log());
        }
        Corpus.of(target).pack(least);
    }

    /// @param compiler the highest level at which the JVM compiles
    private int run(int compiler, List<String> arguments) throws IOException, InterruptedException {
        Files.createDirectories(work);
        Path noHosts = Files.write(work.resolve("no-hosts"), new byte[0]);
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of(
                        "-ea",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=" + compiler,
                        "-XX:+EnableDynamicAgentLoading",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-Djdk.net.hosts.file=" + noHosts,
                        "-cp",
                        System.getProperty("java.class.path"),
                        "com.code_intelligence.jazzer.Jazzer"));
        command.addAll(target.arguments());
        command.add("--reproducer_path=" + work);
        command.add("-artifact_prefix=" + work + "/");
        command.addAll(arguments);
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log().toFile())
                .start()
                .waitFor();
    }

    private String failure() throws IOException {
        List<String> lines = Files.readAllLines(log());
        StringBuilder text = new StringBuilder();
        lines.stream()
                .skip(Math.max(0, lines.size() - LINES_OF_A_FAILURE))
                .forEach(line -> text.append(line).append('\n'));
        try (Stream<Path> files = Files.list(work)) {
            for (Path file : files.filter(file -> file.toString().contains("crash-")).toList()) {
                text.append("input: ")
                        .append(HexFormat.of().formatHex(Files.readAllBytes(file)))
                        .append('\n');
            }
        }
        return text.toString();
    }
}
