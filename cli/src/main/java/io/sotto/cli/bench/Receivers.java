package io.sotto.cli.bench;

import io.sotto.mqtt.Packet;
import io.sotto.mqtt.PubAck;
import io.sotto.mqtt.PubComp;
import io.sotto.mqtt.PubRec;
import io.sotto.mqtt.PubRel;
import io.sotto.mqtt.Publish;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The subscribers' side: checks every message against what was sent, and times it.
final class Receivers {
    private final Load load;
    private final int run;
    private final Tally tally;
    private final List<Group> groups = new ArrayList<>();
    private final Arrivals arrived;
    private final AtomicLong last = new AtomicLong(Clock.now());
    private volatile Span span = Span.NONE;

    /// @param run whose messages are expected; those of other runs count only where nobody sends
    /// @param arrived told of messages that were not doubled
    Receivers(Load load, int run, Tally tally, Arrivals arrived) {
        this.load = load;
        this.run = run;
        this.tally = tally;
        this.arrived = arrived;
        int count = load.isShared() ? Math.min(1, load.subscribers()) : load.subscribers();
        for (int i = 0; i < count; i++) {
            groups.add(new Group());
        }
    }

    /// Is told that so many messages of a sender have come.
    interface Arrivals {
        void accept(int sender, int messages);
    }

    /// One sender, in one run.
    private record Source(int run, int sender) {}

    /// Subscribers that have one copy of each message between them.
    private static final class Group {
        private final ReentrantLock lock = new ReentrantLock();
        private final Map<Source, Sequence> sources = new HashMap<>();

        Group() {}

        Sequence of(Source source, long number, boolean whole) {
            lock.lock();
            try {
                return sources.computeIfAbsent(
                        source, _ -> whole ? Sequence.whole() : Sequence.from(number));
            } finally {
                lock.unlock();
            }
        }

        Sequence.Arrival add(Sequence sequence, long number) {
            lock.lock();
            try {
                return sequence.add(number);
            } finally {
                lock.unlock();
            }
        }

        long missing(Source source, long sent) {
            lock.lock();
            try {
                Sequence known = sources.get(source);
                return known == null ? sent : known.missing(sent);
            } finally {
                lock.unlock();
            }
        }

        long missing() {
            lock.lock();
            try {
                return sources.values().stream().mapToLong(Sequence::missing).sum();
            } finally {
                lock.unlock();
            }
        }
    }

    /// Begins to count.
    void begin(Span times) {
        span = times;
    }

    /// What one subscriber does with what comes.
    Line.Handler subscriber(int index) {
        return new Subscriber(groups.get(load.isShared() ? 0 : index));
    }

    /// What one subscriber has of one sender.
    private static final class Seen {
        private final Source source;
        private final Sequence sequence;
        private long highest = -1;

        Seen(Source source, Sequence sequence) {
            this.source = source;
            this.sequence = sequence;
        }

        boolean isOf(Stamp stamp) {
            return stamp.sender() == source.sender() && stamp.run() == source.run();
        }
    }

    /// One subscriber. It answers each message, and tells its sender once for all that came at a
    /// time.
    private final class Subscriber implements Line.Handler {
        private final Group group;
        private final Map<Source, Seen> all = new HashMap<>();
        private @Nullable Seen latest;
        private final Times times = new Times(tally.times.arrival());
        private int untold;
        private int received;
        private int measured;

        Subscriber(Group group) {
            this.group = group;
        }

        @Override
        public void received(Packet packet, Line line, long now) {
            switch (packet) {
                case Publish message -> {
                    switch (message.qos()) {
                        case AT_MOST_ONCE -> {}
                        case AT_LEAST_ONCE -> line.outbox().put(new PubAck(message.packetId()));
                        case EXACTLY_ONCE -> line.outbox().put(new PubRec(message.packetId()));
                    }
                    check(message, now);
                }
                case PubRel release -> line.outbox().put(new PubComp(release.packetId()));
                default -> {}
            }
        }

        @Override
        public void relieved() {
            // Answers wait for nothing.
        }

        @Override
        public void turned() {
            tell();
            times.flush();
            tally.received.add(received);
            tally.measuredArrivals.add(measured);
            received = 0;
            measured = 0;
        }

        private void tell() {
            if (untold > 0 && latest != null) {
                arrived.accept(latest.source.sender(), untold);
                untold = 0;
            }
        }

        private void check(Publish message, long now) {
            last.set(now);
            @Nullable Stamp stamp = Stamp.of(message.payload());
            boolean own = load.pattern() != Load.Pattern.SUB;
            if (stamp == null || own && stamp.run() != run) {
                tally.foreign.increment();
                if (!own) {
                    measured += span.counts(now);
                }
                return;
            }
            received++;
            measured += span.counts(now);
            times.add(now - stamp.due(), span.counts(own ? stamp.due() : now));
            Seen seen = seen(stamp, own);
            if (group.add(seen.sequence, stamp.sequence()) == Sequence.Arrival.DOUBLED) {
                tally.doubled.increment();
                return;
            }
            // Order is what one subscriber sees of one sender [MQTT-4.6.0-6]; a group of a shared
            // subscription sees none.
            if (seen.highest > stamp.sequence()) {
                tally.disordered.increment();
            } else {
                seen.highest = stamp.sequence();
            }
            untold++;
        }

        private Seen seen(Stamp stamp, boolean whole) {
            Seen before = latest;
            if (before != null && before.isOf(stamp)) {
                return before;
            }
            tell();
            Seen seen =
                    all.computeIfAbsent(
                            new Source(stamp.run(), stamp.sender()),
                            source -> new Seen(source, group.of(source, stamp.sequence(), whole)));
            latest = seen;
            return seen;
        }
    }

    /// When the last message came.
    long lastArrival() {
        return last.get();
    }

    /// How many copies did not come.
    ///
    /// @param sent how many each publisher has sent
    long missing(List<Long> sent) {
        if (load.pattern() == Load.Pattern.SUB) {
            return groups.stream().mapToLong(Group::missing).sum();
        }
        long missing = 0;
        for (int sender = 0; sender < sent.size(); sender++) {
            Source source = new Source(run, sender);
            for (int i = 0; i < groups.size(); i++) {
                if (load.pattern() != Load.Pattern.PAIR || i == sender) {
                    missing += groups.get(i).missing(source, sent.get(sender));
                }
            }
        }
        return missing;
    }
}
