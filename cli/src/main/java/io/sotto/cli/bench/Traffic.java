package io.sotto.cli.bench;

import io.sotto.mqtt.ReasonCode;
import io.sotto.mqtt.RetainHandling;
import io.sotto.mqtt.Subscribe;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/// A measurement with messages: connects, subscribes, sends and receives, waits for the rest, and
/// reports.
public final class Traffic {
    /// Before the first message, so that every publisher is ready for its time.
    private static final Duration START = Duration.ofMillis(100);

    /// Longer than this after the last arrival, a doubled message is not waited for.
    private static final Duration SETTLE = Duration.ofMillis(300);

    private static final Duration STEP = Duration.ofMillis(10);

    private final Load load;
    private final IntFunction<Peer> peers;
    private final Fleet.Way way;
    private final Progress progress;
    private final Tally tally = new Tally();
    private final int run = ThreadLocalRandom.current().nextInt();
    private final Pace pace;

    /// @param peers each client's, by its number
    /// @param connectionRate connections a second
    /// @param loops threads that read for them
    public Traffic(
            Load load,
            IntFunction<Peer> peers,
            double connectionRate,
            int loops,
            Progress progress) {
        this.load = load;
        this.peers = peers;
        this.way = new Fleet.Way(connectionRate, loops);
        this.progress = progress;
        this.pace = load.rate() > 0 ? new ByTheClock(load.rate()) : new ByTheWindow(load);
    }

    /// Measures. What failed on the way is in the report.
    ///
    /// @throws IOException when the system has no descriptor left
    public Report run() throws IOException, InterruptedException {
        TimerSlack.remove();
        int all = load.subscribers() + load.publishers();
        List<Publisher> publishers = new ArrayList<>();
        for (int i = 0; i < load.publishers(); i++) {
            publishers.add(new Publisher(load, tally, pace, new Stamp(run, i, 0, 0)));
        }
        Receivers receivers = new Receivers(load, run, tally, pace::arrived);
        // The two of a pair share a place.
        IntFunction<Fleet.Member> members =
                i ->
                        i < load.subscribers()
                                ? new Fleet.Member(peers.apply(i), receivers.subscriber(i), i)
                                : new Fleet.Member(
                                        peers.apply(i),
                                        publishers.get(i - load.subscribers()),
                                        i - load.subscribers());
        try (Fleet fleet = Fleet.connect(all, way, members, tally)) {
            if (fleet.lines().size() < all
                    || !subscribe(fleet.lines().subList(0, load.subscribers()))) {
                return Report.of(load, fleet, tally, 0);
            }
            Span span = Span.startingAt(Clock.now() + START.toNanos(), load.times());
            receivers.begin(span);
            progress.start(tally, span);
            try {
                return measured(fleet, publishers, receivers, span);
            } finally {
                progress.stop();
            }
        }
    }

    private boolean subscribe(List<Line> subscribers) throws InterruptedException {
        for (int i = 0; i < subscribers.size(); i++) {
            List<Subscribe.Request> requests =
                    load.filtersOf(i).stream()
                            .map(filter ->
                                    new Subscribe.Request(
                                            filter, load.qos(), false, false, RetainHandling.SEND))
                            .toList();
            try {
                for (ReasonCode code : subscribers.get(i).subscribe(requests)) {
                    if (code.isFailure()) {
                        tally.failed("a subscription: refused with " + code);
                        return false;
                    }
                }
            } catch (IOException refused) {
                tally.failed("a subscription: " + refused.getMessage());
                return false;
            }
        }
        return true;
    }

    private Report measured(Fleet fleet, List<Publisher> publishers, Receivers receivers, Span span)
            throws InterruptedException {
        List<Line> lines = fleet.lines();
        for (int i = 0; i < publishers.size(); i++) {
            publishers.get(i).begin(lines.get(load.subscribers() + i), span);
        }
        if (!publishers.isEmpty()) {
            pace.send(publishers, span);
        }
        pauseUntil(span.to());
        // From here on, what publishers say is all that they have sent.
        fleet.settle();
        drain(publishers, receivers);
        fleet.countLost();
        // Beforehand: both read what was timed.
        progress.stop();
        return Report.of(load, fleet, tally, missing(publishers, receivers));
    }

    private static long missing(List<Publisher> publishers, Receivers receivers) {
        return receivers.missing(publishers.stream().map(Publisher::sent).toList());
    }

    /// Waits for what is on its way, as long as something arrives now and then.
    private void drain(List<Publisher> publishers, Receivers receivers)
            throws InterruptedException {
        boolean open = load.pattern() != Load.Pattern.SUB;
        long patience = load.times().drain().toNanos();
        long seen = progressed();
        long since = Clock.now();
        while (open && Clock.now() - since < patience) {
            if (missing(publishers, receivers) == 0 && isAcknowledged()) {
                break;
            }
            pauseUntil(Clock.now() + STEP.toNanos());
            if (progressed() != seen) {
                seen = progressed();
                since = Clock.now();
            }
        }
        pauseUntil(Math.max(receivers.lastArrival() + SETTLE.toNanos(), 0));
    }

    private long progressed() {
        return tally.received.sum() + tally.acknowledged.sum() + tally.refused.sum();
    }

    private boolean isAcknowledged() {
        return load.qos().level() == 0
                || tally.acknowledged.sum() + tally.refused.sum() >= tally.sent.sum();
    }

    private static void pauseUntil(long time) throws InterruptedException {
        long left = time - Clock.now();
        if (left > 0) {
            TimeUnit.NANOSECONDS.sleep(left);
        }
    }
}
