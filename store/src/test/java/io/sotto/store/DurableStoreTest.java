package io.sotto.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.broker.spi.Durability;
import io.sotto.broker.spi.EventLog;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
}
