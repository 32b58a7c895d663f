package io.sotto.house;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// A Java file by its path below the project's root, with its text.
record SourceFile(String path, String text) {

    /// Every Java file that is kept in the project, sorted by path.
    static List<SourceFile> ofProject() {
        Path root = projectRoot();
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> isSource(root.relativize(file)))
                    .sorted()
                    .map(file -> read(root, file))
                    .toList();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /// The directory with the Maven wrapper, at or above the working directory.
    static Path projectRoot() {
        Path start = Path.of("").toAbsolutePath();
        for (Path at = start; at != null; at = at.getParent()) {
            if (Files.exists(at.resolve("mvnw"))) {
                return at;
            }
        }
        throw new IllegalStateException("no project root at or above " + start);
    }

    /// The module's directory, the first part of the path.
    String module() {
        return path.substring(0, path.indexOf('/'));
    }

    /// Whether this is product code rather than a test or a tool of the tests.
    boolean isProduct() {
        return path.contains("/src/main/")
                && !List.of("testkit", "conformance", "house", "interop", "fuzz", "kernels")
                        .contains(module());
    }

    private static boolean isSource(Path relative) {
        String name = relative.toString();
        return name.endsWith(".java")
                && name.contains("src/")
                && !name.contains("target/")
                && !name.contains("node_modules/");
    }

    private static SourceFile read(Path root, Path file) {
        try {
            String name = root.relativize(file).toString().replace('\\', '/');
            return new SourceFile(name, Files.readString(file));
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
