package io.sotto.broker.topic;

import io.sotto.mqtt.Levels;

/// One level of a topic or filter, where it stands there, and a keyed hash of it, so that nobody
/// can choose levels that collide.
record Level(Levels topic, int from, int to, int hash) {
    /// The level that begins at an index.
    static Level of(Levels topic, int from, long key) {
        int to = topic.end(from);
        return new Level(topic, from, to, topic.hash(from, to, key));
    }

    boolean isPlus() {
        return to == from + 1 && topic.at(from) == '+';
    }

    boolean isHash() {
        return to == from + 1 && topic.at(from) == '#';
    }

    /// Where the next level begins; behind the end where there is none.
    int next() {
        return to + 1;
    }

    byte[] bytes() {
        return topic.slice(from, to);
    }
}
