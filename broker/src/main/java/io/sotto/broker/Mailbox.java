package io.sotto.broker;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;

/// The only way into a shard for other threads. First in, first out, so that what one shard sends
/// another arrives in order.
final class Mailbox {
    /// Above this many letters, whoever can should send less.
    private static final int CROWDED = 16 * 1024;

    /// How many letters are opened in one turn.
    private static final int TURN = 512;

    private final Queue<Mail> letters = new ConcurrentLinkedQueue<>();
    private final AtomicInteger size = new AtomicInteger();
    private final AtomicBoolean awake = new AtomicBoolean();
    private final Runnable wake;

    /// @param wake makes the shard's loop call [#drain] soon; from any thread
    Mailbox(Runnable wake) {
        this.wake = wake;
    }

    /// Something for a shard to do.
    interface Mail {
        void open(long now);
    }

    /// Copies of a message for sessions, and nothing else.
    interface Copies extends Mail {}

    void post(Mail mail) {
        letters.add(mail);
        size.incrementAndGet();
        if (!awake.getAndSet(true)) {
            wake.run();
        }
    }

    void post(List<Mail> mails) {
        letters.addAll(mails);
        size.addAndGet(mails.size());
        if (!awake.getAndSet(true)) {
            wake.run();
        }
    }

    /// Opens what is there, so many letters at most; for the rest it has itself called again.
    ///
    /// @param before called before letters that are anything but copies
    void drain(long now, LongConsumer before) {
        awake.set(false);
        for (int left = Math.min(size.get(), TURN); left > 0; left--) {
            Mail mail = letters.poll();
            if (mail == null) {
                return;
            }
            size.decrementAndGet();
            if (!(mail instanceof Copies)) {
                before.accept(now);
            }
            mail.open(now);
        }
        if (size.get() > 0 && !awake.getAndSet(true)) {
            wake.run();
        }
    }

    boolean isCrowded() {
        return size.get() > CROWDED;
    }

    /// Whether a shard that held back may go on.
    boolean isRoomy() {
        return size.get() < CROWDED / 2;
    }

    int size() {
        return size.get();
    }
}
