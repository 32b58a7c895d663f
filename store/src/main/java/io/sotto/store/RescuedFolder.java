package io.sotto.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// Puts the files of a store that was written anew in the place of the old ones, so that a process
/// that ends in between goes on at its next start.
///
/// ```text
/// rescued.part   is being written; worth nothing
/// rescued        is complete: the old files may go, CURRENT first
/// rescued/MOVES  the old files are gone: what is here moves up, CURRENT last
/// ```
final class RescuedFolder {
    static final String PART = "rescued.part";
    private static final String WHOLE = "rescued";
    private static final String MOVES = "MOVES";
    private static final String CURRENT = "CURRENT";

    /// Of the files in a data folder those of the engine.
    private static final String ENGINE =
            "CURRENT|IDENTITY|(MANIFEST|OPTIONS)-\\d+|LOG.*|\\d+\\.(sst|log)";

    private RescuedFolder() {}

    /// What is written is complete.
    static void complete(Path folder) throws IOException {
        Files.move(folder.resolve(PART), folder.resolve(WHOLE), StandardCopyOption.ATOMIC_MOVE);
    }

    /// Goes on with what is complete, where anything is.
    static void finish(Path folder) throws IOException {
        Path whole = folder.resolve(WHOLE);
        if (!Files.isDirectory(whole)) {
            return;
        }
        Path moves = whole.resolve(MOVES);
        if (!Files.exists(moves)) {
            Files.deleteIfExists(folder.resolve(CURRENT));
            for (Path old : engineFiles(folder)) {
                Files.delete(old);
            }
            Files.createFile(moves);
        }
        for (Path file : engineFiles(whole)) {
            if (!file.endsWith(CURRENT)) {
                move(file, folder);
            }
        }
        if (Files.exists(whole.resolve(CURRENT))) {
            move(whole.resolve(CURRENT), folder);
        }
        delete(whole);
    }

    private static void move(Path file, Path folder) throws IOException {
        Files.move(file, folder.resolve(file.getFileName()), StandardCopyOption.ATOMIC_MOVE);
    }

    private static List<Path> engineFiles(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().matches(ENGINE)).toList();
        }
    }

    /// Deletes a folder with all that is in it, where it is there.
    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            all.sorted(Comparator.reverseOrder()).forEach(RescuedFolder::deleteOne);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static void deleteOne(Path path) {
        try {
            Files.delete(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The same place, or one beside it where something is already: of two damages, both are kept.
    static Path fresh(Path wanted) {
        Path free = wanted;
        for (int i = 2; Files.exists(free); i++) {
            free = wanted.resolveSibling(wanted.getFileName() + "-" + i);
        }
        return free;
    }
}
