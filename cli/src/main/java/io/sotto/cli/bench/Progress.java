package io.sotto.cli.bench;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A line a second about how a measurement goes. On a terminal each takes the place of the last.
public final class Progress {
    private static final Duration EACH = Duration.ofSeconds(1);

    private final @Nullable PrintWriter out;
    private final boolean terminal;
    private final CountDownLatch stop = new CountDownLatch(1);
    private @Nullable Thread thread;

    /// @param out where to, or null for nowhere
    /// @param terminal whether that is one
    public Progress(@Nullable PrintWriter out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    void start(Tally tally, Span span) {
        if (out != null) {
            PrintWriter to = out;
            thread = Thread.ofVirtual().name("bench-progress").start(() -> run(tally, span, to));
        }
    }

    void stop() throws InterruptedException {
        stop.countDown();
        if (thread != null) {
            thread.join();
        }
    }

    private void run(Tally tally, Span span, PrintWriter to) {
        long sent = 0;
        long received = 0;
        try {
            while (!stop.await(EACH.toNanos(), TimeUnit.NANOSECONDS)) {
                long nowSent = tally.sent.sum();
                long nowReceived = tally.received.sum() + tally.foreign.sum();
                long now = Clock.now();
                String line =
                        String.format(
                                Locale.ROOT,
                                "%3.0f s %s  sent %,d/s  received %,d/s  %s",
                                Math.max(0, now - span.begin()) / 1e9,
                                phase(span, now),
                                nowSent - sent,
                                nowReceived - received,
                                times(tally.times));
                to.print(terminal ? "\r" + line + "\u001b[K" : line + "\n");
                to.flush();
                sent = nowSent;
                received = nowReceived;
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        if (terminal) {
            to.print("\r\u001b[K");
            to.flush();
        }
    }

    /// Of arrivals, or of acknowledgements where nobody receives.
    private static Quantiles times(Tally.Latencies times) {
        Quantiles arrivals = times.arrival().interval();
        Quantiles acknowledgements = times.acknowledgement().interval();
        return arrivals.count() > 0 ? arrivals : acknowledgements;
    }

    private static String phase(Span span, long now) {
        if (now < span.from()) {
            return "warming up";
        }
        return now < span.to() ? "measuring" : "waiting for the rest";
    }
}
