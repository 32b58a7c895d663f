package io.sotto.transport;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.SocketChannel;
import io.sotto.broker.spi.Origin;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;

/// A TCP port at which clients connect.
@SuppressWarnings("FutureReturnValueIgnored") // a failure ends in channelInactive
public final class TcpListener implements AutoCloseable {
    private static final int BACKLOG = 4096;

    private final Channel channel;

    private TcpListener(Channel channel) {
        this.channel = channel;
    }

    /// What a listener is to do.
    ///
    /// @param port 0 for any free one
    /// @param anonymousAllowed whether clients without credentials are admitted here
    public record Options(String name, String host, int port, boolean anonymousAllowed) {}

    /// Listens, and serves what connects on the given loops, one after the other.
    ///
    /// @param open counts the open connections of all listeners
    /// @throws IOException when the address cannot be had
    public static TcpListener open(
            Loops loops, Options options, TransportLimits limits, AtomicInteger open)
            throws IOException {
        ServerBootstrap bootstrap =
                new ServerBootstrap()
                        .group(loops.group())
                        .channel(Loops.serverChannel())
                        .option(ChannelOption.SO_BACKLOG, BACKLOG)
                        .option(ChannelOption.SO_REUSEADDR, true)
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        .childOption(ChannelOption.SO_KEEPALIVE, true)
                        .childOption(
                                ChannelOption.WRITE_BUFFER_WATER_MARK,
                                new WriteBufferWaterMark(
                                        limits.writeBuffer() / 4, limits.writeBuffer()))
                        .childHandler(
                                new ChannelInitializer<SocketChannel>() {
                                    @Override
                                    protected void initChannel(SocketChannel accepted) {
                                        serve(accepted, loops, options, limits, open);
                                    }
                                });
        var bound = bootstrap.bind(options.host(), options.port()).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException(
                    "cannot listen on " + options.host() + ":" + options.port(), bound.cause());
        }
        return new TcpListener(bound.channel());
    }

    private static void serve(
            SocketChannel accepted,
            Loops loops,
            Options options,
            TransportLimits limits,
            AtomicInteger open) {
        if (open.incrementAndGet() > limits.connections()) {
            open.decrementAndGet();
            accepted.close();
            return;
        }
        accepted.closeFuture().addListener(ignored -> open.decrementAndGet());
        InetSocketAddress peer = accepted.remoteAddress();
        String address = peer == null ? "unknown" : peer.getAddress().getHostAddress();
        Origin origin =
                new Origin(
                        options.name(),
                        address,
                        peer == null ? 0 : peer.getPort(),
                        options.anonymousAllowed());
        NettyLink link = new NettyLink(accepted, loops, origin, limits);
        ShardLoop loop = link.loop();
        accepted.pipeline().addLast(new Incoming(link, loop.shard().accept(link, loop.now())));
        loop.touch();
    }

    /// The port that it listens on.
    public int port() {
        return ((InetSocketAddress) channel.localAddress()).getPort();
    }

    /// Accepts no more; open connections stay.
    @Override
    public void close() {
        channel.close().awaitUninterruptibly();
    }
}
