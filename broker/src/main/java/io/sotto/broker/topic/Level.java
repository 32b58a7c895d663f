package io.sotto.broker.topic;

import io.sotto.mqtt.Levels;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// One level of a topic or filter: its bytes and a keyed hash of them, so that nobody can choose
/// levels that collide.
final class Level {
    private final byte[] bytes;
    private final int hash;

    private Level(byte[] bytes, int seed) {
        this.bytes = bytes;
        this.hash = hash(bytes, seed);
    }

    /// The levels of a topic or filter, from the first.
    static List<Level> of(Levels topic, int seed) {
        List<Level> levels = new ArrayList<>(8);
        int from = 0;
        for (int i = 0; i <= topic.size(); i++) {
            if (i == topic.size() || topic.at(i) == '/') {
                levels.add(new Level(topic.slice(from, i), seed));
                from = i + 1;
            }
        }
        return levels;
    }

    static Level of(String text, int seed) {
        return new Level(text.getBytes(StandardCharsets.UTF_8), seed);
    }

    private static int hash(byte[] bytes, int seed) {
        int hash = seed;
        for (byte b : bytes) {
            hash = (hash ^ b) * 0x0100_0193;
            hash ^= hash >>> 15;
        }
        hash *= 0x85EB_CA6B;
        return hash ^ hash >>> 13;
    }

    boolean isPlus() {
        return bytes.length == 1 && bytes[0] == '+';
    }

    boolean isHash() {
        return bytes.length == 1 && bytes[0] == '#';
    }

    /// Whether a first level like this is hidden from leading wildcards [MQTT-4.7.2-1].
    boolean isReserved() {
        return bytes.length > 0 && bytes[0] == '$';
    }

    @Override
    public boolean equals(Object other) {
        return this == other
                || other instanceof Level that
                        && hash == that.hash
                        && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public String toString() {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
