package io.sotto.cli.bench;

import io.sotto.mqtt.Packet;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/// A measurement of connections: opened at a rate, held, and looked at once more.
///
/// @param count how many
/// @param rate connections a second, each at its time whether or not the earlier ones are through
/// @param loops threads that read for them
/// @param hold how long all stay
public record Connections(int count, double rate, int loops, Duration hold) {
    public Connections {
        if (count < 1 || !(rate > 0)) {
            throw new IllegalArgumentException("connections and their rate are above 0");
        }
    }

    /// Measures. What failed is in the report.
    ///
    /// @param peers each client's, by its number
    /// @throws IOException when the system has no descriptor left
    public Report run(IntFunction<Peer> peers) throws IOException, InterruptedException {
        Tally tally = new Tally();
        IntFunction<Fleet.Member> members = i -> new Fleet.Member(peers.apply(i), new Idle(), i);
        Fleet.Way way = new Fleet.Way(rate, loops);
        try (Fleet fleet = Fleet.connect(count, way, members, tally)) {
            TimeUnit.NANOSECONDS.sleep(hold.toNanos());
            fleet.countLost();
            return Report.of(fleet, rate, tally);
        }
    }

    /// Nothing comes to those who subscribe to nothing.
    private static final class Idle implements Line.Handler {
        Idle() {}

        @Override
        public void received(Packet packet, Line line, long now) {
            // PINGRESP, which the line itself has noticed.
        }

        @Override
        public void turned() {
            // Nobody waits.
        }

        @Override
        public void relieved() {
            // Nor does anything.
        }
    }
}
