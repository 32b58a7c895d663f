package io.sotto.broker;

import io.sotto.broker.spi.Authenticator;
import io.sotto.broker.spi.Authorizer;
import io.sotto.broker.spi.Durability;
import io.sotto.broker.spi.EventLog;
import io.sotto.broker.spi.MemoryJournal;
import io.sotto.broker.spi.MemoryRecorder;
import io.sotto.broker.spi.Message;
import io.sotto.broker.spi.Peers;
import io.sotto.broker.spi.Ports;
import io.sotto.broker.spi.Principal;
import io.sotto.broker.spi.Recovery;
import io.sotto.broker.spi.Via;
import io.sotto.mqtt.Payload;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.ReasonCode;
import io.sotto.mqtt.Will;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// A broker of one shard in the test's own thread, with a clock that the test moves. Whoever gives
/// a user name needs the password "right".
final class TestBroker {
    private final MemoryRecorder recorder = new MemoryRecorder(100);
    private final Witness journal = new Witness();
    private final Broker broker;
    private long now = 1_000_000;

    TestBroker(BrokerSettings settings, Authorizer authorizer) {
        this(settings, authorizer, TestBroker::authenticate);
    }

    TestBroker(BrokerSettings settings, Authorizer authorizer, Authenticator authenticator) {
        this(settings, authorizer, authenticator, 1);
    }

    /// A broker of several shards, of which clients come to the first; the others turn when the
    /// test has them turn.
    TestBroker(int shards) {
        this(BrokerSettings.DEFAULT, Authorizer.ALLOW_ALL, TestBroker::authenticate, shards);
    }

    private TestBroker(
            BrokerSettings settings,
            Authorizer authorizer,
            Authenticator authenticator,
            int shards) {
        Random random = new Random(1);
        Ports ports =
                new Ports(
                        authenticator,
                        authorizer,
                        shard -> journal,
                        shard -> recorder,
                        EventLog.NONE,
                        random::nextLong,
                        Peers.NONE);
        this.broker = new Broker(settings, ports, shards, shard -> () -> {}, now);
    }

    TestBroker() {
        this(BrokerSettings.DEFAULT, Authorizer.ALLOW_ALL);
    }

    private static void authenticate(
            Authenticator.Login login, Consumer<Authenticator.Outcome> answer) {
        if (login.userName() == null) {
            answer.accept(new Authenticator.Accepted(Principal.ANONYMOUS, null));
        } else if (login.password() != null && login.password().equals(Payload.of("right"))) {
            answer.accept(new Authenticator.Accepted(new Principal(login.userName()), null));
        } else {
            answer.accept(
                    new Authenticator.Refused(
                            ReasonCode.BAD_USER_NAME_OR_PASSWORD,
                            "bad user name or password",
                            "wrong password"));
        }
    }

    /// A journal that remembers whose sessions it was told of, and what was counted.
    static final class Witness extends MemoryJournal {
        private final Map<Long, String> names = new LinkedHashMap<>();
        private Map<String, Long> totals = Map.of();
        private int timesCounted;
        private Condition condition = Condition.READY;
        private boolean stalled;
        private long changes;
        private boolean holdsAny;
        private @Nullable Durability next;
        private final List<String> exact = new ArrayList<>();

        @Override
        public void keeping(@Nullable Durability durability) {
            next = durability;
        }

        @Override
        public void barrier() {
            holdsAny = true;
        }

        @Override
        public void commit() {
            holdsAny = false;
        }

        /// Whether it was told of anything that it was not committed with.
        boolean holdsAny() {
            return holdsAny;
        }

        @Override
        public void sent(long message, long session, int packetId) {
            exact.add("sent " + next);
        }

        @Override
        public void pubRec(long message, long session, int packetId) {
            exact.add("received " + next);
        }

        /// What became of packet identifiers, and how surely that is kept.
        List<String> exact() {
            return List.copyOf(exact);
        }

        @Override
        public void opened(long session, Owner owner, long expiryInterval, @Nullable Will will) {
            names.put(session, owner.clientId());
            changes++;
        }

        @Override
        public void queued(Message message, long session, QoS qos, boolean retain, Via via) {
            changes++;
        }

        @Override
        public long changes() {
            return changes;
        }

        @Override
        public long batch() {
            return changes;
        }

        @Override
        public long durable() {
            return stalled ? 0 : Long.MAX_VALUE;
        }

        /// Nothing becomes durable any more, or all does again.
        void stalled(boolean isStalled) {
            stalled = isStalled;
        }

        @Override
        public void ended(long session) {
            names.remove(session);
        }

        @Override
        public void totals(Map<String, Long> told) {
            totals = told;
            timesCounted++;
        }

        @Override
        public Condition condition() {
            return condition;
        }

        void condition(Condition now) {
            condition = now;
        }

        /// The totals that it was told of last.
        Map<String, Long> totals() {
            return totals;
        }

        /// How often it was told of totals.
        int timesCounted() {
            return timesCounted;
        }

        List<String> sessions() {
            return List.copyOf(names.values());
        }
    }

    Witness journal() {
        return journal;
    }

    /// Takes back what was kept.
    void restore(Recovery recovery) {
        broker.restore(recovery, now);
        settle();
    }

    Broker broker() {
        return broker;
    }

    /// A client identifier whose home is that shard.
    String idAt(int shard) {
        return IntStream.range(0, 1000)
                .mapToObj(i -> "c" + i)
                .filter(id -> broker.home(id) == shard)
                .findFirst()
                .orElseThrow();
    }

    Shard shard() {
        return broker.shards().getFirst();
    }

    void figure(String name, LongSupplier figure) {
        broker.figure(name, figure);
        settle();
    }

    /// Keeps what was counted, as at the end.
    void conclude() {
        broker.conclude(() -> {});
        settle();
    }

    MemoryRecorder recorder() {
        return recorder;
    }

    long now() {
        return now;
    }

    /// Lets the loop turn until nothing is left to do, and checks the books.
    void settle() {
        for (int turn = 0; turn < 4 || shard().mailCount() > 0; turn++) {
            shard().drain(now);
            shard().endTurn(now);
        }
        if (!broker.balances()) {
            throw new AssertionError("the balance does not close");
        }
    }

    void sleep(long millis) {
        now += millis;
        shard().tick(now);
        settle();
    }

    TestClient modern() {
        return new TestClient(this, ProtocolVersion.MQTT_5);
    }

    TestClient old() {
        return new TestClient(this, ProtocolVersion.MQTT_3_1_1);
    }
}
