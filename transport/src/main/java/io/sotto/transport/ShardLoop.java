package io.sotto.transport;

import io.netty.channel.SingleThreadIoEventLoop;
import io.sotto.broker.Shard;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// One event loop and the shard that it drives. All fields belong to the loop.
///
/// A turn begins with the first thing that happens in an iteration of the loop and ends behind its
/// last one: the mail is opened, the shard ends its turn, then whatever was written leaves, once
/// per link.
///
/// All of that is bounded, so that nobody waits long for the next turn: mail is opened once and so
/// many letters of it, and so much leaves ([Departures]).
final class ShardLoop {
    /// How often time passes for a shard in which nothing else happens, in milliseconds.
    private static final int TICK = 64;

    private static final int SWEEP = 1_000;

    private final SingleThreadIoEventLoop executor;
    private final Loops loops;
    private final Runnable end = this::endTurn;
    private final Departures<ByteLink> departures =
            new Departures<>(this::flush, link -> link.stopReadingOn(this));
    private final List<ByteLink> behind = new ArrayList<>();
    private final List<ByteLink> unfinished = new ArrayList<>();
    private final Common common = new Common(new Zlib(), new Shared(), SocketMemory.make());
    private @Nullable Shard shard;
    private boolean turning;
    private boolean mail;
    private long now;
    private long nextSweep;

    /// What the connections of the loop have in common.
    private record Common(Zlib zlib, Shared shared, @Nullable SocketMemory sockets) {}

    ShardLoop(SingleThreadIoEventLoop executor, Loops loops) {
        this.executor = executor;
        this.loops = loops;
    }

    SingleThreadIoEventLoop executor() {
        return executor;
    }

    Zlib zlib() {
        return common.zlib;
    }

    Loops loops() {
        return loops;
    }

    /// What sockets of our own are read into.
    SocketMemory sockets() {
        return Objects.requireNonNull(common.sockets);
    }

    Shared shared() {
        return common.shared;
    }

    /// Begins to drive a shard; from any thread.
    @SuppressWarnings("FutureReturnValueIgnored") // a tick keeps its faults to itself
    void drive(Shard driven) {
        executor.execute(() -> {
            shard = driven;
            collect();
        });
        executor.scheduleAtFixedRate(this::tick, TICK, TICK, TimeUnit.MILLISECONDS);
    }

    /// Has something done within the loop; from any thread. A loop that has ended does nothing any
    /// more: who still has something for it then, such as the store, goes on undisturbed.
    ///
    /// @return whether it will be done
    boolean execute(Runnable task) {
        try {
            executor.execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            if (!executor.isShuttingDown()) {
                throw e;
            }
            return false;
        }
    }

    /// Whether it ends or has ended.
    boolean isEnding() {
        return executor.isShuttingDown();
    }

    /// Has the mail of the shard opened; from any thread.
    void wake() {
        execute(this::collect);
    }

    /// The shard of this loop, within a turn.
    Shard shard() {
        assert executor.inEventLoop();
        Shard driven = shard;
        if (driven == null) {
            throw new IllegalStateException("the loop has no shard yet");
        }
        return driven;
    }

    /// The time of this turn; the first call begins it. The last tasks of a loop that ends have a
    /// time as well, though no turn follows in which anything would leave.
    long turn() {
        assert executor.inEventLoop();
        if (!turning) {
            now = loops.now();
            turning = !executor.isShutdown();
            if (turning) {
                executor.executeAfterEventLoopIteration(end);
            }
        }
        return now;
    }

    /// Disconnects the clients of the shard; from any thread.
    ///
    /// @param then told when that is done, or the loop has ended before
    void shutDown(Runnable then) {
        boolean will =
                execute(() -> {
                    guarded(() -> shard().shutDown(turn()));
                    unfinished.forEach(link -> guarded(() -> link.forsakeOn(this)));
                    then.run();
                });
        if (!will) {
            then.run();
        }
    }

    /// Has the mail opened when this turn ends and not at once: were it opened as often as it
    /// comes, a loop that sends without a break would keep this one from everything else.
    private void collect() {
        if (shard != null) {
            mail = true;
            turn();
        }
    }

    private void drain() {
        mail = false;
        if (!guarded(() -> shard().drain(now))) {
            // The mail behind the one that failed.
            execute(this::collect);
        }
    }

    private void tick() {
        long present = turn();
        guarded(() -> loops.memory().look());
        guarded(() -> shard().tick(present));
        if (present >= nextSweep) {
            nextSweep = present + SWEEP;
            guarded(() -> loops.sweep(present));
            behind.removeIf(link -> isDone(link, each -> each.isThroughOn(this, present)));
            unfinished.removeIf(link -> isDone(link, each -> each.isWholeOn(this, present)));
        }
    }

    /// Looks after one link; a fault of ours costs that link alone.
    private static boolean isDone(ByteLink link, Predicate<ByteLink> look) {
        try {
            return look.test(link);
        } catch (RuntimeException | AssertionError e) {
            link.failed(e);
            return true;
        }
    }

    /// Does a step of the shard; a fault of ours, of whatever kind, is told and costs that step
    /// alone: a loop that stopped for it would leave all its clients waiting.
    ///
    /// @return whether there was none
    private boolean guarded(Runnable step) {
        try {
            step.run();
            return true;
        } catch (Throwable e) {
            loops.fault("event loop", e);
            return false;
        }
    }

    private void endTurn() {
        boolean more = false;
        try {
            if (mail) {
                drain();
            }
            guarded(() -> shard().endTurn(now));
            common.shared.clear();
            more = departures.depart();
        } finally {
            turning = false;
            if (more) {
                execute(this::turn);
            }
        }
    }

    /// @return how many bytes have left
    private long flush(ByteLink link) {
        if (link.loop() != this) {
            // It has moved away since it was noted, and all of it belongs to another loop.
            return 0;
        }
        long before = link.pending();
        guarded(() -> link.flushOn(this));
        return Math.max(0, before - link.pending());
    }

    /// Sends more for a link in a later turn.
    void later(ByteLink link) {
        turn();
        departures.later(link);
    }

    /// Notes a link that has something to send, once per turn.
    void written(ByteLink link) {
        turn();
        departures.add(link);
    }

    /// Notes a link whose peer does not take all that is sent.
    void behind(ByteLink link) {
        behind.add(link);
    }

    /// Notes a link of which a packet is here in part.
    void unfinished(ByteLink link) {
        unfinished.add(link);
    }
}
