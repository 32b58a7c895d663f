package io.sotto.server.crash;

import io.sotto.client.Client;
import io.sotto.client.ClientException;
import io.sotto.mqtt.Publish;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.TopicName;
import java.time.Duration;
import java.util.Random;

/// Subscribes and unsubscribes without end; the last that was acknowledged of each filter holds.
final class Collector {
    private static final int FILTERS = 200;

    private final Client client;
    private final Client publisher;
    private final Ledger ledger;
    private final Random random;
    private final boolean[] subscribed = new boolean[FILTERS];
    private final Thread thread;
    private volatile boolean stopped;
    private long changes;

    Collector(Member member, Member publisher, Ledger ledger, long seed) {
        this.client = member.connect();
        this.publisher = publisher.connect();
        this.ledger = ledger;
        this.random = new Random(seed);
        this.thread = Thread.ofVirtual().name(member.id()).unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    private static String filter(int index) {
        return "extra/" + index;
    }

    private void run() {
        while (!stopped) {
            int index = random.nextInt(FILTERS);
            boolean done = false;
            while (!done) {
                done = change(index);
            }
            changes++;
        }
    }

    /// Changes one filter to what it is not; false when the connection ended before the answer.
    private boolean change(int index) {
        try {
            if (subscribed[index]) {
                client.unsubscribe(filter(index));
            } else {
                client.subscribe(filter(index), QoS.AT_LEAST_ONCE);
            }
            subscribed[index] = !subscribed[index];
            ledger.acknowledged();
            return true;
        } catch (ClientException lost) {
            return false;
        }
    }

    /// Publishes to every filter, and looks that what comes is what holds.
    ///
    /// @return how many changes were acknowledged
    long finish(Duration patience) throws InterruptedException {
        stopped = true;
        thread.join();
        for (int i = 0; i < FILTERS; i++) {
            publish(filter(i));
            Publish message = subscribed[i] ? client.receive(patience) : null;
            if (subscribed[i]
                    && (message == null || !message.topic().toString().equals(filter(i)))) {
                ledger.fault("the subscription to " + filter(i) + " is lost, got " + message);
            }
        }
        Publish surplus = client.receive(Duration.ofMillis(200));
        if (surplus != null) {
            ledger.fault("unsubscribed from " + surplus.topic() + ", and a message came");
        }
        client.close();
        publisher.close();
        return changes;
    }

    private void publish(String topic) {
        var _ =
                publisher.publish(
                        TopicName.of(topic), Numbered.payload(1), QoS.AT_LEAST_ONCE, false);
    }
}
