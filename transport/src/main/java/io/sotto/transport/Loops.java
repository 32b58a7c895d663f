package io.sotto.transport;

import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.internal.PlatformDependent;
import io.sotto.broker.Broker;
import io.sotto.broker.spi.EventLog;
import io.sotto.broker.spi.EventLog.Severity;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/// The event loops of a broker, one per shard, and the count of the connections on them.
public final class Loops implements AutoCloseable {
    /// How long clients have to leave when all is stopped, in milliseconds.
    private static final int FAREWELL = 1_500;

    /// For how long a loop must have had nothing to do before it ends while others may still hand
    /// it connections, in milliseconds. Netty looks every 100.
    private static final int QUIET = 1;

    private static final int IDLE_SECONDS = 10;

    private final TransportSettings settings;
    private final EventLog events;
    private final SteadyClock clock = new SteadyClock();
    private final MultiThreadIoEventLoopGroup group;
    private final List<ShardLoop> loops = new ArrayList<>();
    private final IdentityHashMap<EventLoop, ShardLoop> byExecutor = new IdentityHashMap<>();
    private final MemoryWatch memory;
    private final AtomicInteger connections = new AtomicInteger();
    private final Addresses addresses;
    private final Reserve unfinished;
    private final ThreadPoolExecutor workers = newWorkers();
    private final Certified certified = new Certified();

    public Loops(TransportSettings settings, EventLog events) {
        this(settings, events, MemoryWatch.ofProcess(settings, events));
    }

    Loops(TransportSettings settings, EventLog events, MemoryWatch memory) {
        this.settings = settings;
        this.events = events;
        this.memory = memory;
        this.addresses =
                new Addresses(settings.connectionsPerAddress(), settings.connectRatePerAddress());
        this.unfinished =
                new Reserve(
                        Math.min(
                                settings.receiveMemory(), PlatformDependent.maxDirectMemory() / 4));
        this.group =
                new MultiThreadIoEventLoopGroup(
                        settings.loops(),
                        new DefaultThreadFactory("sotto-loop"),
                        Epoll.isAvailable()
                                ? EpollIoHandler.newFactory()
                                : NioIoHandler.newFactory());
        for (EventExecutor executor : group) {
            ShardLoop loop = new ShardLoop((SingleThreadIoEventLoop) executor, this);
            loops.add(loop);
            byExecutor.put(loop.executor(), loop);
        }
    }

    private static ThreadPoolExecutor newWorkers() {
        int threads = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
        ThreadPoolExecutor workers =
                new ThreadPoolExecutor(
                        threads,
                        threads,
                        IDLE_SECONDS,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(),
                        new DefaultThreadFactory("sotto-tls", true));
        workers.allowCoreThreadTimeOut(true);
        return workers;
    }

    TransportSettings settings() {
        return settings;
    }

    /// Half of the processors, for what takes long and may take turns: the handshakes of TLS. Each
    /// of them waits here once at most, and listeners bound their number.
    Executor workers() {
        return workers;
    }

    /// Who has shown a certificate.
    Certified certified() {
        return certified;
    }

    MultiThreadIoEventLoopGroup group() {
        return group;
    }

    EventLog events() {
        return events;
    }

    /// The memory for packets that are here in part.
    Reserve unfinished() {
        return unfinished;
    }

    /// Forgets the addresses that need not be remembered; to be called now and then.
    void sweep(long now) {
        addresses.sweep(now);
    }

    /// The watch over the memory for network buffers.
    MemoryWatch memory() {
        return memory;
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

    /// The loops in turn, for connections that come.
    ShardLoop next() {
        return of(group.next());
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
        if (!admitProxy(address)) {
            return false;
        }
        String setting = addresses.admit(address, now());
        if (setting != null) {
            proxyLeft();
            refused(address, setting);
            return false;
        }
        return true;
    }

    /// Counts a connection among all, and not for its address, which many others share.
    ///
    /// @return whether it may stay
    boolean admitProxy(String address) {
        if (connections.incrementAndGet() > settings.connections()) {
            proxyLeft();
            refused(address, "limits.connections");
            return false;
        }
        return true;
    }

    /// Says that there are more than may be.
    void refused(String address, String setting) {
        events.event(
                Severity.WARNING,
                "connection from " + address + " closed: more than may be (" + setting + ")");
    }

    /// A connection that was counted has ended.
    void left(String address) {
        proxyLeft();
        addresses.left(address, now());
    }

    /// A connection has ended that was not counted for its address.
    void proxyLeft() {
        connections.decrementAndGet();
    }

    /// A fault of ours.
    ///
    /// @param where in plain words
    void fault(String where, Throwable cause) {
        StackTraceElement[] trace = cause.getStackTrace();
        String at = trace.length == 0 ? "" : " at " + trace[0];
        events.event(Severity.ERROR, "internal error in the " + where + ": " + cause + at);
    }

    /// Disconnects all clients, gives them a moment to take what was sent, and ends all loops.
    /// Listeners are to be closed before.
    @Override
    public void close() {
        if (group.isShuttingDown()) {
            return;
        }
        // Whoever was accepted last is counted once each loop has come to this.
        CountDownLatch told = new CountDownLatch(loops.size());
        loops.forEach(loop -> loop.shutDown(told::countDown));
        long last = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(FAREWELL);
        while (told.getCount() + connections.get() > 0 && System.nanoTime() < last) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
        // Whoever is still there, perhaps between two loops, is closed by the one where it is.
        int quiet = connections.get() > 0 ? QUIET : 0;
        group.shutdownGracefully(quiet, 1_000, TimeUnit.MILLISECONDS)
                .awaitUninterruptibly(5, TimeUnit.SECONDS);
        workers.shutdownNow();
    }
}
