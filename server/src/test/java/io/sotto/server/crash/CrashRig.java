package io.sotto.server.crash;

import io.sotto.client.Client;
import io.sotto.client.ClientOptions;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.Publish;
import io.sotto.mqtt.PublishProperties;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.TopicName;
import io.sotto.mqtt.Will;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/// Traffic on a broker that is killed again and again, and what its clients find afterwards.
///
/// Four publishers of QoS 1 and 2 whom several hear, two whom only one hears, one of retained
/// messages, subscribers that stay, that come and go and that stay away to the end, one that
/// changes its subscriptions all the time, and in each round a client that is gone for good and
/// leaves a will with a delay. All but the last have sessions that outlive the broker, and resume
/// them.
final class CrashRig implements AutoCloseable {
    private static final String SETTINGS =
            """
            queue: {messages: 100000000, bytes: 16GiB}
            log: {level: warning}
            """;

    /// What a start says of a group that the kill has cut: it was not acknowledged.
    private static final String TORN = "it was being written as the broker ended, and is left out";

    private static final long PATIENCE_SECONDS = 60;
    private static final int MOST_ACKS = 1_200;
    private static final int MOST_MILLIS = 900;

    private final Promise promise;
    private final Ledger ledger = new Ledger();
    private final Random random;
    private final Broker broker;
    private final List<Publisher> publishers = new ArrayList<>();
    private final List<Subscriber> subscribers = new ArrayList<>();
    private final List<Integer> restarts = new ArrayList<>();
    private int wills;
    private int kills;

    /// @param promise what the broker is told to keep
    CrashRig(Path jar, Path folder, Promise promise, long seed) throws IOException {
        this.promise = promise;
        this.random = new Random(seed);
        String settings = SETTINGS + "durability: " + promise.durability() + "\n";
        this.broker = new Broker(jar, folder, settings);
    }

    /// What came of a run.
    ///
    /// @param kills how often the broker was killed
    /// @param readyMillis what each start took until it served
    record Outcome(
            int kills,
            List<Integer> readyMillis,
            long published,
            long changes,
            int wills,
            Ledger ledger) {
        @Override
        public String toString() {
            List<Integer> sorted = readyMillis.stream().sorted().toList();
            return """
            kills with SIGKILL          %,d
            starts                      median %,d ms, longest %,d ms
            acknowledged to publishers  %,d messages
            subscriptions changed       %,d
            delivered                   %,d, of these %,d once more at QoS 1
            lost of QoS 1               %,d copies, acknowledged at most %,d ms before a kill
            sessions resumed            %,d
            wills                       %,d
            broken promises             %,d
            """
                    .formatted(
                            kills,
                            sorted.get(sorted.size() / 2),
                            sorted.getLast(),
                            published,
                            changes,
                            ledger.delivered.get(),
                            ledger.repeated.get(),
                            ledger.lost.get(),
                            TimeUnit.NANOSECONDS.toMillis(ledger.oldestLost.get()),
                            ledger.resumed.get(),
                            wills,
                            ledger.faults().size());
        }
    }

    private Member member(String id, ProtocolVersion version) {
        return new Member(broker, ledger, id, version);
    }

    private Member member(String id) {
        return member(id, ProtocolVersion.MQTT_5);
    }

    private void subscribe(String id, ProtocolVersion version, String filter, QoS qos) {
        subscribers.add(new Subscriber(member(id, version), filter, qos, ledger));
    }

    /// Kills the broker so often, with traffic between, and looks what is left of what it promised.
    Outcome run(int rounds) throws IOException, InterruptedException {
        broker.launch();
        restarts.add(broker.awaitReady());
        subscribe("stays-5", ProtocolVersion.MQTT_5, "load/#", QoS.EXACTLY_ONCE);
        subscribe("stays-3", ProtocolVersion.MQTT_3_1_1, "load/#", QoS.AT_LEAST_ONCE);
        subscribe("comes-and-goes", ProtocolVersion.MQTT_3_1_1, "load/#", QoS.EXACTLY_ONCE);
        subscribe("away", ProtocolVersion.MQTT_5, "load/#", QoS.EXACTLY_ONCE);
        subscribers.getLast().leave();
        subscribe("alone", ProtocolVersion.MQTT_5, "alone/#", QoS.AT_LEAST_ONCE);
        subscribers.getLast().leave();
        Subscriber heir = new Subscriber(member("heir"), "will/#", QoS.EXACTLY_ONCE, ledger);
        publishers.add(publisher("load/a", ProtocolVersion.MQTT_5, QoS.AT_LEAST_ONCE, false));
        publishers.add(publisher("load/b", ProtocolVersion.MQTT_5, QoS.EXACTLY_ONCE, false));
        publishers.add(publisher("load/c", ProtocolVersion.MQTT_3_1_1, QoS.AT_LEAST_ONCE, false));
        publishers.add(publisher("load/d", ProtocolVersion.MQTT_3_1_1, QoS.EXACTLY_ONCE, false));
        publishers.add(publisher("alone/e", ProtocolVersion.MQTT_5, QoS.AT_LEAST_ONCE, false));
        publishers.add(publisher("alone/f", ProtocolVersion.MQTT_3_1_1, QoS.EXACTLY_ONCE, false));
        publishers.add(publisher("state", ProtocolVersion.MQTT_5, QoS.AT_LEAST_ONCE, true));
        Collector collector =
                new Collector(member("collector"), member("collected"), ledger, random.nextLong());
        publishers.forEach(Publisher::start);
        collector.start();
        for (int round = 0; round < rounds; round++) {
            round();
        }
        return settle(heir, collector);
    }

    private Publisher publisher(String id, ProtocolVersion version, QoS qos, boolean retain) {
        return new Publisher(member(id, version), qos, retain, ledger);
    }

    private void round() throws IOException, InterruptedException {
        Subscriber guest = subscribers.get(2);
        if (guest.isHere()) {
            guest.leave();
        } else {
            guest.come();
        }
        bequeath();
        // Whichever comes first: so many acknowledgements, or so much time.
        var _ =
                ledger.acks()
                        .tryAcquire(
                                1 + random.nextInt(MOST_ACKS),
                                1 + random.nextInt(MOST_MILLIS),
                                TimeUnit.MILLISECONDS);
        broker.kill();
        broker.launch();
        if (random.nextInt(8) == 0) {
            broker.run(random.nextInt(1_000));
            broker.kill();
            broker.launch();
            kills++;
        }
        kills++;
        restarts.add(broker.awaitReady());
    }

    /// A client that leaves a will, and is never seen again: lost at once, or with the broker.
    private void bequeath() {
        Client last =
                Client.connect(
                        ClientOptions.of(broker.connector())
                                .clientId("mourned-" + wills)
                                .sessionExpiryInterval(100_000)
                                .will(
                                        new Will(
                                                TopicName.of("will/" + wills),
                                                Numbered.payload(1),
                                                QoS.EXACTLY_ONCE,
                                                false,
                                                1,
                                                PublishProperties.NONE)));
        wills++;
        if (random.nextBoolean()) {
            last.abort();
        }
    }

    private Outcome settle(Subscriber heir, Collector collector)
            throws IOException, InterruptedException {
        long published = 0;
        subscribers.forEach(Subscriber::come);
        List<Long> counts = new ArrayList<>();
        for (Publisher publisher : publishers) {
            counts.add(publisher.finish(PATIENCE_SECONDS));
            published += counts.getLast();
        }
        for (int i = 0; i < publishers.size(); i++) {
            arrived(publishers.get(i), counts.get(i));
        }
        for (int i = 0; i < wills; i++) {
            heir.await("will/" + i, 1, new BitSet(), patience());
        }
        retained(counts.getLast());
        long changes = collector.finish(Duration.ofSeconds(PATIENCE_SECONDS));
        nothingMore();
        for (int i = 0; i < publishers.size(); i++) {
            countLost(publishers.get(i), counts.get(i));
        }
        heir.leave();
        broker.log()
                .lines()
                .filter(line -> !line.isBlank() && !line.endsWith(TORN))
                .forEach(ledger::fault);
        return new Outcome(kills, restarts, published, changes, wills, ledger);
    }

    /// Seconds. Where one thing is lost already, others are not waited for as long again.
    private long patience() {
        return ledger.faults().isEmpty() ? PATIENCE_SECONDS : 1;
    }

    /// All that was acknowledged to a publisher has come, but for what may be lost.
    private void arrived(Publisher publisher, long count) throws InterruptedException {
        BitSet dispensable = publisher.mayBeLost(broker.lives(), promise);
        for (Subscriber subscriber : subscribers) {
            if (subscriber.wants(publisher.topic())) {
                subscriber.await(publisher.topic(), count, dispensable, patience());
            }
        }
    }

    /// How old what is missing was when the broker was killed, be it a fault or not.
    private void countLost(Publisher publisher, long count) {
        for (Subscriber subscriber : subscribers) {
            if (publisher.isTimed() && subscriber.wants(publisher.topic())) {
                subscriber.missing(publisher.topic(), count, new BitSet()).stream()
                        .forEach(number ->
                                ledger.lost(publisher.beforeKill(number, broker.lives())));
            }
        }
    }

    /// Every retained topic has the last value that was acknowledged on it.
    private void retained(long count) {
        try (Client reader = Client.connect(ClientOptions.of(broker.connector()))) {
            reader.subscribe("state/#", QoS.AT_LEAST_ONCE);
            long topics = count / Publisher.VALUES + 1;
            long right = 0;
            for (long i = 0; i < topics; i++) {
                Publish message = reader.receive(Duration.ofSeconds(PATIENCE_SECONDS));
                if (message == null) {
                    break;
                }
                Long value = Numbered.number(message.payload());
                if (value == null
                        || !message.topic().toString().equals(Publisher.state(value))
                        || value != count && value % Publisher.VALUES != Publisher.VALUES - 1) {
                    ledger.fault(
                            "retained " + message.topic() + " has a value of before: " + value);
                }
                right++;
            }
            if (right != topics) {
                ledger.fault("of %d retained topics %d are there".formatted(topics, right));
            }
        }
    }

    /// Each session resumes once more, and finds nothing that it had already.
    private void nothingMore() {
        for (Subscriber subscriber : subscribers) {
            subscriber.leave();
            long before = ledger.delivered.get();
            subscriber.come();
            subscriber.leave();
            if (ledger.delivered.get() != before) {
                ledger.fault(subscriber.id() + ": something is left over");
            }
        }
    }

    @Override
    public void close() {
        broker.close();
    }
}
