package io.sotto.server;

import io.sotto.access.LoginBrake;
import io.sotto.access.UserList;
import io.sotto.broker.Broker;
import io.sotto.broker.Shard;
import io.sotto.broker.spi.Authorizer;
import io.sotto.broker.spi.EventLog.Severity;
import io.sotto.broker.spi.MemoryJournal;
import io.sotto.broker.spi.MemoryRecorder;
import io.sotto.broker.spi.Peers;
import io.sotto.broker.spi.Ports;
import io.sotto.server.config.ListenerConfig;
import io.sotto.server.config.SottoConfig;
import io.sotto.transport.Endpoint.Port;
import io.sotto.transport.Listener;
import io.sotto.transport.Loops;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/// A running broker: all rooms, wired.
final class Server {
    /// How many decisions each shard remembers.
    private static final int DECISIONS = 4096;

    /// How long a stop waits for the shards, and then for what they wrote to leave.
    private static final long STOP_MILLIS = 600;

    private final EventLines events;
    private final UserList users;
    private final LoginBrake brake;
    private final Loops loops;
    private final Broker broker;
    private final List<Listener> listeners = new ArrayList<>();
    private final List<String> places = new ArrayList<>();

    private Server(
            EventLines events, UserList users, LoginBrake brake, Loops loops, Broker broker) {
        this.events = events;
        this.users = users;
        this.brake = brake;
        this.loops = loops;
        this.broker = broker;
    }

    /// Wires the rooms and opens the ports.
    ///
    /// @throws IOException with one sentence, when a port cannot be had
    static Server start(SottoConfig config) throws IOException {
        EventLines events = EventLines.start(config.log(), System.err);
        UserList users = new UserList(config.users());
        Loops loops = new Loops(config.transport(), events);
        LoginBrake brake = new LoginBrake(users, config.logins(), loops::now);
        Ports ports =
                new Ports(
                        brake,
                        Authorizer.ALLOW_ALL,
                        shard -> new MemoryJournal(),
                        shard -> new MemoryRecorder(DECISIONS),
                        events,
                        new SecureEntropy(),
                        Peers.NONE);
        Broker broker = new Broker(config.broker(), ports, loops.count(), loops::wake, loops.now());
        loops.drive(broker);
        Server server = new Server(events, users, brake, loops, broker);
        try {
            for (ListenerConfig listener : config.listeners()) {
                server.open(listener);
            }
        } catch (IOException e) {
            server.stop();
            throw e;
        }
        return server;
    }

    private void open(ListenerConfig config) throws IOException {
        boolean anonymous = Boolean.TRUE.equals(config.anonymous());
        Listener.Place place =
                new Listener.Place(config.name(), config.endpoint(), anonymous, config.carriers());
        try {
            Listener listener = Listener.open(loops, place);
            listeners.add(listener);
            places.add(
                    config.endpoint() instanceof Port port
                            ? new Port(port.host(), listener.port()).toString()
                            : config.endpoint().toString());
        } catch (IOException e) {
            throw new IOException("cannot listen on " + config.endpoint() + ": " + plain(e), e);
        }
    }

    private static String plain(IOException e) {
        String words = String.valueOf(e.getMessage());
        return words.contains("Address already in use") ? "another program has that port" : words;
    }

    /// Where it listens, as the ready line says it.
    String places() {
        return places.stream().collect(Collectors.joining(" and "));
    }

    /// Stops: nobody is accepted any more, all clients are told, and what was written to them
    /// leaves, all within two seconds.
    void stop() {
        listeners.forEach(Listener::close);
        CountDownLatch told = new CountDownLatch(loops.count());
        for (Shard shard : broker.shards()) {
            shard.execute(() -> {
                shard.shutDown(loops.now());
                told.countDown();
            });
        }
        try {
            if (!told.await(STOP_MILLIS, TimeUnit.MILLISECONDS)) {
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
        brake.close();
        users.close();
        events.close();
    }
}
