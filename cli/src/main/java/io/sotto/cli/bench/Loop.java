package io.sotto.cli.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/// One thread that reads for many clients, and does at once what is to be done with what has come.
/// Nothing is handed to another thread on its way in, so that between the socket and the clock is
/// only the decoder, and where all clients are on one loop, the threads change only with the
/// broker's. What goes by the clock is done here too.
final class Loop implements AutoCloseable {
    /// Who has a channel on a loop.
    interface Client {
        /// There is something to read, or room to write. Called by the loop alone.
        ///
        /// @param writable whether there is room that was asked for
        void ready(boolean writable);
    }

    /// What is done by the clock, beside the channels.
    interface Clockwork {
        long NEVER = Long.MAX_VALUE;

        /// Does what is due. Called by the loop alone.
        ///
        /// @return when there is more, by [Clock], or [#NEVER]
        long turn();
    }

    private static final long MILLI_NANOS = 1_000_000;

    /// A selector waits for whole milliseconds, and may take one more. Where there is nothing
    /// finer, what is due within so long is waited for without it.
    private static final long NEAR_NANOS = 2 * MILLI_NANOS;

    /// So many tasks are done before the channels are looked at again.
    private static final int TASKS = 1024;

    private final Selector selector = Selector.open();
    private final @Nullable FineWait fine = FineWait.at(selector);
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final Thread thread;
    private @Nullable Clockwork clockwork;
    private volatile boolean closed;

    /// @throws IOException when the system has no descriptor left
    Loop(int number) throws IOException {
        thread = Thread.ofPlatform().daemon().name("bench-" + number).unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /// Lets a client hear of its channel, which waits for nothing from here on.
    void join(SocketChannel channel, Client client) throws IOException {
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_READ, client);
        selector.wakeup();
    }

    /// Whether a client is told of room to write too.
    void watchRoom(SocketChannel channel, boolean wanted) {
        SelectionKey key = channel.keyFor(selector);
        if (key == null) {
            return;
        }
        try {
            key.interestOps(
                    wanted ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ);
        } catch (CancelledKeyException closedMeanwhile) {
            return;
        }
        wakeUp();
    }

    /// Does something on the loop's thread, soon.
    void execute(Runnable task) {
        tasks.add(task);
        wakeUp();
    }

    private void wakeUp() {
        if (!thread.equals(Thread.currentThread())) {
            selector.wakeup();
        }
    }

    private void run() {
        try (selector) {
            while (!closed) {
                turn();
            }
        } catch (IOException broken) {
            throw new UncheckedIOException("the system tells of no sockets any more", broken);
        }
    }

    /// A method of its own, so that the JVM compiles it as one: a loop that never ends is entered
    /// before that, and stays half interpreted.
    private void turn() throws IOException {
        long due = tick();
        if (due == Clockwork.NEVER && tasks.isEmpty()) {
            selector.select(Loop::tell);
        } else if (selector.selectNow(Loop::tell) == 0 && tasks.isEmpty()) {
            rest(due - Clock.now());
        }
        for (int i = 0; i < TASKS; i++) {
            Runnable task = tasks.poll();
            if (task == null) {
                return;
            }
            task.run();
        }
    }

    /// Leaves the processor until something is due, or there is something to do. Who looks all the
    /// time instead leaves the broker one processor less, and makes it wait there behind all else.
    private void rest(long nanos) throws IOException {
        if (nanos <= 0) {
            return;
        }
        if (fine != null) {
            fine.await(nanos);
        } else if (nanos < NEAR_NANOS) {
            giveWay();
        } else {
            selector.select(Loop::tell, (nanos - MILLI_NANOS) / MILLI_NANOS);
        }
    }

    /// Lets others have the processor first, the broker above all; where nobody wants it, this
    /// takes no time.
    @SuppressWarnings("ThreadPriorityCheck") // slower or faster by it, right either way
    private static void giveWay() {
        Thread.yield();
    }

    /// @return when there is more, or never
    private long tick() {
        if (clockwork == null) {
            return Clockwork.NEVER;
        }
        long next = clockwork.turn();
        if (next == Clockwork.NEVER) {
            clockwork = null;
        }
        return next;
    }

    /// Does this by the clock from here on, until there is no more. Called by the loop alone.
    void follow(Clockwork work) {
        clockwork = work;
    }

    private static void tell(SelectionKey key) {
        if (key.isValid() && key.attachment() instanceof Client client) {
            client.ready(key.isWritable());
        }
    }

    @Override
    public void close() {
        closed = true;
        wakeUp();
    }
}
