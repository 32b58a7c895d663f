package io.sotto.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A store that is looked at, counted and copied while it is written.
class StoreFolderTest {
    @TempDir Path folder = Path.of("");
    private Path data = folder;

    @BeforeEach
    void begin() {
        data = folder.resolve("data");
    }

    private static void put(RocksEngine engine, int from, int to) throws StoreException {
        for (int i = from; i < to; i++) {
            Engine.Changes changes = engine.begin();
            changes.put(Space.META, new byte[] {'x', (byte) i}, new byte[] {(byte) i});
            engine.write(changes, true);
        }
    }

    private static long records(Path store) throws StoreException {
        try (StoreFolder opened = StoreFolder.open(store)) {
            return opened.sizes().values().stream().mapToLong(StoreFolder.Size::records).sum();
        }
    }

    @Test
    void a_copy_of_a_store_that_is_open_has_all_that_was_written_before() throws Exception {
        Path backup = folder.resolve("backup");
        try (RocksEngine engine = RocksEngine.open(data)) {
            put(engine, 0, 100);
            try (StoreFolder opened = StoreFolder.open(data)) {
                put(engine, 100, 120);

                assertThat(opened.copy(backup)).isEqualTo(101);
            }
        }

        assertThat(records(backup)).isEqualTo(101);
        assertThat(records(data)).isEqualTo(121);
        assertThat(StoreFolder.check(backup)).isEmpty();
        try (RocksEngine restored = RocksEngine.open(backup)) {
            assertThat(restored.get(Space.META, new byte[] {'x', 99})).containsExactly(99);
        }
    }

    @Test
    void a_copy_goes_nowhere_where_something_is() throws Exception {
        RocksEngine.open(data).close();
        Path taken = Files.createDirectory(folder.resolve("taken"));
        Files.writeString(taken.resolve("letter"), "x");

        try (StoreFolder opened = StoreFolder.open(data)) {
            assertThatThrownBy(() -> opened.copy(taken))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("not empty");
        }
        assertThat(taken.resolve("letter")).hasContent("x");
    }

    @Test
    void where_there_is_no_store_there_is_a_sentence() {
        assertThatThrownBy(() -> StoreFolder.open(data))
                .hasMessageContaining("there is no store in")
                .hasMessageContaining("data");
        assertThatThrownBy(() -> StoreFolder.check(data)).hasMessageContaining("no store");
    }

    @Test
    void a_check_names_a_damaged_table() throws Exception {
        SmallStore store = new SmallStore(data);
        store.write(1, 5, 2_000);
        store.write(6, 8, 2_000);
        assertThat(StoreFolder.check(data)).noneMatch(line -> line.contains("damaged at byte"));
        flip(store.files("\\d+\\.sst").getFirst());

        List<String> damages = StoreFolder.check(data);

        assertThat(damages).anyMatch(line -> line.contains(".sst"));
    }

    @Test
    void a_check_names_a_damaged_log() throws Exception {
        SmallStore store = new SmallStore(data);
        store.write(1, 8, 2_000);
        flip(store.log());

        assertThat(StoreFolder.check(data)).anyMatch(line -> line.contains("is damaged at byte"));
    }

    private static void flip(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 4] ^= 1;
        Files.write(file, bytes);
    }
}
