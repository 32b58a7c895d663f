package io.sotto.cli;

import io.sotto.mqtt.Publish;
import io.sotto.mqtt.TopicFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import picocli.CommandLine.Option;

/// Which of the messages that come are printed.
final class FilterOptions {
    private static final double LEAST = 0.1;
    private static final double ALL = 100;

    @Option(
            names = {"-T", "--filter-out"},
            paramLabel = "FILTER",
            description = "Leaves out what matches this. May be repeated.")
    List<String> out = new ArrayList<>();

    @Option(names = "-R", description = "Leaves out retained messages.")
    boolean fresh;

    @Option(
            names = "--retained-only",
            description = "Prints retained messages only, and ends with the first that is not.")
    boolean retained;

    @Option(
            names = "--remove-retained",
            description = "Has the broker forget every retained message that comes.")
    boolean remove;

    @Option(
            names = "--random-filter",
            paramLabel = "PERCENT",
            defaultValue = "100",
            description = "Prints so many of a hundred messages, by chance: 0.1 to 100.")
    double percent;

    FilterOptions() {}

    /// Throws when something is wrong, so that it is told before connecting.
    void check() {
        if (fresh && retained) {
            throw new IllegalArgumentException("-R and --retained-only do not go together");
        }
        out.forEach(TopicFilter::of);
        if (!(percent >= LEAST && percent <= ALL)) {
            throw new IllegalArgumentException("--random-filter is 0.1 to 100");
        }
    }

    /// Whether a message says that there are no more retained ones to print.
    boolean endsWith(Publish message) {
        return retained && !message.retain();
    }

    /// Whether a message is one of those that are left out by their topic.
    boolean isOut(Publish message) {
        return out.stream().anyMatch(filter -> TopicFilter.of(filter).matches(message.topic()));
    }

    /// Whether a message is printed, if it is not out.
    boolean prints(Publish message, RandomGenerator chance) {
        return !(fresh && message.retain())
                && (percent >= ALL || chance.nextDouble() * ALL < percent);
    }
}
