package io.sotto.cli.bench;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Each message at its time, from all publishers in turns, by one thread that does nothing else. A
/// publisher that is not ready owes its messages, and sends them when it is: they are timed from
/// when they were due.
final class ByTheClock implements Pace {
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final double each;
    private final List<Sender> senders = new ArrayList<>();
    private final Deque<Sender> owing = new ArrayDeque<>();
    private final Deque<Sender> touched = new ArrayDeque<>();
    private Span span = Span.NONE;
    private int gathered;
    private volatile @Nullable Thread thread;

    /// One publisher. Its messages are every how-many-th of all, from its own number on.
    private static final class Sender {
        private final Publisher publisher;
        private long next;
        private long last;
        private long since;
        private boolean isTouched;
        private volatile boolean owes;

        Sender(Publisher publisher, int number) {
            this.publisher = publisher;
            this.next = number;
            this.last = number - 1L;
        }

        /// Perhaps what has gathered only has to go.
        boolean isReady() {
            if (!publisher.isReady() && isTouched) {
                publisher.flush();
            }
            return publisher.isReady();
        }
    }

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
        if (thread != null && senders.get(publisher).owes) {
            LockSupport.unpark(thread);
        }
    }

    @Override
    public void send(List<Publisher> publishers, Span times) throws InterruptedException {
        span = times;
        for (int i = 0; i < publishers.size(); i++) {
            senders.add(new Sender(publishers.get(i), i));
        }
        thread = Thread.currentThread();
        long now = Clock.now();
        for (long number = 0; due(number) < span.to(); number++) {
            now = turn(number, now);
        }
        flush();
        while (!owing.isEmpty()) {
            await(LOOK_NANOS);
        }
    }

    /// One message: a method of its own, as [Loop#turn].
    private long turn(long number, long last) throws InterruptedException {
        long due = due(number);
        long now = last;
        if (due > now || gathered >= BATCH) {
            flush();
            now = Clock.now();
        }
        while (due > now) {
            await(due - now);
            now = Clock.now();
        }
        owe(senders.get((int) (number % senders.size())), number, now);
        gathered++;
        return now;
    }

    private long due(long number) {
        return span.begin() + (long) (each * number);
    }

    private void await(long nanos) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        LockSupport.parkNanos(owing.isEmpty() ? nanos : Math.min(nanos, LOOK_NANOS));
        if (!owing.isEmpty()) {
            long now = Clock.now();
            owing.removeIf(sender -> isEven(sender, now));
            flush();
        }
    }

    private void owe(Sender sender, long number, long now) {
        sender.last = number;
        if (!sender.owes && !isEven(sender, now)) {
            sender.since = now;
            sender.owes = true;
            // It may have become ready before it could be told that somebody waits.
            if (isEven(sender, now)) {
                return;
            }
            owing.add(sender);
        }
    }

    /// Sends what a publisher owes, as far as it is ready.
    ///
    /// @return whether nothing is left
    private boolean isEven(Sender sender, long now) {
        Publisher publisher = sender.publisher;
        while (sender.next <= sender.last && sender.isReady()) {
            publisher.publish(due(sender.next), now);
            sender.next += senders.size();
            sender.since = now;
            if (!sender.isTouched) {
                sender.isTouched = true;
                touched.add(sender);
            }
        }
        boolean even = sender.next > sender.last;
        if (!even && now - sender.since > STALL_NANOS) {
            publisher.fail("the server took no more messages for 5 s");
        }
        if (even || publisher.isOver()) {
            sender.owes = false;
            return true;
        }
        return false;
    }

    private void flush() {
        gathered = 0;
        for (Sender sender = touched.poll(); sender != null; sender = touched.poll()) {
            sender.isTouched = false;
            sender.publisher.flush();
        }
    }
}
