package io.sotto.store;

import io.sotto.broker.spi.EventLog;
import io.sotto.broker.spi.EventLog.Severity;
import io.sotto.broker.spi.Journal;
import io.sotto.broker.spi.Recovery;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/// The store on a disk, with all that keeps it going: the engine, the thread that commits, and the
/// watch over the room that is left.
public final class DurableStore implements AutoCloseable {
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    private final StoreSettings settings;
    private final EventLog events;
    private final Engine engine;
    private final Store store;
    private final Committer committer;
    private final Thread watch;
    private final Manifest manifest;

    private boolean started;

    /// Whether less than the reserve was left when it was last looked at; told by one thread after
    /// the other.
    private boolean low;

    private DurableStore(
            StoreSettings settings,
            EventLog events,
            Engine engine,
            Consumer<StoreException> failed) {
        this.settings = settings;
        this.events = events;
        this.engine = engine;
        this.store = new Store(engine, settings.durability());
        this.committer =
                new Committer(
                        store,
                        trouble -> {
                            events.event(Severity.ERROR, "store: " + trouble.getMessage());
                            if (trouble.kind() != StoreException.Kind.FULL) {
                                failed.accept(trouble);
                            }
                        });
        this.manifest = new Manifest(settings.folder());
        this.watch = Thread.ofVirtual().name("store-room").unstarted(this::watchRoom);
    }

    /// Opens the store of a folder, or begins one there.
    ///
    /// @param failed told, from any thread, that nothing can be kept any more: the broker is to end
    public static DurableStore open(
            StoreSettings settings, EventLog events, Consumer<StoreException> failed)
            throws StoreException {
        return new DurableStore(settings, events, engine(settings, events), failed);
    }

    /// Opens the engine, and says what is not whole, so that nothing is lost without a word.
    static RocksEngine engine(StoreSettings settings, EventLog events) throws StoreException {
        Path folder = RocksEngine.folder(settings.folder());
        boolean serves = settings.damaged() == WhenDamaged.SERVE;
        finishRescue(folder);
        LogDamage damage = LogDamage.find(folder, serves);
        if (!serves) {
            damage.refuse();
        }
        damage.keepAside();
        RocksEngine engine;
        List<String> lost = List.of();
        try {
            engine = whole(folder);
        } catch (StoreException e) {
            if (!RocksRescue.isOfTables(e)) {
                throw e;
            }
            if (!serves) {
                throw new StoreException(
                        e.kind(),
                        e.getMessage()
                                + ": restore a backup, or start with store.damaged: serve to go on"
                                + " with what can be read",
                        e);
            }
            lost = RocksRescue.run(folder, e);
            engine = whole(folder);
        }
        damage.tell(events);
        lost.forEach(sentence -> events.event(Severity.ERROR, "store: " + sentence));
        return engine;
    }

    private static void finishRescue(Path folder) throws StoreException {
        try {
            RescuedFolder.finish(folder);
        } catch (IOException e) {
            throw new StoreException(
                    StoreException.Kind.REFUSED,
                    "cannot finish what the last start began in " + folder + ": " + e.getMessage(),
                    e);
        }
    }

    /// An engine all of whose tables can be read.
    private static RocksEngine whole(Path folder) throws StoreException {
        RocksEngine engine = RocksEngine.open(folder);
        try {
            engine.verify();
            return engine;
        } catch (StoreException e) {
            engine.release();
            throw e;
        }
    }

    /// The journal of the next shard.
    ///
    /// @param wake makes the shard look how far the journal is; from any thread
    public Journal journal(Runnable wake) {
        return store.journal(wake);
    }

    /// What the last run left, to be told before [#start].
    public Recovery recovery() {
        return new ReadAhead(store.recovery());
    }

    /// Begins to commit; how much room there is was seen before the first shard asks.
    ///
    /// @throws IOException when it cannot be seen
    public void start() throws IOException {
        look();
        manifest.follow();
        started = true;
        committer.start();
        watch.start();
    }

    private void look() throws IOException {
        FileStore disk = Files.getFileStore(settings.folder());
        boolean isLow = disk.getUsableSpace() < settings.reserve();
        if (isLow == low) {
            return;
        }
        low = isLow;
        store.low(low);
        events.event(
                low ? Severity.ERROR : Severity.INFO,
                low
                        ? "store: the disk is nearly full (store.reserve): nothing more"
                                + " is taken that would have to be kept"
                        : "store: there is room on the disk again");
    }

    private void watchRoom() {
        try {
            for (boolean sees = true; ; ) {
                Thread.sleep(LOOK_EVERY);
                sees = watchRoomOnce(sees);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// What hinders it, such as want of descriptors, may pass: that is told once, and it looks
    /// again.
    ///
    /// @param saw whether it could the last time
    private boolean watchRoomOnce(boolean saw) {
        try {
            look();
            manifest.follow();
            return true;
        } catch (IOException e) {
            if (saw) {
                events.event(
                        Severity.ERROR,
                        "store: cannot see how full the disk is: " + e.getMessage());
            }
            return false;
        }
    }

    private void finish() {
        try {
            watch.interrupt();
            watch.join();
            committer.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Commits what waits and closes the files.
    @Override
    public void close() {
        if (started) {
            finish();
        }
        try {
            engine.close();
        } catch (StoreException e) {
            events.event(Severity.ERROR, "store: " + e.getMessage());
        }
    }
}
