package io.sotto.store;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The list of tables, without which nothing can be told from what was deleted; so there is a
/// second copy of it, which follows it within a second.
///
/// Both are the same row of bytes. Where the list is damaged, what the copy has stands in for the
/// same bytes, and only what was written in the last second has no second place.
final class Manifest {
    private static final String CURRENT = "CURRENT";
    private static final String NAME = "MANIFEST-\\d+";

    private final Path folder;
    private final Path mirror;

    Manifest(Path folder) {
        this.folder = folder;
        this.mirror = folder.resolve("mirror");
    }

    private @Nullable Path file() throws IOException {
        try {
            String line = Files.readString(folder.resolve(CURRENT));
            return line.matches(NAME + "\n") ? folder.resolve(line.strip()) : null;
        } catch (NoSuchFileException | CharacterCodingException e) {
            return null;
        }
    }

    /// Lets the copy follow.
    void follow() throws IOException {
        Path file = file();
        if (file == null) {
            return;
        }
        Files.createDirectories(mirror);
        Path copy = mirror.resolve(file.getFileName());
        long there = Files.exists(copy) ? Files.size(copy) : 0;
        try {
            if (Files.size(file) > there) {
                byte[] all = Files.readAllBytes(file);
                Files.write(
                        copy,
                        Arrays.copyOfRange(all, (int) there, all.length),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.APPEND);
            }
        } catch (NoSuchFileException e) {
            // Another one has just taken its place, and is followed the next time.
            return;
        }
        for (Path old : list(mirror)) {
            if (!old.equals(copy)) {
                Files.delete(old);
            }
        }
    }

    private static List<Path> list(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().matches(NAME)).toList();
        }
    }

    /// Names the list again where CURRENT, which does, is damaged; a sentence where it was.
    @Nullable String restoreName() throws IOException {
        Path file = file();
        boolean names = file != null && Files.exists(file);
        if (names || !Files.exists(folder.resolve(CURRENT))) {
            return null;
        }
        List<Path> lists = list(folder);
        if (lists.size() != 1) {
            return null;
        }
        Path fresh = folder.resolve(CURRENT + ".new");
        Files.writeString(fresh, lists.getFirst().getFileName() + "\n");
        Files.move(fresh, folder.resolve(CURRENT), StandardCopyOption.ATOMIC_MOVE);
        return "the file CURRENT is damaged: it names "
                + lists.getFirst().getFileName()
                + " again, and nothing is lost";
    }

    /// Puts the list together again from both.
    ///
    /// @return a sentence, or null where that cannot be done
    @Nullable String restore(LogFile.Flaw flaw) throws IOException {
        Path copy = mirror.resolve(flaw.file().getFileName());
        if (!Files.exists(copy)) {
            return null;
        }
        byte[] second = Files.readAllBytes(copy);
        if (second.length <= flaw.at()) {
            return null;
        }
        byte[] damaged = Files.readAllBytes(flaw.file());
        byte[] list = Arrays.copyOf(damaged, Math.max(damaged.length, second.length));
        System.arraycopy(second, 0, list, 0, second.length);
        Path fresh = folder.resolve("MANIFEST.new");
        Files.write(fresh, list);
        LogFile.Flaw left = LogFile.check(fresh);
        if (left != null && !left.torn()) {
            Files.delete(fresh);
            return null;
        }
        Path aside = Files.createDirectories(folder.resolve("quarantine"));
        Path kept = RescuedFolder.fresh(aside.resolve(flaw.file().getFileName()));
        Files.copy(flaw.file(), kept);
        Files.move(fresh, flaw.file(), StandardCopyOption.ATOMIC_MOVE);
        return "the list of tables %s was damaged at byte %d: it is restored from its second copy, and nothing is lost; the damaged file is kept as %s"
                .formatted(flaw.file(), flaw.at(), kept);
    }
}
