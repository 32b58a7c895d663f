package io.sotto.transport;

import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.sotto.broker.Broker;
import io.sotto.broker.spi.EventLog;
import io.sotto.broker.spi.EventLog.Severity;
import io.sotto.broker.spi.Origin;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// The event loops of a broker, one per shard, and the count of the connections on them.
public final class Loops implements AutoCloseable {
    private final TransportSettings settings;
    private final EventLog events;
    private final SteadyClock clock = new SteadyClock();
    private final MultiThreadIoEventLoopGroup group;
    private final List<ShardLoop> loops = new ArrayList<>();
    private final IdentityHashMap<EventLoop, ShardLoop> byExecutor = new IdentityHashMap<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final Map<String, Integer> addresses = new ConcurrentHashMap<>();

    public Loops(TransportSettings settings, EventLog events) {
        this.settings = settings;
        this.events = events;
        this.group =
                new MultiThreadIoEventLoopGroup(
                        settings.loops(),
                        new DefaultThreadFactory("sotto-loop"),
                        Epoll.isAvailable()
                                ? EpollIoHandler.newFactory()
                                : NioIoHandler.newFactory());
        for (EventExecutor executor : group) {
            ShardLoop loop = new ShardLoop((SingleThreadEventLoop) executor, clock);
            loops.add(loop);
            byExecutor.put(loop.executor(), loop);
        }
    }

    TransportSettings settings() {
        return settings;
    }

    MultiThreadIoEventLoopGroup group() {
        return group;
    }

    EventLog events() {
        return events;
    }

    /// How many loops there are.
    public int count() {
        return loops.size();
    }

    /// The present, in milliseconds, as the broker is to have it.
    public long now() {
        return clock.now();
    }

    /// What makes the loop of a shard open its mail; may be called from any thread.
    public Runnable wake(int shard) {
        return loops.get(shard)::wake;
    }

    /// Begins to drive the shards of a broker, which has as many as there are loops.
    public void drive(Broker broker) {
        for (ShardLoop loop : loops) {
            loop.drive(broker.shards().get(loops.indexOf(loop)));
        }
    }

    ShardLoop loop(int shard) {
        return loops.get(shard);
    }

    ShardLoop of(EventLoop executor) {
        ShardLoop loop = byExecutor.get(executor);
        if (loop == null) {
            throw new IllegalArgumentException("not a loop of this transport");
        }
        return loop;
    }

    /// How many connections there are, those included that have not logged in.
    public int connectionCount() {
        return connections.get();
    }

    /// Counts a connection, unless there are as many as may be.
    ///
    /// @return whether it may stay
    boolean admit(String address) {
        if (connections.incrementAndGet() > settings.connections()) {
            connections.decrementAndGet();
            refused(address, "limits.connections");
            return false;
        }
        int most = settings.connectionsPerAddress();
        if (most > 0 && addresses.merge(address, 1, Integer::sum) > most) {
            left(address);
            refused(address, "limits.connections-per-address");
            return false;
        }
        return true;
    }

    private void refused(String address, String setting) {
        events.event(
                Severity.WARNING,
                "connection from " + address + " closed: as many as may be (" + setting + ")");
    }

    /// A connection that was counted has ended.
    void left(String address) {
        connections.decrementAndGet();
        if (settings.connectionsPerAddress() > 0) {
            addresses.computeIfPresent(address, (key, count) -> count == 1 ? null : count - 1);
        }
    }

    /// A fault of ours that cost a connection.
    void fault(Origin origin, Throwable cause) {
        events.event(
                Severity.ERROR, "internal error at the connection from " + origin + ": " + cause);
    }

    /// Ends all loops, and with them all connections that are left.
    @Override
    public void close() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
    }
}
