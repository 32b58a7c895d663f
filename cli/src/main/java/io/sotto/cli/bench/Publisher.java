package io.sotto.cli.bench;

import io.sotto.client.Client;
import io.sotto.client.ClientException;
import io.sotto.mqtt.PublishProperties;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.TopicName;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// One client that sends. With a rate, each message has its time, and one that is sent late is
/// timed from when it was due: a broker that stands still is seen in every message that it held up.
final class Publisher {
    private static final int STALL_SECONDS = 5;

    private final Client client;
    private final Load load;
    private final Tally tally;
    private final int run;
    private final int index;
    private final Semaphore credit;
    private long sent;

    Publisher(Client client, Load load, Tally tally, int run, int index) {
        this.client = client;
        this.load = load;
        this.tally = tally;
        this.run = run;
        this.index = index;
        int share = Math.max(1, load.window() / load.publishers());
        this.credit = new Semaphore(share * Math.max(1, load.copies()));
    }

    /// A copy has arrived, or, where nobody receives, a message was acknowledged.
    void arrived() {
        credit.release();
    }

    /// How many it has sent; known when [#send] is over.
    long sent() {
        return sent;
    }

    /// Sends until the time is over.
    void send(Span span) {
        try {
            if (load.rate() > 0) {
                sendByTheClock(span);
            } else {
                sendByTheWindow(span);
            }
        } catch (ClientException lost) {
            tally.failed("a publisher: " + lost.getMessage());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private void sendByTheClock(Span span) {
        double each = load.publishers() * 1e9 / load.rate();
        // The publishers take turns.
        double first = each * index / load.publishers();
        for (long i = 0; ; i++) {
            long due = span.begin() + (long) (first + each * i);
            if (due >= span.to()) {
                return;
            }
            for (long left = due - Clock.now(); left > 0; left = due - Clock.now()) {
                LockSupport.parkNanos(left);
            }
            publish(due, span);
        }
    }

    private void sendByTheWindow(Span span) throws InterruptedException {
        int copies = Math.max(1, load.copies());
        while (Clock.now() < span.to()) {
            if (!credit.tryAcquire(copies, STALL_SECONDS, TimeUnit.SECONDS)) {
                tally.failed("a publisher stood still: nothing arrived for 5 s");
                return;
            }
            publish(Clock.now(), span);
        }
    }

    private void publish(long due, Span span) {
        boolean counts = span.counts(due);
        Stamp stamp = new Stamp(run, index, sent, due);
        var outcome =
                client.publishAsync(
                        TopicName.of(load.topicOf(index)),
                        stamp.payload(load.payload()),
                        load.qos(),
                        false,
                        PublishProperties.NONE);
        sent++;
        tally.sent.increment();
        if (counts) {
            tally.measuredSent.increment();
            tally.times.lag().record(Clock.now() - due);
        }
        boolean alone = load.copies() == 0;
        if (load.qos() == QoS.AT_MOST_ONCE) {
            if (alone) {
                arrived();
            }
            return;
        }
        var _ =
                outcome.whenComplete((_, failure) -> {
                    if (failure != null) {
                        tally.refused.increment();
                        tally.failed("a message: " + failure.getMessage());
                    } else {
                        tally.acknowledged.increment();
                        if (counts) {
                            tally.times.acknowledgement().record(Clock.now() - due);
                        }
                    }
                    if (alone) {
                        arrived();
                    }
                });
    }
}
