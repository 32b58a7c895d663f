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
    private final AtomicInteger open = new AtomicInteger();
    private volatile Door door;

    /// What a new connection comes to; the next one may come to another.
    record Door(Listener.Place place, Entrance entrance) {}

    Accepting(Loops loops, Door door) {
        this.loops = loops;
        this.door = door;
    }

    /// New connections come to another door from now on.
    ///
    /// @return the one before
    Door replace(Door next) {
        Door before = door;
        door = next;
        return before;
    }

    Door door() {
        return door;
    }

    @Override
    protected void initChannel(DuplexChannel channel) {
        Door present = door;
        Listener.Place place = present.place;
        Origin origin = origin(channel, place);
        if (origin == null || !mayPassOn(origin, place)) {
            channel.close();
            return;
        }
        if (isFull(place)) {
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
        present.entrance.prepare(channel.pipeline(), new NettyLink(loops, channel, arrival));
    }

    /// Counts the connection, unless there are as many at this listener as may be.
    private boolean isFull(Listener.Place place) {
        if (open.incrementAndGet() > place.connections() && place.connections() > 0) {
            open.decrementAndGet();
            return true;
        }
        return false;
    }

    /// Null when the peer is gone already.
    private static @Nullable Origin origin(DuplexChannel channel, Listener.Place place) {
        return switch (place.endpoint()) {
            case Port ignored ->
                    channel.remoteAddress() instanceof InetSocketAddress peer
                            ? from(place, peer.getAddress().getHostAddress(), peer.getPort())
                            : null;
            case UnixSocket socket -> from(place, "unix:" + socket.path(), 0);
        };
    }

    private static Origin from(Listener.Place place, String address, int port) {
        return new Origin(place.name(), address, port, place.anonymous(), null, place.terms());
    }

    /// Where proxies pass connections on, whether this is one of them. Who may open a socket in the
    /// file system, its mode has said.
    private boolean mayPassOn(Origin origin, Listener.Place place) {
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
