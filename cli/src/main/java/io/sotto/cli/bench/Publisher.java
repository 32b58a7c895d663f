package io.sotto.cli.bench;

import static java.util.Objects.requireNonNull;

import io.sotto.mqtt.Ack;
import io.sotto.mqtt.Packet;
import io.sotto.mqtt.PubAck;
import io.sotto.mqtt.PubComp;
import io.sotto.mqtt.PubRec;
import io.sotto.mqtt.PubRel;
import io.sotto.mqtt.QoS;
import java.io.IOException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// One client that sends: all that is due goes out in one write. With a rate, each message has its
/// time, and one that is sent late is timed from when it was due: a broker that stands still is
/// seen in every message that it held up.
final class Publisher implements Line.Handler {
    private static final int STALL_SECONDS = 5;
    private static final int MOST_INFLIGHT = 60_000;

    /// So many are sent before the clock is looked at again.
    private static final int BATCH = 256;

    private final Load load;
    private final Tally tally;
    private final Stamp stamp;
    private final Semaphore credit;
    private final Semaphore quota = new Semaphore(0);
    private final InFlight inFlight = new InFlight();
    private volatile Span span = Span.NONE;
    private @Nullable Line line;
    private @Nullable Letters letters;
    private final Timed timed;
    private long sent;
    private int settled;

    /// The times of the thread that sends, and those of the one that reads.
    private record Timed(Times lags, Times acknowledgements) {}

    Publisher(Load load, Tally tally, int run, int index) {
        this.load = load;
        this.tally = tally;
        this.stamp = new Stamp(run, index, 0, 0);
        this.timed =
                new Timed(new Times(tally.times.lag()), new Times(tally.times.acknowledgement()));
        int share = Math.max(1, load.window() / load.publishers());
        this.credit = new Semaphore(share * Math.max(1, load.copies()));
    }

    /// Copies have arrived, or, where nobody receives, messages were acknowledged.
    void arrived(int copies) {
        credit.release(copies);
    }

    /// How many it has sent; known when [#send] is over.
    long sent() {
        return sent;
    }

    /// Sends until the time is over.
    void send(Line on, Span times) {
        try {
            span = times;
            line = on;
            prepare(on);
            if (load.rate() > 0) {
                sendByTheClock();
            } else {
                sendByTheWindow();
            }
        } catch (IOException lost) {
            tally.failed("a publisher: " + lost.getMessage());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private void prepare(Line on) throws IOException {
        letters =
                new Letters(
                        load.topicOf(stamp.sender()),
                        stamp,
                        load.payload(),
                        load.qos(),
                        on.outbox().version());
        if (load.qos().level() > on.server().maximumQoS().level()) {
            throw new IOException("the server's Maximum QoS forbids the messages");
        }
        long largest = on.server().maximumPacketSize();
        if (largest > 0 && letters.size() > largest) {
            throw new IOException("the server's Maximum Packet Size forbids the messages");
        }
        quota.release(Math.min(MOST_INFLIGHT, on.server().receiveMaximum()));
    }

    private void sendByTheClock() throws IOException, InterruptedException {
        double each = load.publishers() * 1e9 / load.rate();
        // The publishers take turns.
        double first = each * stamp.sender() / load.publishers();
        long now = Clock.now();
        int gathered = 0;
        for (long i = 0; ; i++) {
            long due = span.begin() + (long) (first + each * i);
            if (due >= span.to()) {
                flush();
                return;
            }
            if (due > now || gathered == BATCH) {
                flush();
                gathered = 0;
                now = Clock.now();
            }
            while (due > now) {
                LockSupport.parkNanos(due - now);
                now = Clock.now();
            }
            publish(due, now);
            gathered++;
        }
    }

    private void sendByTheWindow() throws IOException, InterruptedException {
        int copies = Math.max(1, load.copies());
        for (long now = Clock.now(); now < span.to(); now = Clock.now()) {
            if (!credit.tryAcquire(copies, STALL_SECONDS, TimeUnit.SECONDS)) {
                tally.failed("a publisher stood still: nothing arrived for 5 s");
                return;
            }
            sendBatch(Clock.now(), copies);
        }
    }

    private void sendBatch(long now, int copies) throws IOException, InterruptedException {
        int batch = 0;
        do {
            publish(now, now);
            batch++;
        } while (batch < BATCH && credit.tryAcquire(copies));
        flush();
    }

    private void publish(long due, long now) throws IOException, InterruptedException {
        boolean identified = load.qos() != QoS.AT_MOST_ONCE;
        if (identified && !quota.tryAcquire()) {
            flush();
            if (!quota.tryAcquire(STALL_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException("the server took no more messages for 5 s");
            }
        }
        int id = identified ? inFlight.add(due) : 0;
        long sequence = sent;
        Letters form = requireNonNull(letters);
        outbox().put(form.size(), to -> form.write(id, sequence, due, to));
        sent++;
        tally.sent.increment();
        if (span.counts(due)) {
            tally.measuredSent.increment();
            timed.lags.add(now - due);
        }
        if (!identified && load.copies() == 0) {
            arrived(1);
        }
    }

    private Outbox outbox() {
        return requireNonNull(line).outbox();
    }

    private void flush() throws IOException {
        timed.lags.flush();
        outbox().flush();
    }

    @Override
    public void received(Packet packet, Line on, long now) throws IOException {
        switch (packet) {
            case PubRec ack when !ack.reason().isFailure() ->
                    on.outbox().put(new PubRel(ack.packetId()));
            case PubAck ack -> settle(ack, now);
            case PubRec ack -> settle(ack, now);
            case PubComp ack -> settle(ack, now);
            default -> {}
        }
    }

    private void settle(Ack ack, long now) {
        long due = inFlight.remove(ack.packetId());
        if (due < 0) {
            return;
        }
        settled++;
        if (ack.reason().isFailure()) {
            tally.refused.increment();
            tally.failed("a message: the server refused a message with " + ack.reason());
            return;
        }
        tally.acknowledged.increment();
        if (span.counts(due)) {
            timed.acknowledgements.add(now - due);
        }
    }

    @Override
    public void turned() {
        if (settled > 0) {
            timed.acknowledgements.flush();
            quota.release(settled);
            if (load.copies() == 0) {
                arrived(settled);
            }
            settled = 0;
        }
    }
}
