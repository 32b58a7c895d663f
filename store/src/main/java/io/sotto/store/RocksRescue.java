package io.sotto.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.CompressionType;
import org.rocksdb.EnvOptions;
import org.rocksdb.LiveFileMetaData;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.SstFileReader;
import org.rocksdb.SstFileWriter;

/// A store with damaged tables, read as far as it can be and written anew.
///
/// Where a block is damaged, what lies between the last key before it and the first key behind it
/// is left out, in whatever table it is: so nothing comes back that was deleted in that block. A
/// table that cannot be opened at all is left out as a whole; what it had replaced or deleted in
/// older tables may then be back.
final class RocksRescue {
    /// The end of a table of version 5, in bytes: all other places are told from the beginning.
    private static final int FOOTER = 53;

    private final Path folder;
    private final List<String> sentences = new ArrayList<>();

    private RocksRescue(Path folder) {
        this.folder = folder;
    }

    /// Whether it may be that the store can be read but for tables: not where one is missing.
    static boolean isOfTables(StoreException e) {
        return e.kind() == StoreException.Kind.DAMAGED
                && !String.valueOf(e.getMessage()).contains("No such file");
    }

    /// Puts a store that is whole in the place of one that nobody has open.
    ///
    /// @param found what was found when it was opened
    /// @return a sentence for each thing that is left out
    /// @throws StoreException the same where no table is damaged
    static List<String> run(Path folder, StoreException found) throws StoreException {
        RocksRescue rescue = new RocksRescue(folder);
        try {
            rescue.keepAside();
            if (rescue.sentences.isEmpty()) {
                throw found;
            }
            rescue.copy();
            RescuedFolder.finish(folder);
        } catch (IOException | RocksDBException e) {
            throw new StoreException(
                    StoreException.Kind.DAMAGED,
                    "the store in " + folder + " is damaged and cannot be read: " + e.getMessage(),
                    e);
        }
        return rescue.sentences;
    }

    /// Copies what is damaged, and puts an empty table in the place of each that cannot be opened.
    private void keepAside() throws StoreException, IOException, RocksDBException {
        List<LiveFileMetaData> tables;
        try (RocksFiles files = RocksFiles.openDamaged(folder)) {
            tables = files.db().getLiveFilesMetaData();
        }
        Path aside = Files.createDirectories(folder.resolve("quarantine"));
        for (LiveFileMetaData table : tables) {
            Path file = folder.resolve(table.fileName().replaceFirst("^/", ""));
            boolean opened = false;
            try (Options options = new Options();
                    SstFileReader reader = new SstFileReader(options)) {
                reader.open(file.toString());
                opened = true;
                reader.verifyChecksum();
            } catch (RocksDBException e) {
                Path kept = RescuedFolder.fresh(aside.resolve(file.getFileName()));
                Files.copy(file, kept);
                sentences.add(sentence(table, kept, e));
                if (!opened) {
                    substitute(file, table.smallestKey());
                    sentences.add(gap(part(table), table.smallestKey(), table.largestKey()));
                }
            }
        }
    }

    private static Space part(LiveFileMetaData table) {
        String name = new String(table.columnFamilyName(), StandardCharsets.US_ASCII);
        return Space.valueOf(name.toUpperCase(Locale.ROOT));
    }

    private static String sentence(LiveFileMetaData table, Path kept, RocksDBException e) {
        return "the table %s with %,d records of %s is damaged: %s; it is kept as %s"
                .formatted(
                        table.fileName().replaceFirst("^/", ""),
                        table.numEntries(),
                        part(table),
                        e.getMessage(),
                        kept);
    }

    /// A table of the same size, which the list of tables asks for, that deletes what is lost
    /// anyway.
    private static void substitute(Path file, byte[] key) throws IOException, RocksDBException {
        int size = Math.toIntExact(Files.size(file));
        Files.delete(file);
        try (EnvOptions environment = new EnvOptions();
                Options options =
                        new Options()
                                .setCompressionType(CompressionType.NO_COMPRESSION)
                                .setTableFormatConfig(
                                        new BlockBasedTableConfig().setFormatVersion(5));
                SstFileWriter writer = new SstFileWriter(environment, options)) {
            writer.open(file.toString());
            writer.delete(key);
            writer.finish();
        }
        byte[] table = Files.readAllBytes(file);
        if (table.length > size) {
            throw new IOException(file + " is too small to be replaced");
        }
        byte[] padded = new byte[size];
        int before = table.length - FOOTER;
        System.arraycopy(table, 0, padded, 0, before);
        System.arraycopy(table, before, padded, size - FOOTER, FOOTER);
        Files.write(file, padded);
    }

    private void copy() throws StoreException, IOException, RocksDBException {
        Path part = folder.resolve(RescuedFolder.PART);
        RescuedFolder.delete(part);
        try (RocksFiles files = RocksFiles.openDamaged(folder);
                ReadOptions reading = new ReadOptions();
                RocksEngine whole = RocksEngine.open(part)) {
            StoreFolder.Filling filling = new StoreFolder.Filling(whole);
            for (Space space : files.spaces()) {
                try (RocksIterator all = files.db().newIterator(files.family(space), reading)) {
                    copy(space, all, filling);
                }
            }
            filling.flush();
        }
        RescuedFolder.complete(folder);
    }

    /// All pairs from the beginning, and from the end back to where it is damaged.
    private void copy(Space space, RocksIterator all, StoreFolder.Filling filling)
            throws StoreException {
        byte[] last = null;
        for (all.seekToFirst(); all.isValid(); all.next()) {
            last = all.key();
            filling.put(space, last, all.value());
        }
        try {
            all.status();
            return;
        } catch (RocksDBException e) {
            byte[] first = null;
            for (all.seekToLast(); all.isValid() && isBehind(all.key(), last); all.prev()) {
                first = all.key();
                filling.put(space, first, all.value());
            }
            if (space == Space.PAGES && last != null && Page.isContent(last)) {
                // Which of its messages have ended may have stood in what is lost.
                filling.leaveOut(space, last);
            }
            sentences.add(gap(space, last, first));
        }
    }

    private static boolean isBehind(byte[] key, byte @Nullable [] last) {
        return last == null || Arrays.compareUnsigned(key, last) > 0;
    }

    private static String gap(Space space, byte @Nullable [] from, byte @Nullable [] to) {
        return "of %s, what it held from %s to %s is left out, acknowledged or not"
                .formatted(
                        space,
                        from == null ? "the beginning" : space.describe(from),
                        to == null ? "the end" : space.describe(to));
    }
}
