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
    private final List<Loop> loops = new ArrayList<>();
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
    /// @throws IOException when the system has no descriptor left
    static Fleet connect(int size, Way way, IntFunction<Member> members, Tally tally)
            throws IOException, InterruptedException {
        Fleet fleet = new Fleet(size, tally);
        for (int i = 0; i < way.loops(); i++) {
            Loop loop = new Loop(i);
            fleet.loops.add(loop);
            loop.start();
        }
        CountDownLatch open = new CountDownLatch(size);
        Thread.ofVirtual().name("bench-keep-alive").start(fleet::keepAlive);
        fleet.began = Clock.now();
        for (int i = 0; i < size; i++) {
            int index = i;
            long due = fleet.began + (long) (i * 1e9 / way.rate());
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

    /// How clients connect.
    ///
    /// @param rate connections a second
    /// @param loops threads that read for them
    record Way(double rate, int loops) {}

    /// One client: how it connects, and what it does with what comes.
    ///
    /// @param place clients of one place are on one loop
    record Member(Peer peer, Line.Handler handler, int place) {}

    private void connectOne(int index, long due, Member member) {
        try {
            Loop loop = loops.get(member.place() % loops.size());
            Line line = Line.connect(member.peer(), member.handler(), loop);
            connecting.record(line.acceptedAt() - due);
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

    /// Waits until the loops have done what they were told before.
    void settle() throws InterruptedException {
        CountDownLatch reached = new CountDownLatch(loops.size());
        loops.forEach(loop -> loop.execute(reached::countDown));
        reached.await();
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
        loops.forEach(Loop::close);
    }
}
