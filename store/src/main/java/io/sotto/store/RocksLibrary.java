package io.sotto.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.rocksdb.RocksDB;
import org.rocksdb.util.Environment;

/// The native code of RocksDB for this machine, 10 to 15 MB, which otherwise is unpacked out of the
/// jar at every start.
public final class RocksLibrary {
    private RocksLibrary() {}

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
