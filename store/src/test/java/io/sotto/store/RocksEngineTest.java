package io.sotto.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.DBOptions;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;

class RocksEngineTest {
    @TempDir Path folder = Path.of("");

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static List<String> all(Engine engine, Space space) throws StoreException {
        List<String> found = new ArrayList<>();
        engine.scan(
                space,
                (key, value) ->
                        found.add(
                                new String(key, StandardCharsets.UTF_8)
                                        + "="
                                        + new String(value, StandardCharsets.UTF_8)));
        return found;
    }

    @Test
    void a_batch_made_in_java_is_what_the_engine_reads_and_keeps() throws StoreException {
        String large = "x".repeat(70_000);
        try (RocksEngine engine = RocksEngine.open(folder)) {
            Engine.Changes changes = engine.begin();
            changes.put(Space.RETAINED, bytes("b"), bytes("2"));
            changes.put(Space.RETAINED, bytes("a"), bytes("1"));
            changes.put(Space.OWED, bytes("a"), bytes(large));
            changes.put(Space.GRANTS, bytes("gone"), bytes(""));
            changes.delete(Space.GRANTS, bytes("gone"));
            assertThat(changes.count()).isEqualTo(5);
            engine.write(changes, true);
        }

        try (RocksEngine engine = RocksEngine.open(folder)) {
            assertThat(all(engine, Space.RETAINED)).containsExactly("a=1", "b=2");
            assertThat(all(engine, Space.GRANTS)).isEmpty();
            assertThat(engine.get(Space.OWED, bytes("a"))).isEqualTo(bytes(large));
            assertThat(engine.getAll(Space.RETAINED, List.of(bytes("b"), bytes("c"), bytes("a"))))
                    .containsExactly(bytes("2"), null, bytes("1"));
        }
    }

    @Test
    void the_folder_is_for_its_owner_alone() throws Exception {
        Path data = folder.resolve("deep/data");
        RocksEngine.open(data).close();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data)))
                .isEqualTo("rwx------");
    }

    @Test
    void a_second_one_on_the_same_folder_is_refused() throws StoreException {
        try (RocksEngine engine = RocksEngine.open(folder)) {
            assertThat(all(engine, Space.RETAINED)).isEmpty();

            assertThatThrownBy(() -> RocksEngine.open(folder))
                    .isInstanceOfSatisfying(
                            StoreException.class,
                            e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.REFUSED))
                    .hasMessageContaining("another process has the data folder");
        }
    }

    @Test
    void a_newer_format_is_refused() throws StoreException {
        try (RocksEngine engine = RocksEngine.open(folder)) {
            Engine.Changes changes = engine.begin();
            changes.put(Space.META, bytes("format"), new byte[] {99});
            engine.write(changes, true);
        }

        assertThatThrownBy(() -> RocksEngine.open(folder))
                .hasMessageContaining("newer Sotto (format 99");
    }

    @Test
    void parts_of_a_newer_one_are_refused() throws Exception {
        RocksEngine.open(folder).close();
        List<ColumnFamilyDescriptor> parts = new ArrayList<>();
        try (Options plain = new Options()) {
            for (byte[] part : RocksDB.listColumnFamilies(plain, folder.toString())) {
                parts.add(new ColumnFamilyDescriptor(part));
            }
        }
        parts.add(new ColumnFamilyDescriptor(bytes("shelves")));
        try (DBOptions options = new DBOptions().setCreateMissingColumnFamilies(true)) {
            RocksDB.open(options, folder.toString(), parts, new ArrayList<>()).close();
        }

        assertThatThrownBy(() -> RocksEngine.open(folder))
                .isInstanceOfSatisfying(
                        StoreException.class,
                        e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.REFUSED))
                .hasMessageContaining("written by a newer Sotto, with parts");
    }

    @Test
    void it_goes_on_after_it_was_opened_anew() throws StoreException {
        try (RocksEngine engine = RocksEngine.open(folder)) {
            Engine.Changes first = engine.begin();
            first.put(Space.RETAINED, bytes("a"), bytes("1"));
            engine.write(first, true);

            engine.recover();

            Engine.Changes second = engine.begin();
            second.put(Space.RETAINED, bytes("b"), bytes("2"));
            engine.write(second, false);
            engine.sync();
            assertThat(all(engine, Space.RETAINED)).containsExactly("a=1", "b=2");
        }
    }
}
