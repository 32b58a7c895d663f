package io.sotto.cli.bench;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/// The next message when an earlier one has arrived: each publisher has its share of a window, and
/// sends on its loop.
final class ByTheWindow implements Pace {
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final Load load;
    private volatile List<Window> windows = List.of();
    private volatile Span span = Span.NONE;

    ByTheWindow(Load load) {
        this.load = load;
    }

    /// What one publisher may send.
    private final class Window implements Runnable {
        private final Publisher publisher;
        private final AtomicInteger credit;
        private final AtomicBoolean queued = new AtomicBoolean();
        private final AtomicInteger moved = new AtomicInteger();
        private int seen;
        private long since;

        Window(Publisher publisher, int credit) {
            this.publisher = publisher;
            this.credit = new AtomicInteger(credit);
        }

        void sendSoon() {
            if (queued.compareAndSet(false, true)) {
                publisher.loop().execute(this);
            }
        }

        @Override
        public void run() {
            queued.set(false);
            long now = Clock.now();
            if (now >= span.to()) {
                return;
            }
            int cost = cost();
            int most = cost == 0 ? BATCH : Math.min(BATCH, credit.get() / cost);
            int sent = 0;
            while (sent < most && publisher.isReady()) {
                publisher.publish(now, now);
                sent++;
            }
            if (sent > 0) {
                credit.addAndGet(-sent * cost);
                moved.addAndGet(sent);
                publisher.flush();
            }
            if (credit.get() >= cost && publisher.isReady()) {
                sendSoon();
            }
        }

        /// Where nobody says that a message has arrived, only the room for it counts.
        private int cost() {
            boolean noticed = load.copies() > 0 || load.qos().level() > 0;
            return noticed ? Math.max(1, load.copies()) : 0;
        }

        /// Gives a publisher up that has sent nothing for long.
        void look(long now) {
            int present = moved.get();
            if (present != seen || since == 0) {
                seen = present;
                since = now;
            } else if (now - since > STALL_NANOS) {
                publisher.fail("it stood still, nothing arrived for 5 s");
            }
        }
    }

    @Override
    public void arrived(int publisher, int copies) {
        if (publisher >= 0 && publisher < windows.size()) {
            Window window = windows.get(publisher);
            window.credit.addAndGet(copies);
            window.sendSoon();
        }
    }

    @Override
    public void relieved(int publisher) {
        if (publisher < windows.size()) {
            windows.get(publisher).sendSoon();
        }
    }

    @Override
    public void send(List<Publisher> publishers, Span times) throws InterruptedException {
        int share = Math.max(1, load.window() / load.publishers()) * Math.max(1, load.copies());
        span = times;
        windows = publishers.stream().map(publisher -> new Window(publisher, share)).toList();
        windows.forEach(Window::sendSoon);
        for (long left = left(); left > 0; left = left()) {
            TimeUnit.NANOSECONDS.sleep(Math.min(left, LOOK_NANOS));
            long now = Clock.now();
            windows.forEach(window -> window.look(now));
        }
    }

    private long left() {
        return span.to() - Clock.now();
    }
}
