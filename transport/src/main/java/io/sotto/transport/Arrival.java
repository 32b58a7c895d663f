package io.sotto.transport;

import io.sotto.broker.spi.Origin;

/// Where a connection comes from, and its place in the count of connections. Whoever passes a
/// connection on may correct the first, and the second follows.
final class Arrival {
    private final Loops loops;
    private final Accepting accepting;
    private Origin origin;
    private boolean ofProxy;
    private boolean counted;
    private boolean ended;

    /// @param ofProxy whether the peer stands for many addresses; it is counted as none of them
    Arrival(Loops loops, Accepting accepting, Origin origin, boolean ofProxy) {
        this.loops = loops;
        this.accepting = accepting;
        this.origin = origin;
        this.ofProxy = ofProxy;
    }

    /// Counts the connection, unless there are as many as may be.
    ///
    /// @return whether it may stay
    boolean enter() {
        String address = origin.address();
        counted = ofProxy ? loops.admitProxy(address) : loops.admit(address);
        return counted;
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
        ofProxy = false;
        return enter();
    }

    /// The connection is no more; counts once.
    void end() {
        if (!ended) {
            ended = true;
            leave();
            accepting.ended();
        }
    }

    private void leave() {
        if (counted) {
            counted = false;
            if (ofProxy) {
                loops.proxyLeft();
            } else {
                loops.left(origin.address());
            }
        }
    }
}
