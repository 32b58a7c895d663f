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
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// One client that sends, when its [Pace] says so: all that is due goes out in one write. A message
/// that is sent late is timed from when it was due: a broker that stands still is seen in every
/// message that it held up.
final class Publisher implements Line.Handler {
    private static final int MOST_INFLIGHT = 60_000;

    private final Load load;
    private final Tally tally;
    private final Stamp stamp;
    private final Pace pace;
    private final AtomicInteger quota = new AtomicInteger();
    private final InFlight inFlight = new InFlight();
    private final AtomicBoolean over = new AtomicBoolean();
    private final Departures departures;
    private final Times acknowledgements;
    private volatile Span span = Span.NONE;
    private @Nullable Outgoing outgoing;
    private int settled;

    /// What was sent, by the thread that sends.
    private static final class Departures {
        private final Times lags;
        private long sent;
        private long told;
        private int measured;

        Departures(Latency lag) {
            lags = new Times(lag);
        }

        void tell(Tally tally) {
            lags.flush();
            tally.sent.add(sent - told);
            tally.measuredSent.add(measured);
            told = sent;
            measured = 0;
        }
    }

    /// Where to, and what.
    private record Outgoing(Line line, Letters letters) {}

    Publisher(Load load, Tally tally, Pace pace, Stamp stamp) {
        this.load = load;
        this.tally = tally;
        this.pace = pace;
        this.stamp = stamp;
        this.departures = new Departures(tally.times.lag());
        this.acknowledgements = new Times(tally.times.acknowledgement());
    }

    /// How many it has sent. Known to the thread that sends.
    long sent() {
        return departures.sent;
    }

    /// Gets ready, once it is connected.
    void begin(Line line, Span times) {
        Letters letters =
                new Letters(
                        load.topicOf(stamp.sender()),
                        stamp,
                        load.payload(),
                        load.qos(),
                        line.outbox().version());
        outgoing = new Outgoing(line, letters);
        if (load.qos().level() > line.server().maximumQoS().level()) {
            fail("the server's Maximum QoS forbids the messages");
        }
        long largest = line.server().maximumPacketSize();
        if (largest > 0 && letters.size() > largest) {
            fail("the server's Maximum Packet Size forbids the messages");
        }
        quota.set(Math.min(MOST_INFLIGHT, line.server().receiveMaximum()));
        span = times;
    }

    /// Where its packets are read.
    Loop loop() {
        return requireNonNull(outgoing).line().loop();
    }

    /// Whether a message would go at once.
    boolean isReady() {
        return !isOver()
                && (load.qos() == QoS.AT_MOST_ONCE || quota.get() > 0)
                && requireNonNull(outgoing).line().outbox().hasRoom();
    }

    /// Whether it will send nothing any more.
    boolean isOver() {
        return over.get();
    }

    /// Sends nothing any more, and says why.
    void fail(String why) {
        if (over.compareAndSet(false, true)) {
            tally.failed("a publisher: " + why);
        }
    }

    /// Prepares one message, which [#flush] sends. Must be ready.
    ///
    /// @param due when it should have been sent, by [Clock]
    void publish(long due, long now) {
        boolean identified = load.qos() != QoS.AT_MOST_ONCE;
        if (identified) {
            quota.decrementAndGet();
        }
        int id = identified ? inFlight.add(due) : 0;
        long sequence = departures.sent++;
        Letters form = requireNonNull(outgoing).letters();
        outgoing.line().outbox().put(form.size(), to -> form.write(id, sequence, due, to));
        int counts = span.counts(due);
        departures.measured += counts;
        departures.lags.add(now - due, counts);
    }

    /// Sends what is prepared, and counts it: its time runs already.
    void flush() {
        try {
            requireNonNull(outgoing).line().outbox().flush();
        } catch (IOException lost) {
            fail(String.valueOf(lost.getMessage()));
        }
        departures.tell(tally);
    }

    @Override
    public void received(Packet packet, Line on, long now) {
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
        acknowledgements.add(now - due, span.counts(due));
    }

    @Override
    public void turned() {
        if (settled > 0) {
            acknowledgements.flush();
            quota.addAndGet(settled);
            if (load.copies() == 0) {
                pace.arrived(stamp.sender(), settled);
            } else {
                pace.relieved(stamp.sender());
            }
            settled = 0;
        }
    }

    @Override
    public void relieved() {
        pace.relieved(stamp.sender());
    }
}
