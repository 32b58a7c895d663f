package io.sotto.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Random bits flipped in the files of a store, one in each copy of it, which is then started on as
/// the broker does. Whatever is not what was written is told; nothing is taken for good that is
/// not; and the start after that finds nothing to tell.
///
/// `-Ddamage.flips=100000` flips more, and prints what became of them.
class FlippedBitsTest {
    private static final int FLIPS = Integer.getInteger("damage.flips", 300);

    /// Groups in tables, and all groups.
    private static final int IN_TABLES = 5;

    private static final int ALL = 8;
    private static final int FILLING = 3_000;

    private static final List<String> KINDS =
            List.of(
                    "\\d+\\.log",
                    "\\d+\\.log",
                    "\\d+\\.sst",
                    "\\d+\\.sst",
                    "MANIFEST-\\d+",
                    "CURRENT",
                    "OPTIONS-\\d+|IDENTITY");

    private Path folder = Path.of("");
    private SmallStore whole = new SmallStore(folder);
    private final ConcurrentMap<String, Integer> verdicts = new ConcurrentHashMap<>();

    /// In memory where the system has a folder there: the disk has no part in this.
    @BeforeEach
    void write() throws Exception {
        Path memory = Path.of("/dev/shm");
        folder =
                Files.isWritable(memory)
                        ? Files.createTempDirectory(memory, "sotto-flips")
                        : Files.createTempDirectory("sotto-flips");
        whole = new SmallStore(folder.resolve("whole"));
        whole.write(1, IN_TABLES, FILLING);
        whole.write(IN_TABLES + 1, ALL, FILLING);
        new Manifest(whole.folder()).follow();
    }

    @AfterEach
    void forget() throws IOException {
        RescuedFolder.delete(folder);
    }

    @Test
    void a_flipped_bit_is_told_or_changes_nothing() {
        long seed = System.nanoTime();

        IntStream.range(0, FLIPS).parallel().forEach(i -> flip(seed, i));

        if (FLIPS > 1000) {
            new TreeMap<>(verdicts)
                    .forEach((verdict, count) -> System.out.println(count + " " + verdict));
        }
        assertThat(verdicts.keySet())
                .anyMatch(verdict -> verdict.contains("sst: told"))
                .anyMatch(verdict -> verdict.contains("log: told"))
                .anyMatch(verdict -> verdict.contains("MANIFEST: told, nothing lost"));
    }

    private void flip(long seed, int number) {
        Random random = new Random(seed + number * 7_919L);
        Path copy = folder.resolve("copy-" + number);
        String where = "seed " + seed + ", flip " + number;
        try {
            SmallStore store = whole.copy(copy);
            List<Path> files = store.files(KINDS.get(random.nextInt(KINDS.size())));
            Path file = files.get(random.nextInt(files.size()));
            byte[] bytes = Files.readAllBytes(file);
            if (bytes.length > 0) {
                int bit = random.nextInt(bytes.length * Byte.SIZE);
                bytes[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
                where += ", bit " + bit + " of " + file.getFileName();
                Files.write(file, bytes);
            }
            String kind = file.getFileName().toString().replaceAll("\\d+\\.|-\\d+", "");
            verdicts.merge(kind + ": " + verdict(store, random, where), 1, Integer::sum);
            RescuedFolder.delete(copy);
        } catch (IOException e) {
            throw new AssertionError(where, e);
        }
    }

    private static String verdict(SmallStore store, Random random, String where) {
        SmallStore.Start start;
        try {
            start = store.start(WhenDamaged.SERVE);
        } catch (StoreException e) {
            assertThat(e.kind()).as(where).isNotEqualTo(StoreException.Kind.FULL);
            return "start refused";
        }
        Map<String, String> content = start.content();
        int group = SmallStore.groupOf(content, FILLING);
        assertThat(SmallStore.wasWritten(content, ALL, FILLING)).as(where).isTrue();
        if (start.events().isEmpty()) {
            assertThat(group).as(where).isEqualTo(ALL);
            return "nothing lost";
        }
        if (random.nextInt(10) == 0) {
            SmallStore.Start again = restart(store, where);
            assertThat(again.content()).as(where).isEqualTo(content);
            assertThat(again.events()).as(where).isEmpty();
        }
        boolean isOfTable = start.events().getFirst().contains("the table ");
        assertThat(isOfTable || group >= IN_TABLES).as(where + start).isTrue();
        return group == ALL ? "told, nothing lost" : "told, and left out";
    }

    private static SmallStore.Start restart(SmallStore store, String where) {
        try {
            return store.start(WhenDamaged.REFUSE);
        } catch (StoreException e) {
            throw new AssertionError(where, e);
        }
    }
}
