package io.sotto.server.crash;

import io.sotto.client.Client;
import io.sotto.mqtt.Publish;
import io.sotto.mqtt.QoS;
import java.util.BitSet;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Notes what comes, over all connections of one session: each number of each topic at least once
/// and in order, with QoS 2 exactly once.
final class Subscriber {
    private final Member member;
    private final String filter;
    private final Ledger ledger;
    private final Map<String, BitSet> seen = new ConcurrentHashMap<>();
    private final Semaphore arrivals = new Semaphore(0);
    private @Nullable Client client;

    Subscriber(Member member, String filter, QoS qos, Ledger ledger) {
        this.member = member;
        this.filter = filter;
        this.ledger = ledger;
        Client first = member.connect();
        first.subscribe(filter, qos);
        first.listen(this::see);
        this.client = first;
    }

    String id() {
        return member.id();
    }

    /// Whether it is there, or trying to be.
    boolean isHere() {
        return client != null;
    }

    void come() {
        if (client == null) {
            client = member.connect();
            client.listen(this::see);
        }
    }

    /// Leaves in good order; the session stays.
    void leave() {
        if (client != null) {
            client.close();
            client = null;
        }
    }

    private void see(Publish publish) {
        String topic = publish.topic().toString();
        Long number = Numbered.number(publish.payload());
        ledger.delivered.incrementAndGet();
        if (number == null) {
            ledger.fault(id() + ": a message of " + topic + " is not what was published");
            return;
        }
        BitSet numbers = seen.computeIfAbsent(topic, _ -> new BitSet());
        synchronized (numbers) {
            int index = Math.toIntExact(number);
            if (!numbers.get(index)) {
                if (index < numbers.length()) {
                    ledger.fault(id() + ": " + topic + " " + number + " is late");
                }
                numbers.set(index);
            } else if (publish.qos() == QoS.EXACTLY_ONCE) {
                ledger.fault(id() + ": " + topic + " " + number + " came twice");
            } else {
                ledger.repeated.incrementAndGet();
            }
        }
        arrivals.release();
    }

    /// Whether it has subscribed to a topic.
    boolean wants(String topic) {
        return topic.startsWith(filter.substring(0, filter.length() - 1));
    }

    /// Waits until the numbers from 1 on of a topic of its filter have come, as long as anything
    /// comes.
    ///
    /// @param dispensable those that need not come
    void await(String topic, long count, BitSet dispensable, long seconds)
            throws InterruptedException {
        while (!missing(topic, count, dispensable).isEmpty()) {
            if (!arrivals.tryAcquire(seconds, TimeUnit.SECONDS)) {
                break;
            }
            arrivals.drainPermits();
        }
        BitSet missing = missing(topic, count, dispensable);
        if (!missing.isEmpty()) {
            ledger.fault(
                    "%s (%s): %d of %d messages of %s are lost, the first is %d"
                            .formatted(
                                    id(),
                                    filter,
                                    missing.cardinality(),
                                    count,
                                    topic,
                                    missing.nextSetBit(0)));
        }
    }

    /// The numbers of a topic from 1 on that have not come, but for some.
    BitSet missing(String topic, long count, BitSet dispensable) {
        BitSet missing = new BitSet();
        missing.set(1, Math.toIntExact(count) + 1);
        missing.andNot(dispensable);
        BitSet numbers = seen.getOrDefault(topic, new BitSet());
        synchronized (numbers) {
            missing.andNot(numbers);
        }
        return missing;
    }
}
