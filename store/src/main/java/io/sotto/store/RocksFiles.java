package io.sotto.store;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.RocksObject;
import org.rocksdb.Status;
import org.rocksdb.WALRecoveryMode;

/// The files of a RocksDB store while they are open, with the options that they were opened with.
final class RocksFiles implements AutoCloseable {
    // Nothing of RocksDB is used but with files that are opened here.
    static {
        RocksLibrary.load();
    }

    private static final long CACHE = 16 << 20;
    private static final long MEMTABLES = 64 << 20;

    private final RocksDB db;
    private final List<ColumnFamilyHandle> families;
    private final List<RocksObject> options;

    private RocksFiles(RocksDB db, List<ColumnFamilyHandle> families, List<RocksObject> options) {
        this.db = db;
        this.families = families;
        this.options = options;
    }

    static RocksFiles open(Path folder) throws StoreException {
        return open(folder, options(), RocksDB::open);
    }

    /// Opens what was written until now, for reading alone; another process may have it open.
    static RocksFiles openToRead(Path folder) throws StoreException {
        // All tables are held open, so that they are there although the other process drops them.
        return open(
                folder,
                options().setCreateIfMissing(false).setMaxOpenFiles(-1),
                RocksDB::openReadOnly);
    }

    /// How to open: one of RocksDB's own ways.
    private interface Opening {
        RocksDB open(
                DBOptions options,
                String folder,
                List<ColumnFamilyDescriptor> parts,
                List<ColumnFamilyHandle> families)
                throws RocksDBException;
    }

    private static RocksFiles open(Path folder, DBOptions whole, Opening opening)
            throws StoreException {
        List<RocksObject> options = new ArrayList<>();
        options.add(whole);
        try {
            List<Space> spaces =
                    whole.createIfMissing() ? List.of(Space.values()) : spaces(folder, options);
            List<ColumnFamilyDescriptor> parts = new ArrayList<>();
            parts.add(family("default", options));
            for (Space space : spaces) {
                parts.add(family(name(space), options));
            }
            List<ColumnFamilyHandle> families = new ArrayList<>();
            RocksDB db = opening.open(whole, folder.toString(), parts, families);
            return new RocksFiles(db, families, options);
        } catch (RocksDBException e) {
            options.forEach(RocksObject::close);
            throw refusal(e, folder);
        }
    }

    /// The parts that there are: an older Sotto knew fewer.
    private static List<Space> spaces(Path folder, List<RocksObject> options)
            throws RocksDBException {
        Options plain = new Options();
        options.add(plain);
        Set<String> names = new HashSet<>();
        for (byte[] name : RocksDB.listColumnFamilies(plain, folder.toString())) {
            names.add(new String(name, StandardCharsets.US_ASCII));
        }
        List<Space> spaces = new ArrayList<>(List.of(Space.values()));
        spaces.removeIf(space -> space == Space.PAGES && !names.contains(name(space)));
        return spaces;
    }

    private static String name(Space space) {
        return space.name().toLowerCase(Locale.ROOT);
    }

    /// Opens what is damaged, for reading alone: what cannot be read is found when it is.
    static RocksFiles openDamaged(Path folder) throws StoreException {
        Properties lax = new Properties();
        lax.setProperty("verify_sst_unique_id_in_manifest", "false");
        return open(
                folder,
                options(DBOptions.getDBOptionsFromProps(lax))
                        .setCreateIfMissing(false)
                        .setParanoidChecks(false),
                RocksDB::openReadOnly);
    }

    private static DBOptions options() {
        return options(new DBOptions());
    }

    private static DBOptions options(DBOptions from) {
        // Point in time: a torn tail is cut to the last whole batch, as after a power cut.
        return from.setCreateIfMissing(true)
                .setCreateMissingColumnFamilies(true)
                .setParanoidChecks(true)
                .setWalRecoveryMode(WALRecoveryMode.PointInTimeRecovery)
                .setDbWriteBufferSize(MEMTABLES)
                .setMaxTotalWalSize(4 * MEMTABLES)
                .setMaxBackgroundJobs(2)
                .setMaxOpenFiles(256)
                .setKeepLogFileNum(3)
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL);
    }

    private static ColumnFamilyDescriptor family(String name, List<RocksObject> options) {
        LRUCache cache = new LRUCache(CACHE);
        BloomFilter filter = new BloomFilter(10);
        ColumnFamilyOptions family =
                new ColumnFamilyOptions()
                        .setWriteBufferSize(MEMTABLES / 4)
                        .setMaxWriteBufferNumber(4)
                        .setCompressionType(CompressionType.LZ4_COMPRESSION)
                        .setTableFormatConfig(
                                new BlockBasedTableConfig()
                                        .setBlockCache(cache)
                                        .setFilterPolicy(filter));
        options.addAll(List.of(cache, filter, family));
        return new ColumnFamilyDescriptor(name.getBytes(StandardCharsets.US_ASCII), family);
    }

    private static StoreException refusal(RocksDBException e, Path folder) {
        String words = String.valueOf(e.getMessage());
        if (isFull(e)) {
            return new StoreException(StoreException.Kind.FULL, "the disk is full", e);
        }
        if (words.contains("While lock file") || words.contains("lock hold by")) {
            return new StoreException(
                    StoreException.Kind.REFUSED,
                    "another process has the data folder "
                            + folder
                            + ": stop it, or name another folder with --data",
                    e);
        }
        if (words.contains("Column families not opened")) {
            return new StoreException(
                    StoreException.Kind.REFUSED,
                    "the data folder "
                            + folder
                            + " was written by a newer Sotto, with parts that this one does not"
                            + " know: start that one, or restore a backup",
                    e);
        }
        return new StoreException(
                StoreException.Kind.DAMAGED,
                "the store in " + folder + " cannot be read: " + words,
                e);
    }

    static boolean isFull(RocksDBException e) {
        Status status = e.getStatus();
        return status != null && status.getSubCode() == Status.SubCode.NoSpace
                || String.valueOf(e.getMessage()).contains("No space left");
    }

    RocksDB db() {
        return db;
    }

    /// Shows all pairs of a part in the order of their keys.
    void scan(Space space, ReadOptions reading, Engine.Visitor visitor) throws StoreException {
        if (!has(space)) {
            return;
        }
        try (RocksIterator all = db.newIterator(family(space), reading)) {
            for (all.seekToFirst(); all.isValid(); all.next()) {
                visitor.see(all.key(), all.value());
            }
            all.status();
        } catch (RocksDBException e) {
            throw damaged(e);
        }
    }

    static StoreException damaged(RocksDBException e) {
        return new StoreException(
                StoreException.Kind.DAMAGED, "the store is damaged: " + e.getMessage(), e);
    }

    /// The parts that there are.
    List<Space> spaces() {
        return Arrays.stream(Space.values()).filter(this::has).toList();
    }

    private boolean has(Space space) {
        return space.id() < families.size();
    }

    ColumnFamilyHandle family(Space space) {
        return families.get(space.id());
    }

    @Override
    public void close() throws RocksDBException {
        families.forEach(ColumnFamilyHandle::close);
        try {
            db.closeE();
        } finally {
            options.forEach(RocksObject::close);
        }
    }
}
