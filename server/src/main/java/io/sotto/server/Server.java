package io.sotto.server;

import io.sotto.broker.Broker;
import io.sotto.broker.Keeping;
import io.sotto.broker.Shard;
import io.sotto.broker.spi.Durability;
import io.sotto.broker.spi.EventLog.Severity;
import io.sotto.broker.spi.MemoryJournal;
import io.sotto.broker.spi.MemoryRecorder;
import io.sotto.broker.spi.Peers;
import io.sotto.broker.spi.Ports;
import io.sotto.server.config.SottoConfig;
import io.sotto.store.DurableStore;
import io.sotto.store.StoreException;
import io.sotto.store.StoreSettings;
import io.sotto.transport.Loops;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A running broker: all rooms, wired.
final class Server {
    /// How many decisions each shard remembers.
    private static final int DECISIONS = 4096;

    /// The exit status when the store has failed.
    static final int STORE_FAILED = 3;

    /// How long a stop waits for the shards, and then for what they wrote to leave.
    private static final long STOP_MILLIS = 600;

    private final EventLines events;
    private final Access access;
    private final Loops loops;
    private final Broker broker;
    private final @Nullable DurableStore store;
    private final Listeners listeners;
    private @Nullable ControlSocket control;

    private Server(
            EventLines events,
            Access access,
            Loops loops,
            Broker broker,
            @Nullable DurableStore store) {
        this.events = events;
        this.access = access;
        this.loops = loops;
        this.listeners = new Listeners(loops, events);
        this.broker = broker;
        this.store = store;
    }

    /// Wires the rooms, takes back what was kept, and opens the ports.
    ///
    /// @throws IOException with one sentence, when a port or the store cannot be had
    static Server start(SottoConfig config) throws IOException {
        EventLines events = EventLines.start(config.log(), System.err);
        DurableStore store = openStore(config.store(), config.broker().keeping(), events);
        Loops loops = new Loops(config.transport(), events);
        Access access = new Access(config, loops::now);
        List<Shard> shards = new CopyOnWriteArrayList<>();
        Ports ports =
                new Ports(
                        access.authenticator(),
                        access.authorizer(),
                        shard ->
                                store == null
                                        ? new MemoryJournal()
                                        : store.journal(() -> shards.get(shard).wakeUp()),
                        shard -> new DecisionLines(new MemoryRecorder(DECISIONS), events),
                        events,
                        new SecureEntropy(),
                        Peers.NONE);
        Broker broker = new Broker(config.broker(), ports, loops.count(), loops::wake, loops.now());
        shards.addAll(broker.shards());
        Server server = new Server(events, access, loops, broker, store);
        server.restore();
        loops.drive(broker);
        try {
            server.listeners.start(config.listeners());
            broker.figure("certificates/expiry", server.listeners::secondsToFirstEnd);
        } catch (IOException e) {
            server.stop();
            throw e;
        }
        return server;
    }

    /// What reads the configuration again while this runs.
    ///
    /// @param source what it was started with
    /// @param config what that came to
    Reload reload(Reload.Source source, SottoConfig config) {
        return new Reload(source, config, new Reload.Running(access, broker, listeners, events));
    }

    /// Takes SIGHUP and the commands of `sotto reload` from now on.
    void awaitCommands(Reload.Source source, SottoConfig config) {
        Reload reload = reload(source, config);
        if (!Hangup.does(reload::apply)) {
            events.event(Severity.INFO, "SIGHUP is not taken here, sotto reload is");
        }
        try {
            Activity activity = new Activity(broker.shards());
            control =
                    ControlSocket.open(
                            config.store().folder(),
                            command ->
                                    Activity.isAskedBy(command)
                                            ? activity.answer(command)
                                            : reload.command(command));
        } catch (IOException e) {
            events.event(
                    Severity.WARNING,
                    "sotto reload cannot reach this broker, SIGHUP can: " + e.getMessage());
        }
    }

    private static @Nullable DurableStore openStore(
            StoreSettings settings, Keeping keeping, EventLines events) throws IOException {
        if (settings.durability() == Durability.MEMORY && keeping.isFleeting()) {
            events.event(Severity.WARNING, "durability: memory: nothing outlives this process");
            return null;
        }
        try {
            return DurableStore.open(settings, events, failure -> fail(events));
        } catch (StoreException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /// Ends a process that cannot keep what it would acknowledge: what was acknowledged is on the
    /// disk, and a supervisor starts it again.
    private static void fail(EventLines events) {
        events.event(Severity.ERROR, "the broker stops: nothing can be kept any more");
        events.close();
        Runtime.getRuntime().halt(STORE_FAILED);
    }

    private void restore() throws IOException {
        if (store == null) {
            return;
        }
        long began = System.nanoTime();
        try {
            broker.restore(store.recovery(), loops.now());
        } catch (UncheckedIOException e) {
            throw new IOException(e.getMessage(), e);
        }
        store.start();
        long sessions = broker.shards().stream().mapToLong(Shard::sessionCount).sum();
        long queued = broker.shards().stream().mapToLong(shard -> shard.ledger().queuedNow()).sum();
        events.event(
                Severity.INFO,
                "store: %,d sessions, %,d messages for them and %,d retained ones are back after %,d ms"
                        .formatted(
                                sessions,
                                queued,
                                broker.retainedCount(),
                                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began)));
    }

    /// Where it listens, as the ready line says it.
    String places() {
        return String.join(" and ", listeners.places());
    }

    /// Stops: nobody is accepted any more, all clients are told, and what was written to them
    /// leaves, all within two seconds.
    void stop() {
        if (control != null) {
            control.close();
        }
        listeners.close();
        CountDownLatch told = new CountDownLatch(loops.count());
        CountDownLatch counted = new CountDownLatch(1);
        for (Shard shard : broker.shards()) {
            shard.execute(() -> {
                shard.shutDown(loops.now());
                told.countDown();
            });
        }
        try {
            boolean answered = told.await(STOP_MILLIS, TimeUnit.MILLISECONDS);
            broker.conclude(counted::countDown);
            if (!counted.await(STOP_MILLIS, TimeUnit.MILLISECONDS) || !answered) {
                events.event(Severity.ERROR, "some shards did not answer within the stop");
            }
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(STOP_MILLIS);
            while (loops.connectionCount() > 0 && System.nanoTime() < end) {
                Thread.sleep(5);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        loops.close();
        access.close();
        if (store != null) {
            store.close();
        }
        events.close();
    }
}
