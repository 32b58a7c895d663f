package io.sotto.transport;

import java.util.LinkedHashSet;
import java.util.Set;

/// The handshakes under way at a listener, up to a bound: one more has the oldest give way. Whoever
/// means it is through long before, however many are begun and left. Safe to use from any thread.
final class Handshakes {
    private final int atOnce;
    private final Set<NettyWire> underWay = new LinkedHashSet<>();

    Handshakes(int atOnce) {
        this.atOnce = atOnce;
    }

    void begin(NettyWire link) {
        NettyWire oldest = null;
        synchronized (underWay) {
            underWay.add(link);
            if (underWay.size() > atOnce) {
                oldest = underWay.iterator().next();
                underWay.remove(oldest);
            }
        }
        if (oldest != null) {
            oldest.giveWay("TLS: too many handshakes at once (listeners[].tls.handshakes)");
        }
    }

    void end(NettyWire link) {
        synchronized (underWay) {
            underWay.remove(link);
        }
    }

    int count() {
        synchronized (underWay) {
            return underWay.size();
        }
    }
}
