package io.sotto.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.stream.Stream;
import org.rocksdb.NativeLibraryLoader;
import org.rocksdb.RocksDB;
import org.rocksdb.util.Environment;

/// The native code of RocksDB for this machine, 10 to 15 MB, which otherwise is unpacked out of the
/// jar at every start.
public final class RocksLibrary {
    private RocksLibrary() {}

    /// Loads it, where it is not loaded yet. RocksDB would do so by itself, and leave the file
    /// among the temporary ones when the process is killed or halts: so this comes before all use
    /// of it. The variable `ROCKSDB_SHAREDLIB_DIR` still says where it is to be unpacked and kept.
    static void load() {
        folder().ifPresent(RocksLibrary::loadFrom);
        RocksDB.loadLibrary();
    }

    private static Optional<Path> folder() {
        try {
            return System.getenv("ROCKSDB_SHAREDLIB_DIR") == null
                    ? Optional.of(Files.createTempDirectory("sotto"))
                    : Optional.empty();
        } catch (IOException readOnly) {
            // It may be in the library path, and need none.
            return Optional.empty();
        }
    }

    private static void loadFrom(Path folder) {
        try {
            NativeLibraryLoader.getInstance().loadLibrary(folder.toString());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot unpack the native code of RocksDB", e);
        } finally {
            // What is loaded needs no name any more.
            delete(folder);
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> unpacked = Files.list(folder)) {
            for (Path each : unpacked.toList()) {
                Files.delete(each);
            }
            Files.delete(folder);
        } catch (IOException kept) {
            folder.toFile().deleteOnExit();
        }
    }

    /// Unpacks it into a folder. A JVM that has the folder in its `java.library.path` takes it from
    /// there. It is of no use with another version of the jar.
    ///
    /// @throws IOException when it cannot be written, or the jar has none for this machine
    public static void unpack(Path folder) throws IOException {
        Files.createDirectories(folder);
        Path library = folder.resolve(Environment.getSharedLibraryFileName("rocksdb"));
        Path beside = Files.createTempFile(folder, "unpacking", "");
        String name = "/" + Environment.getJniLibraryFileName("rocksdb");
        try (InputStream packed = RocksDB.class.getResourceAsStream(name)) {
            if (packed == null) {
                throw new IOException("the jar has no " + name.substring(1));
            }
            Files.copy(packed, beside, StandardCopyOption.REPLACE_EXISTING);
            Files.move(beside, library, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(beside);
        }
    }
}
