package io.sotto.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/// The inputs that are kept for a target: `fuzz/corpus/TARGET.hex`, one a line in hex, the shortest
/// first. Jazzer wants them as files of a directory.
final class Corpus {
    private static final HexFormat HEX = HexFormat.of();

    private final Path file;

    private Corpus(Path file) {
        this.file = file;
    }

    static Corpus of(Target target) {
        return new Corpus(Path.of("corpus", target.word() + ".hex"));
    }

    List<byte[]> inputs() throws IOException {
        List<byte[]> inputs = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            inputs.add(HEX.parseHex(line));
        }
        return inputs;
    }

    /// Writes each input to a file of its own.
    void unpackInto(Path directory) throws IOException {
        Files.createDirectories(directory);
        int number = 0;
        for (byte[] input : inputs()) {
            Files.write(directory.resolve("kept-" + number++), input);
        }
    }

    /// Keeps the inputs of a directory instead.
    void pack(Path directory) throws IOException {
        List<String> lines = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path input : files.sorted().toList()) {
                lines.add(HEX.formatHex(Files.readAllBytes(input)));
            }
        }
        lines.sort((a, b) -> a.length() == b.length() ? a.compareTo(b) : a.length() - b.length());
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.write(file, lines.stream().distinct().toList());
    }
}
