package io.sotto.server.doctor;

import io.sotto.broker.Keeping;
import io.sotto.broker.spi.Durability;
import io.sotto.store.StoreException;
import io.sotto.store.StoreFolder;
import io.sotto.store.StoreSettings;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// What is kept: how surely, where, whether there is room, and whether it is whole.
final class StoreChecks {
    private static final String AREA = "store";
    private static final long MEBIBYTE = 1 << 20;

    /// With less than this above the reserve, a queue of a day away may fill the disk.
    private static final long LITTLE = 1024 * MEBIBYTE;

    private StoreChecks() {}

    static void run(StoreSettings settings, Keeping keeping, Host host, List<Finding> findings) {
        Path folder = settings.folder();
        findings.add(durability(settings.durability(), ""));
        keeping.listeners()
                .forEach((name, other) -> findings.add(durability(other, "listener " + name)));
        keeping.topics()
                .forEach(each ->
                        findings.add(durability(each.durability(), "topics " + each.filter())));
        if (settings.durability() == Durability.MEMORY && keeping.isFleeting()) {
            return;
        }
        Path nearest = nearest(folder.toAbsolutePath());
        if (Files.exists(nearest) && !Files.isDirectory(nearest)) {
            findings.add(
                    Finding.problem(
                            AREA,
                            nearest + " is no folder",
                            "choose another folder: ./sotto serve --data DIR"));
            return;
        }
        if (!Files.isWritable(nearest)) {
            findings.add(
                    Finding.problem(
                            AREA,
                            "this user may not write to " + nearest,
                            "sudo chown -R $(id -un) " + nearest + ", or choose another folder"));
            return;
        }
        findings.add(room(nearest, settings.reserve()));
        if (Files.exists(folder.resolve("CURRENT"))) {
            lock(folder, host).ifPresent(findings::add);
            findings.add(wholeness(folder));
        } else {
            findings.add(
                    Finding.ok(
                            AREA, "there is none in " + folder + " yet; the first start makes it"));
        }
    }

    /// @param whose that of what it is, empty for all else
    static Finding durability(Durability durability, String whose) {
        String of = whose.isEmpty() ? "" : whose + ": ";
        return switch (durability) {
            case SYNC ->
                    Finding.ok(
                            "durability",
                            of
                                    + "sync: what is acknowledged at QoS 1 and 2 is on the disk and outlives a"
                                    + " crash and a power cut");
            case ASYNC ->
                    Finding.warning(
                            "durability",
                            of
                                    + "async: what is acknowledged is on the disk within 100 ms; a crash"
                                    + " before that may take it",
                            "durability: sync, if a power cut may take nothing");
            case MEMORY ->
                    Finding.warning(
                            "durability",
                            of + "memory: nothing outlives the broker, acknowledged or not",
                            "durability: sync, if anything is to be kept");
        };
    }

    /// The folder, or the nearest above that is there.
    private static Path nearest(Path folder) {
        Path found = folder;
        while (!Files.exists(found) && found.getParent() != null) {
            found = found.getParent();
        }
        return found;
    }

    private static Finding room(Path folder, long reserve) {
        try {
            FileStore disk = Files.getFileStore(folder);
            return room(folder, disk.getUsableSpace(), reserve);
        } catch (IOException e) {
            return Finding.warning(
                    "disk", "nobody says how much room there is for " + folder, "df -h " + folder);
        }
    }

    static Finding room(Path folder, long free, long reserve) {
        String found =
                "%,d MiB free for %s, of which %,d are left free (store.reserve)"
                        .formatted(free / MEBIBYTE, folder, reserve / MEBIBYTE);
        if (free <= reserve) {
            return Finding.problem(
                    "disk",
                    found + ": what has to be kept is refused",
                    "make room, or set data to a folder on another disk");
        }
        return free - reserve < LITTLE
                ? Finding.warning("disk", found, "df -h " + folder)
                : Finding.ok("disk", found);
    }

    private static Optional<Finding> lock(Path folder, Host host) {
        Optional<Host.Holder> holder = host.locker(folder.resolve("LOCK"));
        return holder.map(who ->
                who.isSotto()
                        ? Finding.ok(AREA, folder + " is in use by a Sotto that runs, " + who)
                        : Finding.warning(
                                AREA,
                                folder + " is in use by " + who + "; only one broker can be",
                                "stop it (kill %d), or choose another folder"
                                        .formatted(who.pid())));
    }

    private static Finding wholeness(Path folder) {
        try {
            List<String> damages = StoreFolder.check(folder);
            if (damages.isEmpty()) {
                return Finding.ok(AREA, "all of " + folder + " is whole");
            }
            return Finding.problem(
                    AREA,
                    "%d damages, the first: %s".formatted(damages.size(), damages.getFirst()),
                    "./sotto store check --data "
                            + folder
                            + " lists them; docs/durability.md says"
                            + " what becomes of them");
        } catch (StoreException e) {
            return Finding.problem(
                    AREA,
                    String.valueOf(e.getMessage()),
                    "docs/durability.md says what can be done");
        }
    }
}
