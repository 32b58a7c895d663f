package io.sotto.transport;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.socket.DuplexChannel;
import io.sotto.broker.spi.EventLog.Severity;
import io.sotto.broker.spi.Origin;
import io.sotto.transport.Endpoint.Port;
import io.sotto.transport.Endpoint.UnixSocket;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Gives a new connection its link, if it may stay.
@SuppressWarnings("FutureReturnValueIgnored") // nothing is left to be done behind a close
final class Accepting extends ChannelInitializer<DuplexChannel> {
    private final Loops loops;
    private final Listener.Place place;
    private final Entrance entrance;
    private final AtomicInteger open = new AtomicInteger();

    Accepting(Loops loops, Listener.Place place, Entrance entrance) {
        this.loops = loops;
        this.place = place;
        this.entrance = entrance;
    }

    @Override
    protected void initChannel(DuplexChannel channel) {
        Origin origin = origin(channel);
        if (origin == null || !mayPassOn(origin)) {
            channel.close();
            return;
        }
        if (isFull()) {
            loops.refused(origin.address(), "listeners[].connections");
            channel.close();
            return;
        }
        channel.closeFuture().addListener(closed -> open.decrementAndGet());
        Arrival arrival = new Arrival(loops, origin, place.carriers().passesOn(origin.address()));
        if (!arrival.enter()) {
            channel.close();
            return;
        }
        entrance.prepare(channel.pipeline(), new NettyLink(loops, channel, arrival));
    }

    /// Counts the connection, unless there are as many at this listener as may be.
    private boolean isFull() {
        if (open.incrementAndGet() > place.connections() && place.connections() > 0) {
            open.decrementAndGet();
            return true;
        }
        return false;
    }

    /// Null when the peer is gone already.
    private @Nullable Origin origin(DuplexChannel channel) {
        return switch (place.endpoint()) {
            case Port ignored ->
                    channel.remoteAddress() instanceof InetSocketAddress peer
                            ? from(peer.getAddress().getHostAddress(), peer.getPort())
                            : null;
            case UnixSocket socket -> from("unix:" + socket.path(), 0);
        };
    }

    private Origin from(String address, int port) {
        return new Origin(place.name(), address, port, place.anonymous());
    }

    /// Where proxies pass connections on, whether this is one of them. Who may open a socket in the
    /// file system, its mode has said.
    private boolean mayPassOn(Origin origin) {
        ProxySettings proxy = place.carriers().proxy();
        if (proxy == null
                || place.endpoint() instanceof UnixSocket
                || proxy.sources().contains(origin.address())) {
            return true;
        }
        loops.events()
                .event(
                        Severity.WARNING,
                        "connection from "
                                + origin.address()
                                + " closed: no proxy that may pass connections on"
                                + " (listeners[].proxy.sources)");
        return false;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }
}
