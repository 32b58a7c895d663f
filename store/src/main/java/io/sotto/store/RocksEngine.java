package io.sotto.store;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/// The engine on RocksDB: a column family per part, one write-ahead log for all of them.
///
/// A batch is made in Java, in the form in which the log holds it, and crosses into native code as
/// one array: once per group, never per message.
public final class RocksEngine implements Engine {
    /// 1: without [Space#PAGES], which opening adds.
    static final int FORMAT = 2;

    private static final int SMALL = 16 * 1024;

    /// More than that is not kept for another batch.
    private static final int LARGE = 4 << 20;

    static final byte[] FORMAT_KEY = {'f', 'o', 'r', 'm', 'a', 't'};

    private final Path folder;
    private final ReadOptions reading;
    private final WriteOptions synced;
    private final WriteOptions unsynced;
    private RocksFiles files;

    /// What the last batch stood in.
    private @Nullable Bytes spare;

    private RocksEngine(Path folder) throws StoreException {
        this.folder = folder;
        this.files = RocksFiles.open(folder);
        this.reading = new ReadOptions();
        this.synced = new WriteOptions().setSync(true);
        this.unsynced = new WriteOptions();
    }

    /// Opens the store in a folder, or begins one there.
    ///
    /// @throws StoreException [StoreException.Kind#REFUSED] when another process has it or it is of
    ///   a newer format, [StoreException.Kind#DAMAGED] when it cannot be read
    public static RocksEngine open(Path folder) throws StoreException {
        folder(folder);
        RocksEngine engine = new RocksEngine(folder);
        try {
            engine.checkFormat();
            return engine;
        } catch (StoreException e) {
            engine.release();
            throw e;
        }
    }

    /// Makes the folder, for its owner alone, where there is none.
    static Path folder(Path folder) throws StoreException {
        try {
            if (!Files.isDirectory(folder)) {
                Files.createDirectories(folder);
                if (Files.getFileStore(folder).supportsFileAttributeView("posix")) {
                    Files.setPosixFilePermissions(
                            folder, PosixFilePermissions.fromString("rwx------"));
                }
            }
            return folder;
        } catch (FileAlreadyExistsException e) {
            throw new StoreException(
                    StoreException.Kind.REFUSED,
                    "cannot make the data folder "
                            + folder
                            + ": "
                            + e.getMessage()
                            + " is no folder",
                    e);
        } catch (NoSuchFileException | AccessDeniedException e) {
            throw new StoreException(
                    StoreException.Kind.REFUSED,
                    "cannot make the data folder " + folder + ": nothing can be made there",
                    e);
        } catch (IOException e) {
            throw new StoreException(
                    StoreException.Kind.REFUSED,
                    "cannot make the data folder " + folder + ": " + e.getMessage(),
                    e);
        }
    }

    private void checkFormat() throws StoreException {
        byte[] format = get(Space.META, FORMAT_KEY);
        if (format == null || isKnown(format) && format[0] < FORMAT) {
            Changes changes = begin();
            changes.put(Space.META, FORMAT_KEY, new byte[] {FORMAT});
            write(changes, true);
        } else if (!isKnown(format)) {
            throw new StoreException(
                    StoreException.Kind.REFUSED,
                    "the data folder "
                            + folder
                            + " was written by a newer Sotto (format "
                            + (format.length == 0 ? 0 : format[0])
                            + ", this one knows "
                            + FORMAT
                            + "): start that one, or restore a backup");
        }
    }

    /// Whether this Sotto can read what has that written in it.
    static boolean isKnown(byte[] format) {
        return format.length == 1 && format[0] >= 1 && format[0] <= FORMAT;
    }

    /// Reads all tables through.
    ///
    /// @throws StoreException [StoreException.Kind#DAMAGED] when one is not whole
    void verify() throws StoreException {
        try {
            files.db().verifyChecksum();
        } catch (RocksDBException e) {
            throw RocksFiles.damaged(e);
        }
    }

    @Override
    public Changes begin() {
        Bytes bytes = spare;
        spare = null;
        return new WireBatch(bytes == null ? new Bytes(SMALL) : bytes);
    }

    @Override
    public void write(Changes changes, boolean sync) throws StoreException {
        WireBatch wire = (WireBatch) changes;
        try (WriteBatch batch = new WriteBatch(wire.finish())) {
            files.db().write(sync ? synced : unsynced, batch);
        } catch (RocksDBException e) {
            throw writing(e);
        }
        if (wire.bytes.capacity() <= LARGE) {
            spare = wire.bytes;
        }
    }

    private static StoreException writing(RocksDBException e) {
        return RocksFiles.isFull(e)
                ? new StoreException(StoreException.Kind.FULL, "the disk is full", e)
                : new StoreException(
                        StoreException.Kind.BROKEN,
                        "a write to the store failed: " + e.getMessage(),
                        e);
    }

    @Override
    public void sync() throws StoreException {
        try {
            files.db().syncWal();
        } catch (RocksDBException e) {
            throw writing(e);
        }
    }

    @Override
    public byte @Nullable [] get(Space space, byte[] key) throws StoreException {
        try {
            return files.db().get(files.family(space), reading, key);
        } catch (RocksDBException e) {
            throw RocksFiles.damaged(e);
        }
    }

    @Override
    public List<byte @Nullable []> getAll(Space space, List<byte[]> keys) {
        List<ColumnFamilyHandle> family = new ArrayList<>(keys.size());
        for (int i = 0; i < keys.size(); i++) {
            family.add(files.family(space));
        }
        try {
            return files.db().multiGetAsList(reading, family, keys);
        } catch (RocksDBException e) {
            return one(space, keys);
        }
    }

    /// The values of keys of which some cannot be read.
    private List<byte @Nullable []> one(Space space, List<byte[]> keys) {
        List<byte @Nullable []> values = new ArrayList<>();
        for (byte[] key : keys) {
            try {
                values.add(files.db().get(files.family(space), reading, key));
            } catch (RocksDBException e) {
                values.add(null);
            }
        }
        return values;
    }

    @Override
    public void scan(Space space, Visitor visitor) throws StoreException {
        files.scan(space, reading, visitor);
    }

    /// Opens the files anew: what stands of a batch that failed is cut off, and the engine takes
    /// writes again. That batch is then written once more, which changes nothing where it was
    /// there.
    @Override
    public void recover() throws StoreException {
        try {
            files.close();
        } catch (RocksDBException e) {
            if (!RocksFiles.isFull(e)) {
                throw writing(e);
            }
            // Want of room is why it is closed: what could not be written any more is in the log.
        }
        files = RocksFiles.open(folder);
    }

    /// @throws StoreException when what was written last may not be on the disk
    @Override
    public void close() throws StoreException {
        try {
            files.close();
        } catch (RocksDBException e) {
            throw writing(e);
        } finally {
            reading.close();
            synced.close();
            unsynced.close();
        }
    }

    /// Closes what cannot be used.
    void release() {
        try {
            close();
        } catch (StoreException e) {
            // Nothing was written, and what is told is why it cannot be used.
            return;
        }
    }

    /// A batch in the form of the write-ahead log.
    ///
    /// ```text
    /// | sequence (8, little-endian) | count (4, little-endian) | records ... |
    /// record: | 5 | family (varint) | length (varint) | key | length (varint) | value |
    ///         | 4 | family (varint) | length (varint) | key |
    /// ```
    private static final class WireBatch implements Changes {
        private static final int HEADER = 12;
        private static final int PUT = 5;
        private static final int DELETE = 4;

        private final Bytes bytes;
        private int count;

        WireBatch(Bytes bytes) {
            this.bytes = bytes;
            bytes.clear();
            bytes.eight(0);
            bytes.four(0);
        }

        @Override
        public void put(Space space, byte[] key, byte[] from, int start, int length) {
            record(PUT, space, key);
            varint(length);
            bytes.put(from, start, length);
        }

        @Override
        public void put(Space space, byte[] key, Value value) {
            int length = value.length();
            record(PUT, space, key);
            varint(length);
            int at = bytes.skip(length);
            value.copyTo(bytes.array(), at);
        }

        @Override
        public void delete(Space space, byte[] key) {
            record(DELETE, space, key);
        }

        private void record(int tag, Space space, byte[] key) {
            count++;
            bytes.one(tag);
            varint(space.id());
            varint(key.length);
            bytes.put(key, 0, key.length);
        }

        private void varint(int value) {
            int rest = value;
            while (rest >= 0x80) {
                bytes.one(rest & 0x7F | 0x80);
                rest >>>= 7;
            }
            bytes.one(rest);
        }

        @Override
        public int count() {
            return count;
        }

        @Override
        public int size() {
            return bytes.size();
        }

        byte[] finish() {
            bytes.four(HEADER - Integer.BYTES, Integer.reverseBytes(count));
            return bytes.copy();
        }
    }
}
