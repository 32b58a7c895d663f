package io.sotto.cli.bench;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Each message at its time, from all publishers in turns, sent by the loop that reads for its
/// publisher: another thread would take a processor from the broker, and be woken for each message.
///
/// A publisher that is not ready owes its messages, and sends them when it is: they are timed from
/// when they were due.
final class ByTheClock implements Pace {
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final double each;
    private volatile List<Sender> senders = List.of();
    private volatile Span span = Span.NONE;

    /// @param rate messages a second of all publishers
    ByTheClock(double rate) {
        this.each = 1e9 / rate;
    }

    @Override
    public void arrived(int publisher, int copies) {
        // The time alone says when the next one goes.
    }

    @Override
    public void relieved(int publisher) {
        if (publisher < senders.size()) {
            senders.get(publisher).relieved();
        }
    }

    @Override
    public void send(List<Publisher> publishers, Span times) throws InterruptedException {
        span = times;
        Map<Loop, Timetable> tables = new LinkedHashMap<>();
        List<Sender> all = new ArrayList<>();
        for (int i = 0; i < publishers.size(); i++) {
            Publisher publisher = publishers.get(i);
            Timetable table = tables.computeIfAbsent(publisher.loop(), _ -> new Timetable());
            Sender sender = new Sender(publisher, i, table);
            table.own.add(sender);
            all.add(sender);
        }
        senders = all;
        tables.forEach((loop, table) -> loop.execute(() -> loop.follow(table)));
        for (Timetable table : tables.values()) {
            table.done.await();
        }
    }

    /// When a message is due, the how many-th of all.
    private long due(long number) {
        return span.begin() + (long) (each * number);
    }

    /// One publisher. Its messages are every how-many-th of all, from its own number on. Known to
    /// its loop alone.
    private final class Sender {
        private final Publisher publisher;
        private final Timetable table;
        private long coming;
        private long next;
        private long since;
        private boolean isTouched;

        Sender(Publisher publisher, int number, Timetable table) {
            this.publisher = publisher;
            this.table = table;
            this.coming = number;
            this.next = number;
        }

        /// Owes its next message from here on.
        void owe(long now) {
            if (next == coming) {
                since = now;
            }
            coming += senders.size();
            pay(now);
        }

        /// Sends what it owes, as far as it is ready, and gives it up when that was long ago.
        void pay(long now) {
            while (next < coming && isReady()) {
                publisher.publish(due(next), now);
                next += senders.size();
                since = now;
                if (!isTouched) {
                    isTouched = true;
                    table.touched.add(this);
                }
            }
            if (next == coming) {
                table.owing.remove(this);
                return;
            }
            if (now - since > STALL_NANOS) {
                publisher.fail("the server took no more messages for 5 s");
            }
            if (publisher.isOver()) {
                table.owing.remove(this);
            } else {
                table.owing.add(this);
            }
        }

        /// Perhaps what has gathered only has to go.
        private boolean isReady() {
            if (!publisher.isReady() && isTouched) {
                publisher.flush();
            }
            return publisher.isReady();
        }

        void relieved() {
            if (next < coming) {
                pay(Clock.now());
                table.flush();
            }
        }
    }

    /// When the publishers of one loop send.
    private final class Timetable implements Loop.Clockwork {
        private final List<Sender> own = new ArrayList<>();
        private final Deque<Sender> touched = new ArrayDeque<>();
        private final Set<Sender> owing = new LinkedHashSet<>();
        private final CountDownLatch done = new CountDownLatch(1);
        private int turn;
        private long look;

        Timetable() {}

        /// When the next message is due, or never where that is after the end.
        private long due() {
            long due = ByTheClock.this.due(own.get(turn).coming);
            return due < span.to() ? due : NEVER;
        }

        @Override
        public long turn() {
            long now = Clock.now();
            for (int i = 0; i < BATCH && due() <= now; i++) {
                own.get(turn).owe(now);
                turn = (turn + 1) % own.size();
            }
            if (now >= look) {
                List.copyOf(owing).forEach(sender -> sender.pay(now));
                look = now + LOOK_NANOS;
            }
            flush();
            long due = due();
            if (!owing.isEmpty()) {
                return Math.min(due, look);
            }
            if (due == NEVER) {
                done.countDown();
            }
            return due;
        }

        private void flush() {
            for (Sender sender = touched.poll(); sender != null; sender = touched.poll()) {
                sender.isTouched = false;
                sender.publisher.flush();
            }
        }
    }
}
