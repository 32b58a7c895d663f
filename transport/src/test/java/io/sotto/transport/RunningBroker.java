package io.sotto.transport;

import io.sotto.broker.Broker;
import io.sotto.broker.BrokerSettings;
import io.sotto.broker.Shard;
import io.sotto.broker.spi.Authenticator;
import io.sotto.broker.spi.Authorizer;
import io.sotto.broker.spi.EventLog;
import io.sotto.broker.spi.MemoryJournal;
import io.sotto.broker.spi.MemoryRecorder;
import io.sotto.broker.spi.Peers;
import io.sotto.broker.spi.Ports;
import io.sotto.broker.spi.Principal;
import io.sotto.broker.spi.Terms;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.TopicFilter;
import io.sotto.mqtt.TopicName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/// A broker in memory behind a real port of the loopback interface.
final class RunningBroker implements AutoCloseable {
    /// The client whose login is never decided.
    static final String UNDECIDED = "undecided";

    /// The client whose login meets a fault of ours.
    static final String FAULTY = "faulty";

    static final Authenticator.Outcome ACCEPTED =
            new Authenticator.Accepted(Principal.ANONYMOUS, null);

    /// How the names of clients begin whose login waits for [#decide].
    static final String LATE = "to-be-decided-";

    private final Queue<Consumer<Authenticator.Outcome>> late = new ConcurrentLinkedQueue<>();
    private final Queue<String> events = new ConcurrentLinkedQueue<>();
    private final Queue<String> certified = new ConcurrentLinkedQueue<>();
    private final List<String> forgiven = new ArrayList<>();
    private final Rights rights = new Rights();
    private volatile int memoryTaken;
    private final Loops loops;
    private final Broker broker;
    private final Listener listener;

    RunningBroker(TransportSettings settings, Carriers carriers) throws IOException {
        this(settings, new Endpoint.Port("127.0.0.1", 0), carriers);
    }

    RunningBroker(TransportSettings settings, Endpoint endpoint, Carriers carriers)
            throws IOException {
        this(settings, place("test", endpoint, carriers));
    }

    RunningBroker(TransportSettings settings, Listener.Place place) throws IOException {
        this(settings, BrokerSettings.DEFAULT, place);
    }

    RunningBroker(TransportSettings settings, BrokerSettings behaviour, Listener.Place place)
            throws IOException {
        EventLog log = (severity, sentence) -> events.add(severity + " " + sentence);
        Random random = new Random(1);
        Ports ports =
                new Ports(
                        this::letIn,
                        rights,
                        shard -> new MemoryJournal(),
                        shard -> new MemoryRecorder(100),
                        log,
                        random::nextLong,
                        Peers.NONE);
        loops = new Loops(settings, log, new MemoryWatch(settings, log, () -> memoryTaken, 100));
        broker = new Broker(behaviour, ports, loops.count(), loops::wake, loops.now());
        loops.drive(broker);
        listener = open(loops, place);
    }

    /// Ends the loops again where there can be no listener.
    private static Listener open(Loops loops, Listener.Place place) throws IOException {
        try {
            return Listener.open(loops, place);
        } catch (IOException | RuntimeException e) {
            loops.close();
            throw e;
        }
    }

    RunningBroker() throws IOException {
        this(Carriers.PLAIN);
    }

    RunningBroker(Carriers carriers) throws IOException {
        this(settings(30, 1000, 0), carriers);
    }

    static Listener.Place place(String name, Endpoint endpoint, Carriers carriers) {
        return new Listener.Place(name, endpoint, true, carriers, 0, Terms.DEFAULT);
    }

    static TransportSettings settings(int writeTimeout, int connections, int perAddress) {
        return new TransportSettings(
                4, 1 << 18, writeTimeout, connections, perAddress, 0, 256L << 20, 120, 0);
    }

    Loops loops() {
        return loops;
    }

    Listener listener() {
        return listener;
    }

    private void letIn(Authenticator.Login login, Consumer<Authenticator.Outcome> answer) {
        certified.add(String.valueOf(login.origin().certified()));
        if (login.clientId().equals(UNDECIDED)) {
            return;
        }
        if (login.clientId().startsWith(FAULTY)) {
            throw new IllegalStateException("seeded");
        }
        if (login.clientId().startsWith(LATE)) {
            late.add(answer);
            return;
        }
        answer.accept(ACCEPTED);
    }

    /// How many logins wait to be decided.
    int undecided() {
        return late.size();
    }

    /// Decides what waits of logins.
    void decide(Authenticator.Outcome outcome) {
        for (Consumer<Authenticator.Outcome> one = late.poll(); one != null; one = late.poll()) {
            one.accept(outcome);
        }
    }

    /// Who each client was by its certificate, `null` where it had none.
    List<String> certified() {
        return List.copyOf(certified);
    }

    /// Everybody may do everything, until it fails.
    private static final class Rights implements Authorizer {
        private volatile boolean fail;

        @Override
        public boolean mayPublish(Subject subject, TopicName topic, QoS qos, boolean retain) {
            if (fail) {
                throw new IllegalStateException("seeded");
            }
            return true;
        }

        @Override
        public boolean maySubscribe(Subject subject, TopicFilter filter, QoS qos) {
            return true;
        }

        @Override
        public boolean mayReceive(Subject subject, TopicName topic) {
            return true;
        }

        @Override
        public int version() {
            return 0;
        }
    }

    /// From now on who is asked whether a will may be published meets a fault of ours.
    void failWills() {
        forgive("seeded");
        rights.fail = true;
    }

    /// So much of the memory for network buffers is taken from now on, in percent.
    void memoryTaken(int percent) {
        memoryTaken = percent;
    }

    /// Has something done within a turn of a loop.
    void within(int loop, Runnable task) {
        broker.shards().get(loop).execute(task);
    }

    /// Errors in the log with these words are meant to be there.
    void forgive(String words) {
        forgiven.add(words);
    }

    List<String> events() {
        return List.copyOf(events);
    }

    Peer peer() throws IOException {
        return new Peer(listener.port(), ProtocolVersion.MQTT_5);
    }

    /// A client whose system takes little that it does not read.
    Peer slowPeer() throws IOException {
        return new Peer(listener.port(), ProtocolVersion.MQTT_5, 4096);
    }

    /// Roughly: read from outside of the loops.
    int sessions() {
        return broker.shards().stream().mapToInt(Shard::sessionCount).sum();
    }

    boolean balances() {
        return broker.balances();
    }

    static void await(String what, BooleanSupplier condition) {
        long last = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > last) {
                throw new AssertionError("waited in vain: " + what);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }

    /// Stops as a process would, then checks that nothing went wrong within.
    @Override
    public void close() {
        listener.close();
        loops.close();
        for (String event : events) {
            if (event.startsWith("ERROR") && forgiven.stream().noneMatch(event::contains)) {
                throw new AssertionError(event);
            }
        }
    }
}
