package io.sotto.store;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.broker.spi.Durability;
import io.sotto.broker.spi.Fetch;
import io.sotto.broker.spi.Journal;
import io.sotto.broker.spi.Message;
import io.sotto.broker.spi.Principal;
import io.sotto.broker.spi.Recovery;
import io.sotto.broker.spi.SessionStore;
import io.sotto.broker.spi.Via;
import io.sotto.mqtt.QoS;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.DBOptions;
import org.rocksdb.RocksDB;

/// Messages that are written as pages: all of them come back, none that has ended does, and their
/// room does too.
class PagesTest {
    private static final long SESSION = 7;
    private static final long OTHER = 8;
    private static final int PAYLOAD = 100;

    @TempDir Path folder = Path.of("");

    private RocksEngine engine;
    private Store store;
    private Journal journal;
    private final List<Long> told = new ArrayList<>();

    @BeforeEach
    void begin() throws StoreException {
        engine = RocksEngine.open(folder);
        start();
        for (long session : List.of(SESSION, OTHER)) {
            SessionStore.Owner owner =
                    new SessionStore.Owner("client-" + session, new Principal("user"));
            journal.opened(session, owner, 3600, null);
        }
        write();
    }

    @AfterEach
    void end() throws StoreException {
        engine.close();
    }

    /// A broker begins on what is there.
    private void start() {
        store = new Store(engine, Durability.SYNC);
        journal = store.journal(() -> {});
        told.clear();
        store.recovery().tell(new Told());
    }

    private void write() throws StoreException {
        journal.commit();
        store.commit();
    }

    private void queue(long session, LongStream numbers) {
        queue(session, numbers, PAYLOAD);
    }

    private void queue(long session, LongStream numbers, int payload) {
        numbers.forEach(number ->
                journal.queued(
                        Messages.message(number, QoS.AT_LEAST_ONCE, payload),
                        session,
                        QoS.AT_LEAST_ONCE,
                        false,
                        Via.PLAIN));
    }

    private void drop(LongStream numbers) throws StoreException {
        numbers.forEach(number -> journal.dropped(number, SESSION));
        write();
    }

    private List<Integer> sizes(Space space) throws StoreException {
        List<Integer> sizes = new ArrayList<>();
        engine.scan(space, (key, value) -> sizes.add(value.length));
        return sizes;
    }

    private List<Long> fetch(long... numbers) throws StoreException {
        List<Long> found = new ArrayList<>();
        journal.fetch(
                new Fetch(SESSION, numbers) {
                    @Override
                    public void arrived(long now) {
                        for (Message message : found()) {
                            found.add(message == null ? 0 : message.id());
                        }
                    }
                });
        write();
        Fetch fetch = journal.nextFound();
        requireNonNull(fetch).arrived(0);
        return found;
    }

    @Test
    void what_a_group_brings_for_a_session_is_one_record_and_all_of_it_comes_back()
            throws StoreException {
        queue(SESSION, LongStream.rangeClosed(1, 100));
        queue(OTHER, LongStream.rangeClosed(101, 107));
        write();

        assertThat(sizes(Space.PAGES)).hasSize(1);
        assertThat(sizes(Space.MESSAGES)).hasSize(7);
        assertThat(fetch(3, 4, 90, 2)).containsExactly(3L, 4L, 90L, 2L);
        start();
        assertThat(told)
                .containsExactlyInAnyOrderElementsOf(
                        LongStream.rangeClosed(1, 107).boxed().toList());
        assertThat(fetch(1, 100)).containsExactly(1L, 100L);
    }

    @Test
    void a_page_that_is_written_anew_between_two_reads_is_read_anew() throws StoreException {
        queue(SESSION, LongStream.rangeClosed(1, 40));
        write();
        assertThat(fetch(2, 3)).containsExactly(2L, 3L);

        drop(LongStream.rangeClosed(1, 32));

        assertThat(fetch(33, 34, 39)).containsExactly(33L, 34L, 39L);
        assertThat(fetch(40, 36)).containsExactly(40L, 36L);
    }

    @Test
    void more_pages_may_be_read_by_turns_than_stay_open() throws StoreException {
        int pages = 100;
        for (int page = 0; page < pages; page++) {
            queue(SESSION, LongStream.rangeClosed(page * 10L + 1, page * 10L + 10));
            write();
        }
        for (int from : List.of(1, 5, 9)) {
            for (int page = 0; page < pages; page++) {
                long first = page * 10L + from;
                assertThat(fetch(first, first + 1)).containsExactly(first, first + 1);
            }
        }
    }

    @Test
    void what_has_ended_does_not_come_back() throws StoreException {
        queue(SESSION, LongStream.rangeClosed(1, 20));
        write();
        drop(LongStream.of(1, 2, 3, 11));
        start();
        drop(LongStream.of(4));

        assertThat(fetch(4, 5)).containsExactly(0L, 5L);
        start();
        assertThat(told)
                .containsExactly(
                        5L, 6L, 7L, 8L, 9L, 10L, 12L, 13L, 14L, 15L, 16L, 17L, 18L, 19L, 20L);
    }

    @Test
    void a_page_goes_with_its_last_message() throws StoreException {
        queue(SESSION, LongStream.rangeClosed(1, 20));
        write();
        drop(LongStream.rangeClosed(1, 10));
        assertThat(sizes(Space.PAGES)).hasSize(2);

        drop(LongStream.rangeClosed(11, 20));

        assertThat(sizes(Space.PAGES)).isEmpty();
        start();
        assertThat(told).isEmpty();
    }

    @Test
    void a_page_is_written_anew_with_the_quarter_that_is_left() throws StoreException {
        queue(SESSION, LongStream.rangeClosed(1, 40));
        write();
        int whole = sizes(Space.PAGES).getFirst();

        drop(LongStream.rangeClosed(1, 40).filter(number -> number % 4 != 0));

        assertThat(sizes(Space.PAGES)).containsExactly(whole / 4);
        assertThat(fetch(4, 40, 5)).containsExactly(4L, 40L, 0L);
        drop(LongStream.of(8, 40));
        start();
        assertThat(told).containsExactly(4L, 12L, 16L, 20L, 24L, 28L, 32L, 36L);
        drop(LongStream.rangeClosed(1, 40).filter(number -> number % 4 == 0));
        assertThat(sizes(Space.PAGES)).isEmpty();
    }

    @Test
    void messages_of_several_shards_that_come_in_turns_lie_in_pages_of_their_own()
            throws StoreException {
        LongStream near = LongStream.rangeClosed(1, 60);
        long[] far = LongStream.rangeClosed(10_000_001, 10_000_060).toArray();
        near.forEach(number -> {
            queue(SESSION, LongStream.of(number % 2 == 0 ? number - 1 : number + 1));
            queue(SESSION, LongStream.of(far[(int) number - 1]));
        });
        write();

        assertThat(sizes(Space.MESSAGES)).isEmpty();
        assertThat(sizes(Space.PAGES)).hasSize(3);
        drop(LongStream.concat(LongStream.rangeClosed(1, 30), LongStream.of(far).skip(1)));
        start();
        assertThat(told).hasSize(31).contains(31L, 60L, far[0]).doesNotContain(30L, far[1]);
    }

    @Test
    void a_page_is_no_longer_than_its_bounds_and_a_large_message_is_a_record_of_its_own()
            throws StoreException {
        queue(SESSION, LongStream.rangeClosed(1, 2 * Page.MOST));
        queue(SESSION, LongStream.rangeClosed(1001, 1034), 4000);
        queue(SESSION, LongStream.of(2000), 5000);
        write();

        assertThat(sizes(Space.PAGES)).hasSize(4).allMatch(size -> size <= Page.MOST_BYTES + 4096);
        assertThat(sizes(Space.MESSAGES)).hasSize(1);
        assertThat(fetch(1, 1034, 2000)).containsExactly(1L, 1034L, 2000L);
    }

    @Test
    void pages_of_a_session_that_is_no_more_are_cleared_away() throws StoreException {
        queue(SESSION, LongStream.rangeClosed(1, 20));
        write();
        drop(LongStream.of(1));
        journal.ended(SESSION);
        write();

        start();

        assertThat(told).isEmpty();
        assertThat(sizes(Space.PAGES)).isEmpty();
    }

    /// The record behind a page says what has ended in it: where that is lost, so is the page, as
    /// messages of QoS 2 would come twice.
    @Test
    void a_page_whose_ends_may_be_lost_is_left_out() throws Exception {
        for (int page = 0; page < 20; page++) {
            long first = 1000L * page + 1;
            queue(SESSION, LongStream.range(first, first + 8), 1000);
            write();
            drop(LongStream.of(first));
        }
        engine.close();
        // What was in the log when it was opened again is in tables from then on.
        RocksEngine.open(folder).close();
        Path table = largest();
        byte[] bytes = Files.readAllBytes(table);

        for (int at = 0; at < bytes.length; at += 97) {
            damage(table, bytes, at);
            Path copy = copy();
            engine = DurableStore.engine(settings(copy), (severity, sentence) -> {});
            start();
            assertThat(told).as("byte %d", at).noneMatch(number -> number % 1000 == 1);
            engine.close();
            RescuedFolder.delete(copy);
        }
        Files.write(table, bytes);
        engine = RocksEngine.open(folder);
        start();
        assertThat(told).hasSize(140);
    }

    private static StoreSettings settings(Path folder) {
        return new StoreSettings(folder, Durability.SYNC, 0, WhenDamaged.SERVE);
    }

    private Path largest() throws Exception {
        Path largest = folder;
        long most = 4096;
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(file -> file.toString().endsWith(".sst")).toList()) {
                largest = Files.size(file) > most ? file : largest;
                most = Math.max(most, Files.size(file));
            }
        }
        return largest;
    }

    private static void damage(Path table, byte[] bytes, int at) throws Exception {
        byte[] damaged = bytes.clone();
        damaged[at] ^= 4;
        Files.write(table, damaged);
    }

    private Path copy() throws Exception {
        Path copy = Files.createTempDirectory(folder, "copy");
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, copy.resolve(file.getFileName().toString()));
            }
        }
        return copy;
    }

    @Test
    void a_store_of_before_there_were_pages_is_read_and_gets_them() throws Exception {
        queue(SESSION, LongStream.rangeClosed(1, 3));
        write();
        Path old = folder.resolve("old");
        writeOld(old);
        engine.close();

        try (StoreFolder opened = StoreFolder.open(old)) {
            assertThat(opened.sizes())
                    .containsEntry(Space.PAGES, new StoreFolder.Size(0, 0))
                    .hasEntrySatisfying(
                            Space.MESSAGES, size -> assertThat(size.records()).isEqualTo(3));
        }
        assertThat(StoreFolder.check(old)).isEmpty();
        engine = RocksEngine.open(old);
        assertThat(engine.get(Space.META, RocksEngine.FORMAT_KEY)).containsExactly(2);
        start();
        assertThat(told).containsExactly(1L, 2L, 3L);
        queue(SESSION, LongStream.rangeClosed(11, 20));
        write();
        drop(LongStream.of(2));
        start();
        assertThat(told).containsExactly(1L, 3L, 11L, 12L, 13L, 14L, 15L, 16L, 17L, 18L, 19L, 20L);
    }

    /// What the engine holds, in a store of format 1, which knows no pages.
    private void writeOld(Path old) throws Exception {
        List<Space> parts =
                Stream.of(Space.values()).filter(space -> space != Space.PAGES).toList();
        List<ColumnFamilyDescriptor> families = new ArrayList<>();
        families.add(new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY));
        for (Space part : parts) {
            String name = part.name().toLowerCase(Locale.ROOT);
            families.add(new ColumnFamilyDescriptor(name.getBytes(StandardCharsets.US_ASCII)));
        }
        List<ColumnFamilyHandle> handles = new ArrayList<>();
        try (DBOptions options = new DBOptions();
                RocksDB written =
                        RocksDB.open(
                                options.setCreateIfMissing(true)
                                        .setCreateMissingColumnFamilies(true),
                                old.toString(),
                                families,
                                handles)) {
            for (Space part : parts) {
                for (Map.Entry<byte[], byte[]> pair : pairs(part)) {
                    written.put(handles.get(part.id()), pair.getKey(), pair.getValue());
                }
            }
            written.put(handles.get(Space.META.id()), RocksEngine.FORMAT_KEY, new byte[] {1});
            handles.forEach(ColumnFamilyHandle::close);
        }
    }

    private List<Map.Entry<byte[], byte[]>> pairs(Space space) throws StoreException {
        List<Map.Entry<byte[], byte[]>> pairs = new ArrayList<>();
        engine.scan(space, (key, value) -> pairs.add(Map.entry(key, value)));
        return pairs;
    }

    /// Takes down the numbers of the messages that are told of.
    private final class Told extends StoreFolder.Ignored {
        @Override
        public void queued(Recovery.Copy copy) {
            told.add(copy.message().id());
        }
    }
}
