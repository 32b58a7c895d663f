package io.sotto.server.crash;

import io.sotto.client.Client;
import io.sotto.mqtt.PublishProperties;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.ReasonCode;
import io.sotto.mqtt.TopicName;
import java.util.BitSet;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/// Publishes numbers from 1 on, as fast as they are acknowledged. What was not acknowledged when
/// the broker died is repeated to its next life, under its identifier and marked DUP.
final class Publisher {
    /// How many values a retained topic gets before the next topic is begun.
    static final int VALUES = 16;

    private final Client client;
    private final QoS qos;
    private final boolean retain;
    private final LongFunction<String> topic;
    private final Ledger ledger;
    private final Semaphore window = new Semaphore(Member.WINDOW);
    private final Map<Long, Long> acknowledgements = new ConcurrentHashMap<>();
    private final Thread thread;
    private volatile boolean stopped;
    private volatile long sent;

    Publisher(Member member, QoS qos, boolean retain, Ledger ledger) {
        this.client = member.connect();
        this.qos = qos;
        this.retain = retain;
        this.ledger = ledger;
        this.topic = retain ? Publisher::state : number -> member.id();
        this.thread = Thread.ofVirtual().name(member.id()).unstarted(this::run);
    }

    /// The retained topic of a number.
    static String state(long number) {
        return "state/" + number / VALUES;
    }

    /// The topic of all that it publishes, if that is one.
    String topic() {
        return client.clientId();
    }

    void start() {
        thread.start();
    }

    private void run() {
        try {
            while (!stopped) {
                window.acquire();
                long number = sent + 1;
                var _ =
                        client.publishAsync(
                                        TopicName.of(topic.apply(number)),
                                        Numbered.payload(number),
                                        qos,
                                        retain,
                                        PublishProperties.NONE)
                                .whenComplete(
                                        (reason, failure) -> acknowledged(number, reason, failure));
                sent = number;
            }
        } catch (RuntimeException | InterruptedException e) {
            ledger.fault(client.clientId() + ": could not publish: " + e);
        }
    }

    private void acknowledged(
            long number, @Nullable ReasonCode reason, @Nullable Throwable failure) {
        if (reason == null || reason.isFailure()) {
            ledger.fault(client.clientId() + ": " + number + " was refused: " + reason + failure);
        }
        if (isTimed()) {
            acknowledgements.put(number, System.nanoTime());
        }
        ledger.acknowledged();
        window.release();
    }

    /// The numbers that the broker may have lost in its kills.
    BitSet mayBeLost(Lives lives, Promise promise) {
        BitSet numbers = new BitSet();
        if (promise.loses().isZero()) {
            return numbers;
        }
        acknowledgements.forEach((number, time) -> {
            if (lives.beforeKill(time) < promise.loses().toNanos()) {
                numbers.set(Math.toIntExact(number));
            }
        });
        return numbers;
    }

    /// Whether it notes when its messages are acknowledged: those of QoS 1.
    boolean isTimed() {
        return qos == QoS.AT_LEAST_ONCE;
    }

    /// How long before a kill a number of QoS 1 was acknowledged, in nanoseconds; 0 for one that
    /// never was.
    long beforeKill(int number, Lives lives) {
        Long time = acknowledgements.get((long) number);
        return time == null ? 0 : lives.beforeKill(time);
    }

    /// Publishes no more, and waits until all is acknowledged.
    ///
    /// @return how many there were
    long finish(long seconds) throws InterruptedException {
        stopped = true;
        thread.join();
        if (!window.tryAcquire(Member.WINDOW, seconds, TimeUnit.SECONDS)) {
            ledger.fault(client.clientId() + ": not all is acknowledged after " + seconds + " s");
        }
        client.close();
        return sent;
    }
}
