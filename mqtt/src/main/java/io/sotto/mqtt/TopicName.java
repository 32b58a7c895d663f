package io.sotto.mqtt;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The topic of a message: validated UTF-8 without wildcards, kept as bytes. Compared byte by byte,
/// never normalised [MQTT-4.7.3-4].
public final class TopicName implements Levels {
    /// No topic: a PUBLISH that names its topic by an alias only.
    public static final TopicName ABSENT = new TopicName(new byte[0]);

    /// No secret: names that collide on purpose cost what they would cost without tables.
    private static final long HASH_KEY = 0x9E37_79B9_7F4A_7C15L;

    final byte[] bytes;
    private final int hash;

    private TopicName(byte[] bytes) {
        this.bytes = bytes;
        this.hash = hash(bytes, bytes.length);
    }

    /// The topic with this text.
    ///
    /// @throws ProtocolException with 0x90 when it is no topic name
    public static TopicName of(String text) {
        return of(text, TopicLimits.NONE);
    }

    /// The topic with this text, within limits.
    public static TopicName of(String text, TopicLimits limits) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return validated(bytes, bytes.length, limits);
    }

    /// The topic in the first bytes of a scratch array, which is copied.
    ///
    /// @throws ProtocolException with 0x81 for bad UTF-8, else with 0x90
    public static TopicName validated(byte[] scratch, int length, TopicLimits limits) {
        if (length == 0) {
            throw invalid("a topic name has at least one character [MQTT-4.7.3-1]");
        }
        if (length > limits.maximumBytes()) {
            throw invalid("topic name longer than limits.topic-bytes");
        }
        Utf8.Kind kind = Utf8.judge(scratch, 0, length);
        if (kind == Utf8.Kind.MALFORMED) {
            throw ProtocolException.malformed("topic name is not valid UTF-8 [MQTT-1.5.4-1]");
        }
        if (kind == Utf8.Kind.DISCOURAGED && !limits.controlCharacters()) {
            throw invalid("control character in topic name (limits.control-characters)");
        }
        int levels = 1;
        for (int i = 0; i < length; i++) {
            byte b = scratch[i];
            if (b == '/') {
                levels++;
            } else if (b == '+' || b == '#') {
                throw invalid("wildcard in topic name [MQTT-3.3.2-2]");
            }
        }
        if (levels > limits.maximumLevels()) {
            throw invalid("topic name has more levels than limits.topic-levels");
        }
        return new TopicName(Arrays.copyOf(scratch, length));
    }

    private static ProtocolException invalid(String sentence) {
        return new ProtocolException(ReasonCode.TOPIC_NAME_INVALID, sentence);
    }

    /// The hash that a topic name with these bytes has.
    static int hash(byte[] bytes, int length) {
        return KeyedHash.of(bytes, 0, length, HASH_KEY);
    }

    /// Whether this is the topic with these bytes.
    boolean hasBytes(byte[] other, int length) {
        return Arrays.equals(bytes, 0, bytes.length, other, 0, length);
    }

    @Override
    public int size() {
        return bytes.length;
    }

    @Override
    public byte at(int index) {
        return bytes[index];
    }

    @Override
    public byte[] slice(int from, int to) {
        return Arrays.copyOfRange(bytes, from, to);
    }

    /// Copies all bytes into a buffer.
    public void writeTo(ByteBuffer out) {
        out.put(bytes);
    }

    /// Whether there is no name, only an alias.
    public boolean isAbsent() {
        return bytes.length == 0;
    }

    /// Whether the name begins with `$`, so that leading wildcards do not match it [MQTT-4.7.2-1].
    public boolean isReserved() {
        return bytes.length > 0 && bytes[0] == '$';
    }

    @Override
    public boolean equals(Object other) {
        return this == other
                || (other instanceof TopicName that
                        && hash == that.hash
                        && Arrays.equals(bytes, that.bytes));
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
