package io.sotto.kernels;

import io.sotto.broker.spi.Durability;
import io.sotto.broker.spi.EventLog;
import io.sotto.broker.spi.Journal;
import io.sotto.broker.spi.MemoryJournal;
import io.sotto.broker.spi.Message;
import io.sotto.broker.spi.Principal;
import io.sotto.broker.spi.SessionStore.Owner;
import io.sotto.broker.spi.Via;
import io.sotto.mqtt.Payload;
import io.sotto.mqtt.PublishProperties;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.TopicName;
import io.sotto.store.DurableStore;
import io.sotto.store.StoreException;
import io.sotto.store.StoreSettings;
import io.sotto.store.WhenDamaged;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// Messages become durable: a turn's worth of them for a session that is away, and the wait for the
/// batch. The thread that writes works beside, and what it allocates counts.
@State(Scope.Thread)
public class CommitKernel {
    static final int BATCH = 100;

    private static final long SESSION = 1;

    /// How surely the messages are kept; `SYNC` measures the disk.
    @Param({"ASYNC", "SYNC"})
    public Durability durability = Durability.ASYNC;

    private final TopicName topic = TopicName.of("site/12/device/7/state");
    private final Payload payload = Payload.of("x".repeat(64));
    private final Semaphore progress = new Semaphore(0);
    private Path folder = Path.of("");
    private long number;
    private @Nullable DurableStore store;
    private Journal journal = new MemoryJournal();

    /// Begins a store of its own.
    @Setup
    public void begin() throws IOException, StoreException {
        folder = Files.createTempDirectory("sotto-commit");
        DurableStore fresh =
                DurableStore.open(
                        new StoreSettings(folder, durability, 0, WhenDamaged.REFUSE),
                        EventLog.NONE,
                        failure -> {
                            throw new AssertionError(failure);
                        });
        store = fresh;
        journal = fresh.journal(progress::release);
        fresh.start();
        journal.opened(SESSION, new Owner("away", Principal.ANONYMOUS), 3_600, null);
        journal.commit();
    }

    /// A message that is queued and, one batch later, settled.
    ///
    /// @return the number of the batch
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long commit() throws InterruptedException {
        for (int i = 0; i < BATCH; i++) {
            number++;
            journal.queued(message(), SESSION, QoS.AT_LEAST_ONCE, false, Via.PLAIN);
            if (number > BATCH) {
                journal.dropped(number - BATCH, SESSION);
            }
        }
        journal.commit();
        while (journal.durable() < journal.batch()) {
            progress.acquire();
        }
        return journal.durable();
    }

    private Message message() {
        return new Message(
                number,
                topic,
                payload,
                QoS.AT_LEAST_ONCE,
                false,
                PublishProperties.NONE,
                "publisher",
                1_000_000,
                null,
                null);
    }

    /// Leaves nothing behind.
    @TearDown
    public void end() throws IOException {
        Objects.requireNonNull(store).close();
        List<Path> files;
        try (Stream<Path> walk = Files.walk(folder)) {
            files = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : files) {
            Files.delete(file);
        }
    }
}
