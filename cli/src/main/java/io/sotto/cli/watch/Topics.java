package io.sotto.cli.watch;

import io.sotto.mqtt.Publish;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The topics that were seen, each with its last value and its rate. Bounded: when there is no room
/// for one more topic, its messages are only counted.
public final class Topics {
    /// Of a payload this much is kept.
    private static final int MOST_VALUE = 256;

    /// What a topic costs beside its name and value, roughly.
    private static final int OVERHEAD = 200;

    private final int mostTopics;
    private final long mostBytes;
    private final Map<String, Topic> topics = new TreeMap<>();
    private long bytes;
    private long messages;
    private long recent;
    private double rate;
    private long beyond;

    /// @param mostTopics so many are kept
    /// @param mostBytes and so much memory do they take, roughly
    public Topics(int mostTopics, long mostBytes) {
        this.mostTopics = mostTopics;
        this.mostBytes = mostBytes;
    }

    /// One topic.
    static final class Topic {
        private final String name;
        private byte[] value = {};
        private int size;
        private boolean retained;
        private long count;
        private long recent;
        private long recentBytes;
        private double rate;
        private double byteRate;

        private Topic(String name) {
            this.name = name;
        }

        String name() {
            return name;
        }

        String value() {
            return Shown.payload(value, size);
        }

        int size() {
            return size;
        }

        /// Whether the last value was there before us.
        boolean isRetained() {
            return retained;
        }

        /// How many came since we listen.
        long count() {
            return count;
        }

        double rate() {
            return rate;
        }

        double byteRate() {
            return byteRate;
        }

        private void tick(double seconds) {
            rate = recent / seconds;
            byteRate = recentBytes / seconds;
            recent = 0;
            recentBytes = 0;
        }
    }

    /// Takes a message. One that was retained is a value, and no traffic.
    public void add(Publish message) {
        if (!message.retain()) {
            messages++;
            recent++;
        }
        String name = message.topic().toString();
        Topic topic = topics.get(name);
        int head = Math.min(MOST_VALUE, message.payload().size());
        if (topic == null) {
            if (topics.size() >= mostTopics || bytes + cost(name) + head > mostBytes) {
                beyond++;
                return;
            }
            topic = new Topic(name);
            topics.put(name, topic);
            bytes += cost(name);
        }
        bytes += head - topic.value.length;
        topic.value = new byte[head];
        message.payload().view().get(topic.value);
        topic.size = message.payload().size();
        topic.retained = message.retain();
        if (!message.retain()) {
            topic.count++;
            topic.recent++;
            topic.recentBytes += topic.size;
        }
    }

    private static long cost(String name) {
        return 2L * name.length() + OVERHEAD;
    }

    /// Ends an interval: rates are those of the last one.
    public void tick(double seconds) {
        topics.values().forEach(topic -> topic.tick(seconds));
        rate = recent / seconds;
        recent = 0;
    }

    Collection<Topic> all() {
        return topics.values();
    }

    List<Topic> byRate() {
        return topics.values().stream()
                .sorted(
                        Comparator.comparingDouble(Topic::rate)
                                .thenComparingDouble(Topic::byteRate)
                                .thenComparingLong(Topic::count)
                                .reversed()
                                .thenComparing(Topic::name))
                .toList();
    }

    /// What is kept, in bytes, roughly.
    long bytes() {
        return bytes;
    }

    /// What there is in all, in one line.
    String summary() {
        String all =
                Shown.count(topics.size(), "topic")
                        + ", "
                        + Shown.count(messages, "message")
                        + ", "
                        + Shown.rate(rate);
        return beyond == 0
                ? all
                : all
                        + ", "
                        + Shown.count(beyond, "message")
                        + " on topics that there was no room for";
    }
}
