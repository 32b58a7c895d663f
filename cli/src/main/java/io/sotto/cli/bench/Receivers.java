package io.sotto.cli.bench;

import io.sotto.mqtt.Publish;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/// The subscribers' side: checks every message against what was sent, and times it.
final class Receivers {
    private final Load load;
    private final int run;
    private final Tally tally;
    private final Span span;
    private final List<Group> groups = new ArrayList<>();
    private final IntConsumer arrived;
    private final AtomicLong last = new AtomicLong(Clock.now());

    /// @param run whose messages are expected; those of other runs count only where nobody sends
    /// @param arrived told the sender of each message that was not doubled
    Receivers(Load load, int run, Tally tally, Span span, IntConsumer arrived) {
        this.load = load;
        this.run = run;
        this.tally = tally;
        this.span = span;
        this.arrived = arrived;
        int count = load.isShared() ? Math.min(1, load.subscribers()) : load.subscribers();
        for (int i = 0; i < count; i++) {
            groups.add(new Group());
        }
    }

    /// One sender, in one run.
    private record Source(int run, int sender) {}

    /// Subscribers that have one copy of each message between them.
    private static final class Group {
        private final ReentrantLock lock = new ReentrantLock();
        private final Map<Source, Sequence> sources = new HashMap<>();

        Group() {}

        Sequence.Arrival add(Source source, long number, boolean whole) {
            lock.lock();
            try {
                return sources.computeIfAbsent(
                                source, _ -> whole ? Sequence.whole() : Sequence.from(number))
                        .add(number);
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

    /// What one subscriber does with a message.
    Consumer<Publish> subscriber(int index) {
        Group group = groups.get(load.isShared() ? 0 : index);
        Map<Source, Long> highest = new HashMap<>();
        return message -> receive(message, group, highest);
    }

    private void receive(Publish message, Group group, Map<Source, Long> highest) {
        long now = Clock.now();
        last.set(now);
        @Nullable Stamp stamp = Stamp.of(message.payload());
        boolean own = load.pattern() != Load.Pattern.SUB;
        if (stamp == null || own && stamp.run() != run) {
            tally.foreign.increment();
            if (!own && span.counts(now)) {
                tally.measuredArrivals.increment();
            }
            return;
        }
        tally.received.increment();
        if (span.counts(now)) {
            tally.measuredArrivals.increment();
        }
        if (span.counts(own ? stamp.due() : now)) {
            tally.times.arrival().record(now - stamp.due());
        }
        Source source = new Source(stamp.run(), stamp.sender());
        if (group.add(source, stamp.sequence(), own) == Sequence.Arrival.DOUBLED) {
            tally.doubled.increment();
            return;
        }
        // Order is what one subscriber sees of one sender [MQTT-4.6.0-6]; a group of a shared
        // subscription sees none.
        Long before = highest.get(source);
        if (before != null && before > stamp.sequence()) {
            tally.disordered.increment();
        } else {
            highest.put(source, stamp.sequence());
        }
        arrived.accept(stamp.sender());
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
