package io.sotto.transport;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ServerChannelRecvByteBufAllocator;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.sotto.broker.spi.EventLog.Severity;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/// Accepts where there is no epoll: every connection is a channel of Netty's.
///
/// One connection is accepted in a turn, as in [EpollListening].
final class NioListening implements Listening {
    private final Channel channel;

    private NioListening(Channel channel) {
        this.channel = channel;
    }

    /// Without Nagle's delay: Netty sets `TCP_NODELAY` by itself.
    ///
    /// @throws IOException in the words of the system
    static NioListening at(InetSocketAddress address, Loops loops, Accepting accepting)
            throws IOException {
        ServerBootstrap bootstrap =
                bootstrap(loops, accepting)
                        .channel(NioServerSocketChannel.class)
                        .option(ChannelOption.SO_REUSEADDR, true)
                        .childOption(ChannelOption.SO_KEEPALIVE, true);
        return bound(bootstrap, address);
    }

    /// @throws IOException in the words of the system
    static NioListening at(Path file, Loops loops, Accepting accepting) throws IOException {
        return bound(
                bootstrap(loops, accepting).channel(NioServerDomainSocketChannel.class),
                UnixDomainSocketAddress.of(file));
    }

    private static ServerBootstrap bootstrap(Loops loops, Accepting accepting) {
        ServerBootstrap bootstrap = new ServerBootstrap();
        if (loops.settings().sendBuffer() > 0) {
            bootstrap.childOption(ChannelOption.SO_SNDBUF, loops.settings().sendBuffer());
        }
        return bootstrap
                .group(loops.loop(0).executor(), loops.group())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.AUTO_READ, false)
                .option(
                        ChannelOption.RECVBUF_ALLOCATOR,
                        new ServerChannelRecvByteBufAllocator().maxMessagesPerRead(1))
                .handler(new Faults(loops, accepting))
                .childHandler(new Welcome(loops, accepting));
    }

    private static NioListening bound(ServerBootstrap bootstrap, SocketAddress address)
            throws IOException {
        ChannelFuture binding = bootstrap.bind(address).awaitUninterruptibly();
        if (!binding.isSuccess()) {
            throw new IOException(reason(binding.cause()), binding.cause());
        }
        return new NioListening(binding.channel());
    }

    private static String reason(Throwable cause) {
        String message = cause.getMessage();
        return message == null ? cause.toString() : message;
    }

    @Override
    public int port() {
        return channel.localAddress() instanceof InetSocketAddress local ? local.getPort() : 0;
    }

    @Override
    public void begin() {
        channel.config().setAutoRead(true);
    }

    @Override
    public void close() {
        channel.close().awaitUninterruptibly();
    }

    /// As in [EpollListening]: a second's pause.
    @SuppressWarnings("FutureReturnValueIgnored") // ends with the listener
    private static final class Faults extends ChannelInboundHandlerAdapter {
        private final Loops loops;
        private final Accepting accepting;

        Faults(Loops loops, Accepting accepting) {
            this.loops = loops;
            this.accepting = accepting;
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            String name = accepting.door().place().name();
            loops.events()
                    .event(Severity.ERROR, "listener " + name + " cannot accept: " + reason(cause));
            Channel listening = context.channel();
            listening.config().setAutoRead(false);
            listening
                    .eventLoop()
                    .schedule(() -> listening.config().setAutoRead(true), 1, TimeUnit.SECONDS);
        }
    }
}
