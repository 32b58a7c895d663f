package io.sotto.broker;

import io.sotto.broker.spi.Link;
import io.sotto.broker.time.Timer;
import io.sotto.broker.time.TimerWheel;
import io.sotto.mqtt.Ack;
import io.sotto.mqtt.Packet;
import java.util.List;

/// Slows a client that sends more than it may: its link is not read for a while, so that the
/// buffers on the way fill and the client waits.
///
/// Not 0x96, which would end the connection and lose what is on the way, and which 3.x cannot be
/// told. Acknowledgements are free: they are no more than what the broker sent.
final class Throttle extends Timer {
    private final Link link;
    private final List<Pace> paces;
    private boolean told;

    /// @param paces those of the client and of its address, where there are such
    Throttle(Link link, List<Pace> paces) {
        this.link = link;
        this.paces = paces;
    }

    /// Counts a packet.
    ///
    /// @return whether reading is to stop behind it
    boolean holdsAfter(Packet packet, TimerWheel wheel, long now) {
        if (packet instanceof Ack) {
            return false;
        }
        long wait = 0;
        for (Pace pace : paces) {
            wait = Math.max(wait, pace.note(now));
        }
        if (wait == 0) {
            return false;
        }
        link.pauseReading();
        wheel.set(this, now + wait);
        return true;
    }

    /// Whether nobody was told yet that it holds; who asks tells.
    boolean isNews() {
        boolean news = !told;
        told = true;
        return news;
    }

    @Override
    protected void expired(long now) {
        link.resumeReading();
    }
}
