package io.sotto.store;

import io.sotto.broker.spi.Message;
import io.sotto.broker.spi.Recovery;
import io.sotto.broker.spi.SessionStore.Grant;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;

/// A store that is looked at and not changed: all that was written when it was opened, also while a
/// broker goes on writing to it.
public final class StoreFolder implements AutoCloseable {
    /// A broker that drops a table while it is opened here makes that fail; the next time it is not
    /// named any more.
    private static final int TRIES = 5;

    /// Bytes in one batch of a copy.
    private static final int BATCH = 4 << 20;

    private final Path folder;
    private final RocksFiles files;
    private final ReadOptions reading = new ReadOptions();

    private StoreFolder(Path folder, RocksFiles files) {
        this.folder = folder;
        this.files = files;
    }

    /// Opens the store of a folder.
    ///
    /// @throws StoreException [StoreException.Kind#REFUSED] when there is none, or it is of another
    ///   format, [StoreException.Kind#DAMAGED] when it cannot be read
    public static StoreFolder open(Path folder) throws StoreException {
        if (!Files.exists(folder.resolve("CURRENT"))) {
            throw new StoreException(StoreException.Kind.REFUSED, "there is no store in " + folder);
        }
        StoreFolder opened = new StoreFolder(folder, files(folder));
        try {
            opened.checkFormat();
        } catch (StoreException e) {
            opened.close();
            throw e;
        }
        return opened;
    }

    private static RocksFiles files(Path folder) throws StoreException {
        for (int tried = 1; ; tried++) {
            try {
                return RocksFiles.openToRead(folder);
            } catch (StoreException e) {
                if (tried == TRIES || !String.valueOf(e.getMessage()).contains("No such file")) {
                    throw e;
                }
            }
        }
    }

    private void checkFormat() throws StoreException {
        byte[] format = new Frozen().get(Space.META, RocksEngine.FORMAT_KEY);
        if (format == null || !RocksEngine.isKnown(format)) {
            throw new StoreException(
                    StoreException.Kind.REFUSED,
                    "the store in " + folder + " was not written by a Sotto of this format");
        }
    }

    /// Tells all that a broker would find at its start.
    ///
    /// @throws StoreException [StoreException.Kind#DAMAGED] when a record cannot be read
    public void tell(Recovery.Listener listener) throws StoreException {
        try {
            new Reader(new Frozen(), new MessageRecords(), found -> {}).tell(listener);
        } catch (UncheckedIOException e) {
            throw new StoreException(
                    StoreException.Kind.DAMAGED, String.valueOf(e.getMessage()), e);
        }
    }

    /// What a part of a store holds.
    ///
    /// @param bytes of keys and values, before they are compressed
    public record Size(long records, long bytes) {}

    /// How large each part is.
    public Map<Space, Size> sizes() throws StoreException {
        Map<Space, Size> sizes = new EnumMap<>(Space.class);
        for (Space space : Space.values()) {
            long[] counted = new long[2];
            files.scan(
                    space,
                    reading,
                    (key, value) -> {
                        counted[0]++;
                        counted[1] += key.length + value.length;
                    });
            sizes.put(space, new Size(counted[0], counted[1]));
        }
        return sizes;
    }

    /// Looks whether all of it is whole: the logs and tables by their checksums, and every record
    /// by its form.
    ///
    /// @return a sentence for each thing that is not
    public static List<String> check(Path folder) throws StoreException {
        if (!Files.exists(folder.resolve("CURRENT"))) {
            throw new StoreException(StoreException.Kind.REFUSED, "there is no store in " + folder);
        }
        List<String> damages = new ArrayList<>();
        try {
            damages.addAll(LogDamage.find(folder, false).sentences());
        } catch (StoreException e) {
            damages.add(String.valueOf(e.getMessage()));
        }
        try (StoreFolder opened = open(folder)) {
            opened.files.db().verifyChecksum();
            opened.tell(new Ignored());
        } catch (StoreException | RocksDBException e) {
            damages.add(String.valueOf(e.getMessage()));
        }
        return damages;
    }

    /// Copies all of it into a new folder, which is there as a whole or not at all.
    ///
    /// @return how many records
    public long copy(Path target) throws StoreException {
        Path part = target.resolveSibling(target.getFileName() + ".part");
        try {
            if (Files.exists(target) && !isEmpty(target)) {
                throw new StoreException(
                        StoreException.Kind.REFUSED,
                        target + " is not empty: name a folder that is not there yet");
            }
            clear(part);
            long records = fill(part);
            Files.deleteIfExists(target);
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
            return records;
        } catch (IOException e) {
            throw new StoreException(
                    StoreException.Kind.BROKEN,
                    "cannot write to " + target + ": " + e.getMessage(),
                    e);
        }
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.findAny().isEmpty();
        }
    }

    /// Removes what a copy that was broken off has left.
    private static void clear(Path part) throws IOException {
        if (Files.exists(part)) {
            try (Stream<Path> entries = Files.list(part)) {
                for (Path entry : entries.toList()) {
                    Files.delete(entry);
                }
            }
            Files.delete(part);
        }
    }

    private long fill(Path part) throws StoreException {
        try (RocksEngine copy = RocksEngine.open(part)) {
            Filling filling = new Filling(copy);
            for (Space space : Space.values()) {
                files.scan(space, reading, (key, value) -> filling.put(space, key, value));
            }
            filling.flush();
            return filling.records;
        }
    }

    /// Fills a store in batches.
    static final class Filling {
        private final RocksEngine copy;
        private Engine.Changes changes;
        private long records;

        Filling(RocksEngine copy) {
            this.copy = copy;
            this.changes = copy.begin();
        }

        void put(Space space, byte[] key, byte[] value) throws StoreException {
            changes.put(space, key, value);
            records++;
            if (changes.size() > BATCH) {
                flush();
            }
        }

        /// Takes a pair out again.
        void leaveOut(Space space, byte[] key) {
            changes.delete(space, key);
            records--;
        }

        void flush() throws StoreException {
            copy.write(changes, true);
            changes = copy.begin();
        }
    }

    @Override
    public void close() {
        try {
            files.close();
        } catch (RocksDBException e) {
            // Nothing was written.
            return;
        } finally {
            reading.close();
        }
    }

    /// The files as an engine that takes nothing: what the reader would clear away stays.
    private final class Frozen implements Engine {
        @Override
        public Changes begin() {
            return new Nothing();
        }

        @Override
        public void write(Changes changes, boolean sync) {}

        @Override
        public void sync() {}

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
            throw new UnsupportedOperationException("bodies are fetched while a broker runs");
        }

        @Override
        public void scan(Space space, Visitor visitor) throws StoreException {
            files.scan(space, reading, visitor);
        }

        @Override
        public void recover() {}

        @Override
        public void close() {}
    }

    /// Changes that are not made.
    private static final class Nothing implements Engine.Changes {
        @Override
        public void put(Space space, byte[] key, byte[] from, int start, int length) {}

        @Override
        public void delete(Space space, byte[] key) {}

        @Override
        public int count() {
            return 0;
        }

        @Override
        public int size() {
            return 0;
        }
    }

    /// Reads along, so that every record is decoded.
    static class Ignored implements Recovery.Listener {
        @Override
        public void totals(Map<String, Long> totals) {}

        @Override
        public void retained(Message message) {}

        @Override
        public void session(Recovery.KeptSession session) {}

        @Override
        public void subscribed(long session, Grant grant) {}

        @Override
        public void received(long session, int packetId) {}

        @Override
        public void sent(Recovery.Sent sent) {}

        @Override
        public void queued(Recovery.Copy copy) {}
    }
}
