package io.sotto.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Files that are not what was written: a start holds a beginning of what was, in order and every
/// byte right, and never less than all without a word.
class DamageTest {
    /// Groups in tables, and all groups.
    private static final int IN_TABLES = 5;

    private static final int ALL = 8;

    @TempDir Path folder = Path.of("");
    private SmallStore whole = new SmallStore(folder);
    private int copies;

    @BeforeEach
    void begin() {
        whole = new SmallStore(folder.resolve("whole"));
    }

    /// What was in the log when it was opened again is in tables from then on.
    private void write(int filling) throws StoreException {
        whole.write(1, IN_TABLES, filling);
        whole.write(IN_TABLES + 1, ALL, filling);
    }

    private SmallStore copy() throws IOException {
        copies++;
        return whole.copy(folder.resolve("copy-" + copies));
    }

    private static void flip(Path file, long bit) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[(int) (bit / 8)] ^= (byte) (1 << bit % 8);
        Files.write(file, bytes);
    }

    private static void forget(SmallStore store) throws IOException {
        for (Path file : store.files(".*")) {
            if (Files.isDirectory(file)) {
                forget(new SmallStore(file));
            } else {
                Files.delete(file);
            }
        }
        Files.delete(store.folder());
    }

    @Test
    void the_millionth_file_is_the_last_one() throws Exception {
        write(0);
        byte[] log = Files.readAllBytes(whole.log());
        Path logs = Files.createDirectory(folder.resolve("logs"));

        Files.write(logs.resolve("999999.log"), log);
        Files.write(logs.resolve("1000000.log"), Arrays.copyOf(log, log.length - 1));

        assertThat(LogDamage.find(logs, false).sentences()).isEmpty();
    }

    @Test
    void a_log_cut_off_at_any_byte_holds_every_group_before_and_nothing_else() throws Exception {
        write(0);
        byte[] log = Files.readAllBytes(whole.log());
        int held = IN_TABLES;

        for (int size = 0; size <= log.length; size++) {
            SmallStore cut = copy();
            Files.write(cut.log(), Arrays.copyOf(log, size));
            SmallStore.Start start = cut.start(WhenDamaged.REFUSE);

            int group = SmallStore.groupOf(start.content(), 0);
            assertThat(group).as("cut at %d", size).isBetween(held, held + 1);
            held = group;
            assertThat(start.events()).allMatch(event -> event.contains("ends within a group"));
            forget(cut);
        }
        assertThat(held).isEqualTo(ALL);
    }

    @Test
    void a_log_damaged_before_its_end_is_kept_aside_and_the_rest_served() throws Exception {
        write(100);
        long bit = Files.size(whole.log()) * Byte.SIZE / 2;
        flip(whole.log(), bit);
        byte[] damaged = Files.readAllBytes(whole.log());
        Path name = whole.log().getFileName();

        SmallStore.Start start = whole.start(WhenDamaged.SERVE);

        assertThat(SmallStore.groupOf(start.content(), 100)).isBetween(IN_TABLES, ALL - 1);
        assertThat(start.events())
                .singleElement()
                .asString()
                .startsWith("ERROR store: the log ")
                .contains(name + " is damaged at byte ", " whole groups behind");
        assertThat(whole.folder().resolve("quarantine").resolve(name)).hasBinaryContent(damaged);
        assertThat(whole.start(WhenDamaged.REFUSE))
                .isEqualTo(new SmallStore.Start(start.content(), List.of()));
    }

    @Test
    void a_log_damaged_before_its_end_refuses_the_start_where_that_is_set() throws Exception {
        write(100);
        flip(whole.log(), Files.size(whole.log()) * Byte.SIZE / 2);

        assertThatThrownBy(() -> whole.start(WhenDamaged.REFUSE))
                .isInstanceOfSatisfying(
                        StoreException.class,
                        e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.DAMAGED))
                .hasMessageContaining("start with store.damaged: serve");
        assertThat(whole.folder().resolve("quarantine")).doesNotExist();
    }

    @Test
    void a_length_that_leads_beyond_the_end_of_the_log_hides_no_groups() throws Exception {
        write(100);
        // The high bit of the length of the first record: | checksum (4) | length (2) | ...
        flip(whole.log(), 5 * Byte.SIZE + 6);

        SmallStore.Start start = whole.start(WhenDamaged.SERVE);

        assertThat(SmallStore.groupOf(start.content(), 100)).isEqualTo(IN_TABLES);
        assertThat(start.events().getFirst())
                .contains(
                        "is damaged at byte 0 of ",
                        "with %d whole groups behind".formatted(ALL - IN_TABLES - 1));
    }
}
