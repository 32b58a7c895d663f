package io.sotto.transport;

import io.sotto.broker.spi.Origin;

/// Where a connection comes from, and its place in the count of connections. Whoever passes a
/// connection on may correct the first, and the second follows.
final class Arrival {
    private final Loops loops;
    private Origin origin;
    private boolean counted = true;

    /// @param origin of a connection that [Loops#admit] has counted
    Arrival(Loops loops, Origin origin) {
        this.loops = loops;
        this.origin = origin;
    }

    Origin origin() {
        return origin;
    }

    void isCertifiedAs(String name) {
        origin = origin.as(name);
    }

    /// Takes the word of a proxy for where the connection began.
    ///
    /// @return whether that address may have one more
    boolean isBehind(String address, int port) {
        leave();
        origin = origin.behind(address, port);
        counted = loops.admit(address);
        return counted;
    }

    /// The connection is no more; counts once.
    void leave() {
        if (counted) {
            counted = false;
            loops.left(origin.address());
        }
    }
}
