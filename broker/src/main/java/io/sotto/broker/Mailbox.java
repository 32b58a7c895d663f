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
    /// Above this many letters, whoever can should send less: whatever comes waits behind them.
    static final int CROWDED = 2 * 1024;

    /// How many letters are opened in one turn.
    private static final int TURN = 512;

    private final Queue<Mail> letters = new ConcurrentLinkedQueue<>();
    private final AtomicInteger size = new AtomicInteger();
    private final AtomicBoolean awake = new AtomicBoolean();
    private final AtomicBoolean awaited = new AtomicBoolean();
    private final Runnable wake;
    private final Runnable roomy;

    /// @param wake makes the shard's loop call [#drain] soon; from any thread
    /// @param roomy tells those who sent less that there is room again
    Mailbox(Runnable wake, Runnable roomy) {
        this.wake = wake;
        this.roomy = roomy;
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
                break;
            }
            size.decrementAndGet();
            if (!(mail instanceof Copies)) {
                before.accept(now);
            }
            mail.open(now);
        }
        if (awaited.get() && hasRoom() && awaited.getAndSet(false)) {
            roomy.run();
        }
        if (size.get() > 0 && !awake.getAndSet(true)) {
            wake.run();
        }
    }

    boolean isCrowded() {
        return size.get() > CROWDED;
    }

    /// Whether those who send less may send more. If not, they are told when they may.
    boolean isRoomy() {
        if (hasRoom()) {
            return true;
        }
        awaited.set(true);
        // There may be room since, of which nobody would be told.
        return hasRoom();
    }

    private boolean hasRoom() {
        return size.get() < CROWDED / 2;
    }

    int size() {
        return size.get();
    }
}
