package io.sotto.transport;

import io.sotto.broker.spi.EventLog.Severity;
import io.sotto.broker.spi.Origin;
import io.sotto.transport.Endpoint.Port;
import io.sotto.transport.Endpoint.UnixSocket;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Decides who may stay at a listener. From any loop.
final class Accepting {
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

    /// Counts a connection, which is to say when it ends.
    ///
    /// @param peer where it comes from, where that is a port; null when the peer is gone already
    /// @return null when it may not stay
    @Nullable Arrival admit(Listener.Place place, @Nullable InetSocketAddress peer) {
        Origin origin = origin(peer, place);
        if (origin == null || !mayPassOn(origin, place)) {
            return null;
        }
        if (open.incrementAndGet() > place.connections() && place.connections() > 0) {
            ended();
            loops.refused(origin.address(), "listeners[].connections");
            return null;
        }
        boolean passesOn = place.carriers().passesOn(origin.address());
        Arrival arrival = new Arrival(loops, this, origin, passesOn);
        if (!arrival.enter()) {
            arrival.end();
            return null;
        }
        return arrival;
    }

    /// One that was admitted is no more.
    void ended() {
        open.decrementAndGet();
    }

    private static @Nullable Origin origin(@Nullable InetSocketAddress peer, Listener.Place place) {
        return switch (place.endpoint()) {
            case Port ignored ->
                    peer == null
                            ? null
                            : from(place, peer.getAddress().getHostAddress(), peer.getPort());
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
}
