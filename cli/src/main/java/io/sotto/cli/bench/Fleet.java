package io.sotto.cli.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// Clients that are connected at a rate, each at its time whether or not the earlier ones are
/// through.
final class Fleet implements AutoCloseable {
    private static final int SYSTEM_THREADS = 256;

    private final AtomicReferenceArray<@Nullable Line> lines;
    private final Latency connecting = new Latency();
    private final Tally tally;
    private final CountDownLatch closing = new CountDownLatch(1);
    private long began;
    private long ended;

    private Fleet(int size, Tally tally) {
        this.lines = new AtomicReferenceArray<>(size);
        this.tally = tally;
    }

    /// Connects so many, and waits until each is through or has failed, which the tally tells.
    ///
    /// @param rate connections a second
    static Fleet connect(int size, double rate, IntFunction<Member> members, Tally tally)
            throws InterruptedException {
        Fleet fleet = new Fleet(size, tally);
        CountDownLatch open = new CountDownLatch(size);
        Thread.ofVirtual().name("bench-keep-alive").start(fleet::keepAlive);
        fleet.began = Clock.now();
        for (int i = 0; i < size; i++) {
            int index = i;
            long due = fleet.began + (long) (i * 1e9 / rate);
            for (long left = due - Clock.now(); left > 0; left = due - Clock.now()) {
                LockSupport.parkNanos(left);
            }
            Thread.ofVirtual()
                    .start(() -> {
                        try {
                            fleet.connectOne(index, due, members.apply(index));
                        } finally {
                            open.countDown();
                        }
                    });
        }
        open.await();
        fleet.ended = Clock.now();
        return fleet;
    }

    /// One client: how it connects, and what it does with what comes.
    record Member(Peer peer, Line.Handler handler) {}

    /// Threads for as many clients. Those of the system wake up sooner; of the JVM's there can be
    /// more.
    static Thread.Builder threads(int clients) {
        return clients <= SYSTEM_THREADS
                ? Thread.ofPlatform().daemon().name("bench")
                : Thread.ofVirtual().name("bench");
    }

    private void connectOne(int index, long due, Member member) {
        try {
            Line line = Line.connect(member.peer(), member.handler(), threads(size()));
            connecting.record(Clock.now() - due);
            lines.set(index, line);
        } catch (IOException refused) {
            tally.failed("a connection: " + refused.getMessage());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private void keepAlive() {
        try {
            while (!closing.await(1, TimeUnit.SECONDS)) {
                lines().forEach(Line::keepAlive);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /// Those that are connected, in their order.
    List<Line> lines() {
        List<Line> all = new ArrayList<>();
        for (int i = 0; i < lines.length(); i++) {
            Line line = lines.get(i);
            if (line != null) {
                all.add(line);
            }
        }
        return all;
    }

    int size() {
        return lines.length();
    }

    /// From when a connection was due until CONNACK.
    Quantiles connecting() {
        return connecting.total();
    }

    /// Connections a second, over the time that all took.
    double achieved() {
        return lines().size() * 1e9 / Math.max(1, ended - began);
    }

    /// Notes those that the broker has dropped.
    void countLost() {
        long lost = lines().stream().filter(line -> !line.isOpen()).count();
        for (long i = 0; i < lost; i++) {
            tally.failed("a connection was lost");
        }
    }

    /// Says farewell for all at once.
    @Override
    public void close() {
        closing.countDown();
        List<Line> all = lines();
        CountDownLatch closed = new CountDownLatch(all.size());
        for (Line line : all) {
            Thread.ofVirtual()
                    .start(() -> {
                        try {
                            line.close();
                        } finally {
                            closed.countDown();
                        }
                    });
        }
        try {
            closed.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
