package io.sotto.transport;

import io.netty.channel.EventLoop;
import io.sotto.broker.Shard;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One event loop with its shard. Whatever happens on the loop schedules the end of the turn once:
/// it runs after all sockets that were ready have been read, commits what was changed, and flushes
/// each link that was written to once.
@SuppressWarnings("FutureReturnValueIgnored") // a failure ends in channelInactive
final class ShardLoop {
    private final EventLoop eventLoop;
    private final Clock clock;
    private final List<NettyLink> dirty = new ArrayList<>();
    private final List<NettyLink> slow = new ArrayList<>();
    private @Nullable Shard shard;
    private boolean ending;

    ShardLoop(EventLoop eventLoop, Clock clock) {
        this.eventLoop = eventLoop;
        this.clock = clock;
    }

    void start(Shard itsShard) {
        eventLoop.execute(() -> shard = itsShard);
        eventLoop.scheduleAtFixedRate(
                this::tick, Shard.TICK_MILLIS, Shard.TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    boolean isOn(EventLoop other) {
        return eventLoop.equals(other);
    }

    EventLoop eventLoop() {
        return eventLoop;
    }

    Shard shard() {
        return Objects.requireNonNull(shard, "the loop serves a shard before it accepts");
    }

    long now() {
        return clock.now();
    }

    /// From any thread: there is mail.
    void wake() {
        eventLoop.execute(() -> {
            shard().drain(now());
            touch();
        });
    }

    /// Something happened in this turn.
    void touch() {
        if (!ending) {
            ending = true;
            eventLoop.execute(this::endTurn);
        }
    }

    /// A link was written to.
    void markDirty(NettyLink link) {
        dirty.add(link);
        touch();
    }

    /// A link cannot take more for now.
    void markSlow(NettyLink link) {
        slow.add(link);
    }

    private void endTurn() {
        ending = false;
        shard().endTurn(now());
        for (int i = 0; i < dirty.size(); i++) {
            dirty.get(i).flush();
        }
        dirty.clear();
    }

    private void tick() {
        long now = now();
        shard().tick(now);
        slow.removeIf(link -> link.recoversOrTimesOut(now));
        touch();
    }

    void shutDown(Runnable done) {
        eventLoop.execute(() -> {
            shard().shutDown(now());
            touch();
            eventLoop.execute(done);
        });
    }

    void afterTurn(Runnable task) {
        eventLoop.execute(() -> {
            touch();
            eventLoop.execute(task);
        });
    }
}
