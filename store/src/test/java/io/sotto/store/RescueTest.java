package io.sotto.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sotto.broker.spi.Durability;
import io.sotto.broker.spi.EventLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Damaged tables, and a damaged list of them: what can be read is served, what cannot is named and
/// kept aside, and a setting refuses instead.
class RescueTest {
    private static final int KEYS = 500;

    @TempDir Path folder = Path.of("");
    private final List<String> events = new ArrayList<>();

    /// Two tables, the second of later keys and some of the first again.
    @BeforeEach
    void write() throws StoreException {
        write(0, KEYS, "old");
        write(KEYS - 100, 2 * KEYS, "new");
        // What was in the log when it was opened again is in tables from then on.
        RocksEngine.open(folder).close();
    }

    private void write(int from, int to, String age) throws StoreException {
        try (RocksEngine engine = RocksEngine.open(folder)) {
            Engine.Changes changes = engine.begin();
            for (int i = from; i < to; i++) {
                changes.put(Space.RETAINED, bytes(key(i)), bytes(age + "x".repeat(100)));
            }
            engine.write(changes, true);
        }
    }

    private static String key(int number) {
        return "topic/%04d".formatted(number);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private Map<String, String> start(WhenDamaged damaged) throws StoreException {
        events.clear();
        EventLog log = (severity, sentence) -> events.add(severity + " " + sentence);
        StoreSettings settings = new StoreSettings(folder, Durability.SYNC, 0, damaged);
        Map<String, String> content = new TreeMap<>();
        try (RocksEngine engine = DurableStore.engine(settings, log)) {
            engine.scan(
                    Space.RETAINED,
                    (key, value) ->
                            content.put(
                                    new String(key, StandardCharsets.UTF_8),
                                    new String(value, 0, 3, StandardCharsets.UTF_8)));
        }
        return content;
    }

    private List<Path> files(String pattern) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().matches(pattern))
                    .sorted()
                    .toList();
        }
    }

    /// The tables of retained messages, older first.
    private List<Path> tables() throws IOException {
        List<Path> large = new ArrayList<>();
        for (Path table : files("\\d+\\.sst")) {
            if (Files.size(table) > 4_000) {
                large.add(table);
            }
        }
        return large;
    }

    private static byte[] damage(Path file, int at) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[at < 0 ? bytes.length + at : at] ^= 4;
        Files.write(file, bytes);
        return bytes;
    }

    @Test
    void a_damaged_block_costs_what_was_in_it_and_nothing_else() throws Exception {
        Path table = tables().getLast();
        byte[] damaged = damage(table, 3_000);

        Map<String, String> found = start(WhenDamaged.SERVE);

        // Left out is one row of keys.
        List<String> lost = new ArrayList<>();
        for (int i = 0; i < 2 * KEYS; i++) {
            if (!found.containsKey(key(i))) {
                lost.add(key(i));
            }
        }
        int first = Integer.parseInt(lost.getFirst().substring(6));
        assertThat(lost).hasSizeBetween(1, 100).last().isEqualTo(key(first + lost.size() - 1));
        for (int i = 0; i < 2 * KEYS; i++) {
            if (!lost.contains(key(i))) {
                assertThat(found).containsEntry(key(i), i < KEYS - 100 ? "old" : "new");
            }
        }
        assertThat(events)
                .hasSize(2)
                .anyMatch(event -> event.contains("records of RETAINED is damaged"))
                .anyMatch(event ->
                        event.contains(
                                "from '%s' to '%s' is left out"
                                        .formatted(key(first - 1), key(first + lost.size()))));
        assertThat(folder.resolve("quarantine").resolve(table.getFileName()))
                .hasBinaryContent(damaged);
        assertThat(start(WhenDamaged.REFUSE)).isEqualTo(found);
        assertThat(events).isEmpty();
        assertThat(StoreFolder.check(folder)).noneMatch(sentence -> sentence.contains(".sst"));
    }

    @Test
    void of_a_table_that_cannot_be_opened_all_is_left_out_and_the_others_are_served()
            throws Exception {
        damage(tables().getLast(), -20);

        Map<String, String> found = start(WhenDamaged.SERVE);

        // The first key of what is lost is gone in the older table too.
        assertThat(found).hasSize(KEYS - 1).doesNotContainKey(key(400)).doesNotContainValue("new");
        assertThat(events)
                .hasSize(2)
                .anyMatch(
                        event -> event.contains("from '%s' to '%s'".formatted(key(400), key(999))));
        assertThat(start(WhenDamaged.REFUSE)).isEqualTo(found);
    }

    @Test
    void a_setting_refuses_and_changes_nothing() throws Exception {
        damage(tables().getLast(), 3_000);

        assertThatThrownBy(() -> start(WhenDamaged.REFUSE))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining(tables().getLast().getFileName().toString())
                .hasMessageContaining("store.damaged: serve");

        assertThat(folder.resolve("quarantine")).doesNotExist();
        assertThat(StoreFolder.check(folder)).isNotEmpty();
    }

    @Test
    void a_damaged_list_of_tables_is_put_together_from_its_second_copy() throws Exception {
        new Manifest(folder).follow();
        Path list = files("MANIFEST-\\d+").getFirst();
        byte[] damaged = damage(list, 40);

        assertThatThrownBy(() -> start(WhenDamaged.REFUSE)).hasMessageContaining("store.damaged");
        assertThat(start(WhenDamaged.SERVE)).hasSize(2 * KEYS);

        assertThat(events).singleElement().asString().contains("nothing is lost");
        assertThat(folder.resolve("quarantine").resolve(list.getFileName()))
                .hasBinaryContent(damaged);
    }

    @Test
    void a_list_that_grew_after_its_copy_is_put_together_from_both() throws Exception {
        Path list = files("MANIFEST-\\d+").getFirst();
        Files.createDirectories(folder.resolve("mirror"));
        byte[] all = Files.readAllBytes(list);
        Files.write(folder.resolve("mirror").resolve(list.getFileName()), Arrays.copyOf(all, 200));
        damage(list, 40);

        assertThat(start(WhenDamaged.SERVE)).hasSize(2 * KEYS);
    }

    @Test
    void without_a_copy_a_damaged_list_refuses_the_start() throws Exception {
        damage(files("MANIFEST-\\d+").getFirst(), 40);

        assertThatThrownBy(() -> start(WhenDamaged.SERVE)).hasMessageContaining("restore a backup");
    }

    @Test
    void the_list_is_named_again_where_that_name_is_damaged() throws Exception {
        damage(folder.resolve("CURRENT"), 3);

        assertThat(start(WhenDamaged.SERVE)).hasSize(2 * KEYS);

        assertThat(events).singleElement().asString().contains("CURRENT is damaged");
    }

    @Test
    void a_start_that_ended_while_it_put_the_files_in_place_goes_on() throws Exception {
        Path elsewhere = folder.resolve(RescuedFolder.PART);
        try (RocksEngine whole = RocksEngine.open(elsewhere)) {
            Engine.Changes changes = whole.begin();
            changes.put(Space.RETAINED, bytes("rescued"), bytes("yes"));
            whole.write(changes, true);
        }
        RescuedFolder.complete(folder);
        Path rescued = folder.resolve("rescued");
        // It ended behind the deletion of all old files and after one was moved.
        for (Path old : files("\\d+\\.(sst|log)|CURRENT|MANIFEST-.*|OPTIONS-.*")) {
            Files.delete(old);
        }
        Files.createFile(rescued.resolve("MOVES"));
        Files.move(
                rescued.resolve("IDENTITY"),
                folder.resolve("IDENTITY"),
                StandardCopyOption.REPLACE_EXISTING);

        assertThat(start(WhenDamaged.REFUSE)).containsExactly(Map.entry("rescued", "yes"));

        assertThat(rescued).doesNotExist();
    }

    @Test
    void what_was_not_completed_is_worth_nothing() throws Exception {
        RocksEngine.open(folder.resolve(RescuedFolder.PART)).close();

        assertThat(start(WhenDamaged.REFUSE)).hasSize(2 * KEYS);
    }
}
