package io.sotto.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.util.Environment;

class RocksLibraryTest {
    @Test
    void it_is_found_under_the_name_that_the_system_asks_for(@TempDir Path folder)
            throws IOException {
        Path libraries = folder.resolve("a").resolve("b");

        RocksLibrary.unpack(libraries);
        RocksLibrary.unpack(libraries);

        String name = System.mapLibraryName(Environment.getSharedLibraryName("rocksdb"));
        try (Stream<Path> all = Files.list(libraries)) {
            assertThat(all.toList()).isEqualTo(List.of(libraries.resolve(name)));
        }
        assertThat(libraries.resolve(name)).isReadable();
        assertThat(Files.size(libraries.resolve(name))).isGreaterThan(5_000_000);
    }
}
