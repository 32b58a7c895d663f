package io.sotto.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.broker.spi.Durability;
import io.sotto.broker.spi.EventLog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class DurableStoreTest {
    @TempDir Path folder = Path.of("");

    @Test
    @Timeout(30)
    void one_that_was_never_started_closes_and_opens_again() throws StoreException {
        StoreSettings settings = new StoreSettings(folder, Durability.SYNC, 0, WhenDamaged.REFUSE);
        List<String> events = new ArrayList<>();
        EventLog log = (severity, sentence) -> events.add(sentence);

        DurableStore.open(settings, log, failure -> events.add(failure.getMessage())).close();
        DurableStore.open(settings, log, failure -> events.add(failure.getMessage())).close();

        assertThat(events).isEmpty();
    }

    @Test
    @Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void what_hinders_the_watch_over_the_disk_is_told_once_and_may_pass() throws Exception {
        StoreSettings settings = new StoreSettings(folder, Durability.SYNC, 0, WhenDamaged.REFUSE);
        BlockingQueue<String> events = new LinkedBlockingQueue<>();
        Path mirror = folder.resolve("mirror");
        try (DurableStore store =
                DurableStore.open(
                        settings, (severity, sentence) -> events.add(sentence), failure -> {})) {
            store.start();
            RescuedFolder.delete(mirror);
            Files.createFile(mirror);
            assertThat(events.take()).contains("cannot see how full the disk is");

            Files.delete(mirror);

            while (!Files.isDirectory(mirror)) {
                Thread.onSpinWait();
            }
        }
        assertThat(events).isEmpty();
    }
}
