package io.sotto.transport;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.sotto.broker.spi.EventLog.Severity;
import io.sotto.broker.spi.Origin;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/// An open port at which clients arrive; they are spread over the loops in turn.
public final class TcpListener implements AutoCloseable {
    private static final int BACKLOG = 4096;
    private static final int SMALLEST_READ = 512;
    private static final int FIRST_READ = 2 * 1024;
    private static final int LARGEST_READ = 64 * 1024;

    /// How often one connection is read before the others of its loop have their turn.
    private static final int READS = 4;

    private final Channel channel;
    private final Entrance entrance;

    private TcpListener(Channel channel, Entrance entrance) {
        this.channel = channel;
        this.entrance = entrance;
    }

    /// Where a listener is, and whom it admits.
    ///
    /// @param name as the log calls it
    /// @param port 1 to 65,535, or 0 for any that is free
    /// @param anonymous whether clients without credentials are admitted
    /// @param carriers what is spoken there
    public record Place(String name, String host, int port, boolean anonymous, Carriers carriers) {}

    /// Opens a port.
    ///
    /// @throws IOException when the address cannot be had, in the words of the system, or when the
    ///   files of TLS cannot be used
    public static TcpListener open(Loops loops, Place place) throws IOException {
        Entrance entrance = Entrance.open(place, loops);
        try {
            return new TcpListener(bind(loops, place, entrance), entrance);
        } catch (IOException e) {
            entrance.close();
            throw e;
        }
    }

    private static Channel bind(Loops loops, Place place, Entrance entrance) throws IOException {
        ServerBootstrap bootstrap =
                new ServerBootstrap()
                        .group(loops.loop(0).executor(), loops.group())
                        .channel(
                                Epoll.isAvailable()
                                        ? EpollServerSocketChannel.class
                                        : NioServerSocketChannel.class)
                        .option(ChannelOption.SO_REUSEADDR, true)
                        .option(ChannelOption.SO_BACKLOG, BACKLOG)
                        .handler(new Faults(loops, place))
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        .childOption(ChannelOption.SO_KEEPALIVE, true)
                        .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                        .childOption(
                                ChannelOption.WRITE_BUFFER_WATER_MARK,
                                new WriteBufferWaterMark(Output.CHANNEL_LOW, Output.CHANNEL_HIGH))
                        .childOption(
                                ChannelOption.RECVBUF_ALLOCATOR,
                                new AdaptiveRecvByteBufAllocator(
                                                SMALLEST_READ, FIRST_READ, LARGEST_READ)
                                        .maxMessagesPerRead(READS))
                        .childHandler(new Accepting(loops, place, entrance));
        InetSocketAddress address = new InetSocketAddress(place.host(), place.port());
        if (address.isUnresolved()) {
            throw new IOException("the name " + place.host() + " is not known");
        }
        ChannelFuture bound = bootstrap.bind(address).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException(reason(bound.cause()), bound.cause());
        }
        return bound.channel();
    }

    private static String reason(Throwable cause) {
        String message = cause.getMessage();
        return message == null ? cause.toString() : message;
    }

    /// The port, also when any was asked for.
    public int port() {
        return ((InetSocketAddress) channel.localAddress()).getPort();
    }

    /// How many handshakes of TLS are under way.
    int handshakes() {
        return entrance.handshakes();
    }

    /// Stops accepting; connections that are there stay.
    @Override
    public void close() {
        channel.close().awaitUninterruptibly();
        entrance.close();
    }

    /// Gives a new connection its link.
    @SuppressWarnings("FutureReturnValueIgnored") // nothing is left to be done behind a close
    private static final class Accepting extends ChannelInitializer<SocketChannel> {
        private final Loops loops;
        private final Place place;
        private final Entrance entrance;

        Accepting(Loops loops, Place place, Entrance entrance) {
            this.loops = loops;
            this.place = place;
            this.entrance = entrance;
        }

        @Override
        protected void initChannel(SocketChannel channel) {
            InetSocketAddress peer = channel.remoteAddress();
            if (peer == null) {
                channel.close();
                return;
            }
            String address = peer.getAddress().getHostAddress();
            ProxySettings proxy = place.carriers().proxy();
            if (proxy != null && !proxy.sources().contains(address)) {
                loops.events()
                        .event(
                                Severity.WARNING,
                                "connection from "
                                        + address
                                        + " closed: no proxy that may pass connections on"
                                        + " (listeners[].proxy.sources)");
                channel.close();
                return;
            }
            if (!loops.admit(address)) {
                channel.close();
                return;
            }
            Origin origin = new Origin(place.name(), address, peer.getPort(), place.anonymous());
            entrance.prepare(channel.pipeline(), new NettyLink(loops, channel, origin));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }

    /// What goes wrong with accepting, such as a lack of file descriptors: it pauses for a second,
    /// so that the loop lives on, and one line a second is the most that comes of it.
    @SuppressWarnings("FutureReturnValueIgnored") // ends with the listener
    private static final class Faults extends ChannelInboundHandlerAdapter {
        private final Loops loops;
        private final Place place;

        Faults(Loops loops, Place place) {
            this.loops = loops;
            this.place = place;
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            String sentence = "listener " + place.name() + " cannot accept: " + reason(cause);
            loops.events().event(Severity.ERROR, sentence);
            Channel listening = context.channel();
            listening.config().setAutoRead(false);
            listening
                    .eventLoop()
                    .schedule(() -> listening.config().setAutoRead(true), 1, TimeUnit.SECONDS);
        }
    }
}
