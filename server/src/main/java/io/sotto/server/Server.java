package io.sotto.server;

import io.sotto.access.PasswordHash;
import io.sotto.access.ScramCredential;
import io.sotto.access.ScramUsers;
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
import io.sotto.server.config.UserConfig;
import io.sotto.transport.Loops;
import io.sotto.transport.TcpListener;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
    private final Loops loops;
    private final Broker broker;
    private final List<TcpListener> listeners = new ArrayList<>();
    private final List<String> places = new ArrayList<>();

    private Server(EventLines events, UserList users, Loops loops, Broker broker) {
        this.events = events;
        this.users = users;
        this.loops = loops;
        this.broker = broker;
    }

    /// Wires the rooms and opens the ports.
    ///
    /// @throws IOException with one sentence, when a port cannot be had
    static Server start(SottoConfig config) throws IOException {
        EventLines events = EventLines.start(config.log(), System.err);
        UserList users = new UserList(passwords(config.users()));
        Loops loops = new Loops(config.transport(), events);
        Ports ports =
                new Ports(
                        new ScramUsers(scram(config.users()), users),
                        Authorizer.ALLOW_ALL,
                        shard -> new MemoryJournal(),
                        shard -> new MemoryRecorder(DECISIONS),
                        events,
                        new SecureEntropy(),
                        Peers.NONE);
        Broker broker = new Broker(config.broker(), ports, loops.count(), loops::wake, loops.now());
        loops.drive(broker);
        Server server = new Server(events, users, loops, broker);
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

    private static Map<String, PasswordHash> passwords(List<UserConfig> users) {
        Map<String, PasswordHash> passwords = new LinkedHashMap<>();
        for (UserConfig user : users) {
            if (user.password() != null) {
                passwords.put(user.name(), user.password());
            }
        }
        return passwords;
    }

    private static Map<String, List<ScramCredential>> scram(List<UserConfig> users) {
        Map<String, List<ScramCredential>> scram = new LinkedHashMap<>();
        users.forEach(user -> scram.put(user.name(), user.scram()));
        return scram;
    }

    private void open(ListenerConfig config) throws IOException {
        boolean anonymous = Boolean.TRUE.equals(config.anonymous());
        TcpListener.Place place =
                new TcpListener.Place(config.name(), config.host(), config.port(), anonymous);
        try {
            TcpListener listener = TcpListener.open(loops, place);
            listeners.add(listener);
            places.add(shown(config.host(), listener.port()));
        } catch (IOException e) {
            throw new IOException(
                    "cannot listen on " + shown(config.host(), config.port()) + ": " + plain(e), e);
        }
    }

    private static String shown(String host, int port) {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
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
        listeners.forEach(TcpListener::close);
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
        users.close();
        events.close();
    }
}
