package io.sotto.store;

import io.sotto.broker.spi.EventLog;
import io.sotto.broker.spi.EventLog.Severity;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What is not whole in the logs of a store that is about to be opened, and what becomes of it. The
/// engine then goes on with all that was written before.
final class LogDamage {
    private final Path folder;
    private final List<LogFile.Flaw> flaws = new ArrayList<>();
    private final List<String> restored = new ArrayList<>();

    private LogDamage(Path folder) {
        this.folder = folder;
    }

    /// Reads the logs of a folder, which nobody has open.
    ///
    /// @param mends whether the list of tables is put together again where it can be
    /// @throws StoreException [StoreException.Kind#DAMAGED] when the list of the tables is not
    ///   whole: without it nothing can be told from what was deleted
    static LogDamage find(Path folder, boolean mends) throws StoreException {
        LogDamage damage = new LogDamage(folder);
        try {
            damage.checkManifest(mends ? new Manifest(folder) : null);
            damage.checkLogs();
        } catch (IOException e) {
            throw new StoreException(
                    StoreException.Kind.DAMAGED,
                    "the store in " + folder + " cannot be read: " + e.getMessage(),
                    e);
        }
        return damage;
    }

    private void checkManifest(@Nullable Manifest mender) throws IOException, StoreException {
        LogFile.Flaw flaw;
        String mended = mender == null ? null : mender.restoreName();
        if (mended != null) {
            restored.add(mended);
        }
        try {
            flaw =
                    LogFile.check(
                            folder.resolve(Files.readString(folder.resolve("CURRENT")).strip()));
        } catch (NoSuchFileException | InvalidPathException | CharacterCodingException e) {
            // A folder without a store, or the engine says what is missing.
            return;
        }
        if (flaw == null) {
            return;
        }
        mended = mender == null ? null : mender.restore(flaw);
        if (mended != null) {
            restored.add(mended);
        } else if (flaw.torn()) {
            flaws.add(flaw);
        } else {
            throw new StoreException(
                    StoreException.Kind.DAMAGED,
                    "the list of tables "
                            + flaw.file()
                            + " is damaged at byte "
                            + flaw.at()
                            + ": restore a backup"
                            + (mender == null
                                    ? ", or start with store.damaged: serve, which tries to put it together again"
                                    : ""));
        }
    }

    private void checkLogs() throws IOException {
        List<Path> logs = logs();
        for (Path log : logs) {
            LogFile.Flaw flaw = LogFile.check(log);
            if (flaw != null) {
                boolean followed =
                        logs.stream()
                                .anyMatch(other ->
                                        number(other) > number(log) && other.toFile().length() > 0);
                flaws.add(
                        new LogFile.Flaw(
                                log,
                                flaw.at(),
                                flaw.size(),
                                flaw.groups(),
                                flaw.torn() && !followed));
            }
        }
    }

    private List<Path> logs() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().matches(".*[/\\\\]\\d+\\.log"))
                    .sorted(Comparator.comparingLong(LogDamage::number))
                    .toList();
        }
    }

    /// Logs follow one another by their numbers, which have six digits at least.
    private static long number(Path log) {
        return Long.parseLong(log.getFileName().toString().replace(".log", ""));
    }

    private List<LogFile.Flaw> damaged() {
        return flaws.stream().filter(flaw -> !flaw.torn()).toList();
    }

    /// What is damaged; what merely ends within a group is not.
    List<String> sentences() {
        return damaged().stream().map(LogDamage::sentence).toList();
    }

    /// Refuses to go on with what is left, where that is not all.
    void refuse() throws StoreException {
        if (!damaged().isEmpty()) {
            throw new StoreException(
                    StoreException.Kind.DAMAGED,
                    sentences(damaged())
                            + ": restore a backup, or start with store.damaged: serve to go on"
                            + " with what was written before");
        }
    }

    /// Copies damaged logs, and those that follow, to where nobody clears them away.
    void keepAside() throws StoreException {
        if (damaged().isEmpty()) {
            return;
        }
        try {
            Path aside = Files.createDirectories(folder.resolve("quarantine"));
            Path first = damaged().getFirst().file();
            for (Path log : logs()) {
                if (number(log) >= number(first)) {
                    Files.copy(
                            log,
                            aside.resolve(log.getFileName()),
                            StandardCopyOption.REPLACE_EXISTING);
                }
            }
        } catch (IOException e) {
            throw new StoreException(
                    StoreException.Kind.DAMAGED,
                    sentences(damaged()) + ", and cannot be kept aside: " + e.getMessage(),
                    e);
        }
    }

    /// Says what is left out.
    void tell(EventLog events) {
        for (String sentence : restored) {
            events.event(Severity.ERROR, "store: " + sentence);
        }
        for (LogFile.Flaw flaw : flaws) {
            if (flaw.torn()) {
                events.event(
                        Severity.WARNING,
                        "store: %s ends within a group, at byte %d of %d: it was being written as the broker ended, and is left out"
                                .formatted(flaw.file(), flaw.at(), flaw.size()));
            } else {
                events.event(
                        Severity.ERROR,
                        "store: %s: all that was written from there on is left out, acknowledged or not; the file is kept in %s"
                                .formatted(sentence(flaw), folder.resolve("quarantine")));
            }
        }
    }

    private static String sentences(List<LogFile.Flaw> flaws) {
        return flaws.stream().map(LogDamage::sentence).collect(Collectors.joining("; "));
    }

    private static String sentence(LogFile.Flaw flaw) {
        return "the log %s is damaged at byte %d of %d, with %d whole groups behind"
                .formatted(flaw.file(), flaw.at(), flaw.size(), flaw.groups());
    }
}
