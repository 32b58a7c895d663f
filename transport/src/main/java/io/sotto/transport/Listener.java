package io.sotto.transport;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.ServerChannelRecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.sotto.broker.spi.EventLog.Severity;
import io.sotto.broker.spi.Terms;
import io.sotto.transport.Accepting.Door;
import io.sotto.transport.Endpoint.Port;
import io.sotto.transport.Endpoint.UnixSocket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// An open port or socket at which clients arrive; they are spread over the loops in turn.
public final class Listener implements AutoCloseable {
    private static final int BACKLOG = 4096;
    private static final int SMALLEST_READ = 512;
    private static final int FIRST_READ = 2 * 1024;

    /// The most that one connection is read before the others of its loop have their turn. Small
    /// messages come at some 25 bytes, so that this many are through in well under a millisecond.
    private static final int LARGEST_READ = 16 * 1024;

    private final Loops loops;
    private final Channel channel;
    private final Accepting accepting;
    private final @Nullable SocketFile file;

    private Listener(Loops loops, Channel channel, Accepting accepting, @Nullable SocketFile file) {
        this.loops = loops;
        this.channel = channel;
        this.accepting = accepting;
        this.file = file;
    }

    /// Where a listener is, and whom it admits.
    ///
    /// @param name as the log calls it
    /// @param anonymous whether clients without credentials are admitted
    /// @param carriers what is spoken there
    /// @param connections how many there may be at once, 0 for no bound but that of all listeners;
    ///   setting `listeners[].connections`
    /// @param terms what is asked of clients
    public record Place(
            String name,
            Endpoint endpoint,
            boolean anonymous,
            Carriers carriers,
            int connections,
            Terms terms) {}

    /// Begins to accept.
    ///
    /// @throws IOException when the address cannot be had, in the words of the system, or when the
    ///   files of TLS cannot be used
    public static Listener open(Loops loops, Place place) throws IOException {
        Entrance entrance = Entrance.open(place, loops);
        try {
            Accepting accepting = new Accepting(loops, new Door(place, entrance));
            ServerBootstrap bootstrap = bootstrap(loops, place, accepting);
            return switch (place.endpoint()) {
                case Port port -> new Listener(loops, bind(bootstrap, port), accepting, null);
                case UnixSocket socket -> {
                    SocketFile file = SocketFile.begin(socket);
                    yield new Listener(loops, bind(bootstrap, file), accepting, file);
                }
            };
        } catch (IOException e) {
            entrance.close();
            throw e;
        }
    }

    private static ServerBootstrap bootstrap(Loops loops, Place place, Accepting accepting) {
        ServerBootstrap bootstrap = new ServerBootstrap();
        if (loops.settings().sendBuffer() > 0) {
            bootstrap.childOption(ChannelOption.SO_SNDBUF, loops.settings().sendBuffer());
        }
        return bootstrap
                .group(loops.loop(0).executor(), loops.group())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.RECVBUF_ALLOCATOR, oneByOne())
                .handler(new Faults(loops, place))
                .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .childOption(
                        ChannelOption.WRITE_BUFFER_WATER_MARK,
                        new WriteBufferWaterMark(Output.CHANNEL_LOW, Output.CHANNEL_HIGH))
                .childOption(
                        ChannelOption.RECVBUF_ALLOCATOR,
                        new AdaptiveRecvByteBufAllocator(SMALLEST_READ, FIRST_READ, LARGEST_READ)
                                .maxMessagesPerRead(1))
                .childHandler(accepting);
    }

    /// One connection is accepted in a turn: a storm of them waits in the system's queue, while
    /// those who are connected have their turns in between.
    private static RecvByteBufAllocator oneByOne() {
        return new ServerChannelRecvByteBufAllocator().maxMessagesPerRead(1);
    }

    /// Without Nagle's delay: Netty sets `TCP_NODELAY` by itself.
    private static Channel bind(ServerBootstrap bootstrap, Port port) throws IOException {
        InetSocketAddress address = new InetSocketAddress(port.host(), port.port());
        if (address.isUnresolved()) {
            throw new IOException("the name " + port.host() + " is not known");
        }
        return bound(
                bootstrap
                        .channel(
                                Epoll.isAvailable()
                                        ? EpollServerSocketChannel.class
                                        : NioServerSocketChannel.class)
                        .option(ChannelOption.SO_REUSEADDR, true)
                        .childOption(ChannelOption.SO_KEEPALIVE, true)
                        .bind(address));
    }

    private static Channel bind(ServerBootstrap bootstrap, SocketFile file) throws IOException {
        try {
            Channel channel =
                    Epoll.isAvailable()
                            ? bound(
                                    bootstrap
                                            .channel(EpollServerDomainSocketChannel.class)
                                            .bind(
                                                    new DomainSocketAddress(
                                                            file.birthplace().toFile())))
                            : bound(
                                    bootstrap
                                            .channel(NioServerDomainSocketChannel.class)
                                            .bind(UnixDomainSocketAddress.of(file.birthplace())));
            file.settle();
            return channel;
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    private static Channel bound(ChannelFuture binding) throws IOException {
        binding.awaitUninterruptibly();
        if (!binding.isSuccess()) {
            throw new IOException(reason(binding.cause()), binding.cause());
        }
        return binding.channel();
    }

    private static String reason(Throwable cause) {
        String message = cause.getMessage();
        return message == null ? cause.toString() : message;
    }

    /// The port, also when any was asked for; 0 where there is none.
    public int port() {
        return channel.localAddress() instanceof InetSocketAddress local ? local.getPort() : 0;
    }

    /// Has the files of TLS looked at now, where there are some.
    public void renew() {
        accepting.door().entrance().renew();
    }

    /// Another way in, made ready to take the place of the present one. What has been made ready
    /// has to be used or closed.
    ///
    /// @param place with the same endpoint as before
    /// @throws IOException with a sentence, when the files of TLS cannot be used
    public Change prepare(Place place) throws IOException {
        return new Change(new Door(place, Entrance.open(place, loops)));
    }

    /// What new connections come to when it is [#apply]'d; those that are there stay as they are.
    public final class Change implements AutoCloseable {
        private final Door door;

        private Change(Door door) {
            this.door = door;
        }

        /// New connections come to this from now on. What was before is let go of when the last
        /// handshake that has begun with it is over.
        @SuppressWarnings("FutureReturnValueIgnored") // nothing waits for it
        public void apply() {
            Door before = accepting.replace(door);
            door.entrance().review();
            TlsSettings tls = before.place().carriers().tls();
            int rest = tls == null ? 0 : tls.handshakes().timeout() + 1;
            loops.loop(0)
                    .executor()
                    .schedule(() -> before.entrance().close(), rest, TimeUnit.SECONDS);
        }

        /// It is not used after all.
        @Override
        public void close() {
            door.entrance().close();
        }
    }

    /// When the first of its certificates or revocation lists ends; null where there are none.
    public @Nullable Instant firstEnd() {
        return accepting.door().entrance().firstEnd();
    }

    /// How many handshakes of TLS are under way.
    int handshakes() {
        return accepting.door().entrance().handshakes();
    }

    /// Stops accepting; connections that are there stay.
    @Override
    public void close() {
        channel.close().awaitUninterruptibly();
        accepting.door().entrance().close();
        if (file != null) {
            try {
                file.close();
            } catch (IOException e) {
                // Whoever listens there next finds that nobody does, and replaces it.
            }
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
