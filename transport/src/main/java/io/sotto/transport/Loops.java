package io.sotto.transport;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.sotto.broker.Broker;
import io.sotto.broker.Shard;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// The event loops of the process, one per shard: native epoll where it loads, NIO elsewhere.
public final class Loops implements AutoCloseable {
    private final Clock clock = new Clock();
    private final EventLoopGroup group;
    private final List<ShardLoop> loops = new ArrayList<>();

    /// @param count at least 1
    public Loops(int count) {
        IoHandlerFactory factory =
                Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        group =
                new MultiThreadIoEventLoopGroup(
                        count, new DefaultThreadFactory("loop", true), factory);
        for (EventExecutor executor : group) {
            loops.add(new ShardLoop((EventLoop) executor, clock));
        }
    }

    /// How many loops there are.
    public int count() {
        return loops.size();
    }

    /// The time that the shards live by, in milliseconds.
    public long now() {
        return clock.now();
    }

    /// What wakes the shard of an index, from any thread.
    public Runnable waker(int index) {
        return loops.get(index)::wake;
    }

    /// Gives each loop its shard and lets time pass.
    public void serve(Broker broker) {
        List<Shard> shards = broker.shards();
        for (int i = 0; i < loops.size(); i++) {
            loops.get(i).start(shards.get(i));
        }
    }

    EventLoopGroup group() {
        return group;
    }

    static Class<? extends ServerSocketChannel> serverChannel() {
        return Epoll.isAvailable() ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    }

    ShardLoop loop(int index) {
        return loops.get(index);
    }

    ShardLoop loopOf(EventLoop eventLoop) {
        for (ShardLoop loop : loops) {
            if (loop.isOn(eventLoop)) {
                return loop;
            }
        }
        throw new IllegalArgumentException("not a loop of ours");
    }

    /// Disconnects all clients and waits, within a bound, until what was said to them has left.
    public void shutDown() throws InterruptedException {
        CountDownLatch told = new CountDownLatch(loops.size());
        for (ShardLoop loop : loops) {
            loop.shutDown(told::countDown);
        }
        if (!told.await(2, TimeUnit.SECONDS)) {
            return;
        }
        // Wills that were published while disconnecting may have crossed shards: one turn more.
        CountDownLatch delivered = new CountDownLatch(loops.size());
        for (ShardLoop loop : loops) {
            loop.afterTurn(delivered::countDown);
        }
        boolean _ = delivered.await(1, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
    }
}
