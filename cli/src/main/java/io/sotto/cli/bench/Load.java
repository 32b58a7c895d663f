package io.sotto.cli.bench;

import io.sotto.mqtt.QoS;
import java.time.Duration;
import java.util.List;

/// What is to be measured with messages.
///
/// @param pattern who sends and who receives
/// @param publishers clients that send
/// @param subscribers clients that receive
/// @param qos of messages and subscriptions
/// @param rate messages a second of all publishers together, sent whether or not earlier ones have
///   arrived; 0 for as many as the window lets through
/// @param window with rate 0, how many of all publishers together are on their way at most
/// @param payload bytes of a payload
/// @param topic what topics begin with; for [Pattern#SUB] see filters
/// @param filters what [Pattern#SUB] subscribes to
public record Load(
        Pattern pattern,
        int publishers,
        int subscribers,
        QoS qos,
        double rate,
        int window,
        int payload,
        String topic,
        List<String> filters,
        Times times) {

    /// Who sends and who receives.
    public enum Pattern {
        /// Publishers alone.
        PUB,
        /// Subscribers alone, to what others send.
        SUB,
        /// As many publishers as subscribers, each pair on a topic of its own.
        PAIR,
        /// Many publishers, and subscribers that share what they send.
        FANIN,
        /// Each message goes to every subscriber.
        FANOUT
    }

    /// How long what takes.
    ///
    /// @param warmup messages of this time are checked and not measured
    /// @param measured the time that counts
    /// @param drain without an arrival for so long, what is missing is given up
    public record Times(Duration warmup, Duration measured, Duration drain) {}

    public Load {
        if (publishers < 0 || subscribers < 0 || publishers + subscribers < 1) {
            throw new IllegalArgumentException("there is nobody who sends or receives");
        }
        if (!(rate >= 0) || window < 1) {
            throw new IllegalArgumentException("--rate is 0 or more, --window 1 or more");
        }
        if (payload < Stamp.BYTES) {
            throw new IllegalArgumentException(
                    "a payload has at least %d bytes: number and time of the message"
                            .formatted(Stamp.BYTES));
        }
    }

    /// The topic of a publisher.
    String topicOf(int publisher) {
        return switch (pattern) {
            case FANOUT -> topic + "/out";
            default -> topic + "/" + publisher;
        };
    }

    /// What a subscriber subscribes to.
    List<String> filtersOf(int subscriber) {
        return switch (pattern) {
            case SUB -> filters;
            case FANIN -> List.of(subscribers > 1 ? "$share/bench/" + topic + "/+" : topic + "/+");
            case FANOUT -> List.of(topic + "/out");
            case PAIR, PUB -> List.of(topicOf(subscriber));
        };
    }

    /// How many subscribers get each message.
    int copies() {
        return switch (pattern) {
            case FANOUT -> subscribers;
            case PUB, SUB -> 0;
            case PAIR, FANIN -> 1;
        };
    }

    /// Whether the subscribers have one copy of each message between them.
    boolean isShared() {
        return pattern == Pattern.FANIN
                || pattern == Pattern.SUB
                        && filters.stream().allMatch(filter -> filter.startsWith("$share/"));
    }
}
