package io.sotto.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/// Folders for processes that outlive a test, where JUnit's `@TempDir` does not reach.
public final class TemporaryFolders {
    private TemporaryFolders() {}

    /// A new one, which is deleted with all that is in it when this JVM ends. What uses it has
    /// ended before.
    public static Path untilTheEnd(String prefix) throws IOException {
        Path folder = Files.createTempDirectory(prefix);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
        return folder;
    }

    /// Deletes one, with all that is in it.
    public static void delete(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        } catch (IOException inUse) {
            throw new UncheckedIOException("cannot delete " + folder, inUse);
        }
    }
}
