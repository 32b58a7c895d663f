package io.sotto.cli.bench;

import io.sotto.client.ClientOptions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/// A measurement of connections: opened at a rate, held, and looked at once more.
///
/// @param count how many
/// @param rate connections a second, each at its time whether or not the earlier ones are through
/// @param hold how long all stay
public record Connections(int count, double rate, Duration hold) {
    public Connections {
        if (count < 1 || !(rate > 0)) {
            throw new IllegalArgumentException("connections and their rate are above 0");
        }
    }

    /// Measures. What failed is in the report.
    ///
    /// @param options of each client, by its number
    public Report run(IntFunction<ClientOptions> options) throws InterruptedException {
        Tally tally = new Tally();
        try (Fleet fleet = Fleet.connect(count, rate, options, tally)) {
            TimeUnit.NANOSECONDS.sleep(hold.toNanos());
            fleet.countLost();
            return Report.of(fleet, rate, tally);
        }
    }
}
