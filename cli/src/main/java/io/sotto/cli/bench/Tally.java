package io.sotto.cli.bench;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// Everything that is counted and timed in one run, by all of its clients.
final class Tally {
    final LongAdder sent = new LongAdder();
    final LongAdder acknowledged = new LongAdder();
    final LongAdder refused = new LongAdder();
    final LongAdder received = new LongAdder();
    final LongAdder foreign = new LongAdder();
    final LongAdder doubled = new LongAdder();
    final LongAdder disordered = new LongAdder();

    /// Arrivals and acknowledgements within the time that counts.
    final LongAdder measuredArrivals = new LongAdder();

    final LongAdder measuredSent = new LongAdder();
    final Latencies times = new Latencies(new Latency(), new Latency(), new Latency());
    private final Map<String, Integer> failures = new ConcurrentHashMap<>();

    /// What is timed, each from when the message was due.
    ///
    /// @param arrival until a subscriber has it
    /// @param acknowledgement until PUBACK or PUBCOMP
    /// @param lag until this side sent it
    record Latencies(Latency arrival, Latency acknowledgement, Latency lag) {}

    Tally() {}

    /// Counts something that should not have happened, by its sentence.
    void failed(String sentence) {
        failures.merge(sentence, 1, Integer::sum);
    }

    /// What should not have happened, and how often.
    Map<String, Integer> failures() {
        return new TreeMap<>(failures);
    }
}
