package io.sotto.mqtt;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What a subscription asks for: a topic filter, perhaps within a share group. Validated once.
///
/// In `$share/NAME/FILTER` the share name is kept apart; [#at] and [#size] speak of FILTER.
public final class TopicFilter implements Levels {
    private static final String SHARE = "$share/";

    final byte[] bytes;
    private final @Nullable String shareName;

    private TopicFilter(byte[] bytes, @Nullable String shareName) {
        this.bytes = bytes;
        this.shareName = shareName;
    }

    /// The filter with this text.
    public static TopicFilter of(String text) {
        return of(text, TopicLimits.NONE);
    }

    /// The filter with this text, within limits.
    ///
    /// @throws ProtocolException with 0x8F and the rule that it breaks
    public static TopicFilter of(String text, TopicLimits limits) {
        if (text.length() > limits.maximumBytes()) {
            throw invalid("topic filter longer than limits.topic-bytes");
        }
        if (text.indexOf('\0') >= 0) {
            throw invalid("U+0000 in topic filter [MQTT-4.7.3-2]");
        }
        if (!limits.controlCharacters() && Utf8.isDiscouraged(text)) {
            throw invalid("control character in topic filter (limits.control-characters)");
        }
        if (!text.equals("$share") && !text.startsWith(SHARE)) {
            return new TopicFilter(validated(text, limits), null);
        }
        int end = text.indexOf('/', SHARE.length());
        if (end < 0) {
            throw invalid("a shared subscription is $share/NAME/FILTER [MQTT-4.8.2-2]");
        }
        String name = text.substring(SHARE.length(), end);
        if (name.isEmpty()) {
            throw invalid("a share name has at least one character [MQTT-4.8.2-1]");
        }
        if (name.indexOf('+') >= 0 || name.indexOf('#') >= 0) {
            throw invalid("wildcard in share name [MQTT-4.8.2-2]");
        }
        return new TopicFilter(validated(text.substring(end + 1), limits), name);
    }

    private static byte[] validated(String text, TopicLimits limits) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length == 0) {
            throw invalid("a topic filter has at least one character [MQTT-4.7.3-1]");
        }
        if (bytes.length > limits.maximumBytes()) {
            throw invalid("topic filter longer than limits.topic-bytes");
        }
        int levels = 1;
        for (int i = 0; i < bytes.length; i++) {
            switch (bytes[i]) {
                case '/' -> levels++;
                case '+' -> {
                    if (!startsLevel(bytes, i) || !endsLevel(bytes, i)) {
                        throw invalid("+ takes a whole level [MQTT-4.7.1-2]");
                    }
                }
                case '#' -> {
                    if (!startsLevel(bytes, i) || i != bytes.length - 1) {
                        throw invalid("# stands alone or after /, and last [MQTT-4.7.1-1]");
                    }
                }
                default -> {}
            }
        }
        if (levels > limits.maximumLevels()) {
            throw invalid("topic filter has more levels than limits.topic-levels");
        }
        return bytes;
    }

    private static boolean startsLevel(byte[] bytes, int i) {
        return i == 0 || bytes[i - 1] == '/';
    }

    private static boolean endsLevel(byte[] bytes, int i) {
        return i == bytes.length - 1 || bytes[i + 1] == '/';
    }

    private static ProtocolException invalid(String sentence) {
        return new ProtocolException(ReasonCode.TOPIC_FILTER_INVALID, sentence);
    }

    /// The share group, or null for an ordinary subscription.
    public @Nullable String shareName() {
        return shareName;
    }

    public boolean isShared() {
        return shareName != null;
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

    public boolean hasWildcard() {
        for (byte b : bytes) {
            if (b == '+' || b == '#') {
                return true;
            }
        }
        return false;
    }

    /// The filter that rights are decided on: without the share prefix.
    public String effective() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /// Whether a topic matches: level by level, byte by byte, and never a `$` topic by a leading
    /// wildcard [MQTT-4.7.2-1].
    public boolean matches(TopicName topic) {
        if (topic.isReserved() && (bytes[0] == '+' || bytes[0] == '#')) {
            return false;
        }
        return covers(0, topic, 0);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TopicFilter that
                && Arrays.equals(bytes, that.bytes)
                && Objects.equals(shareName, that.shareName);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes) * 31 + (shareName == null ? 0 : shareName.hashCode());
    }

    @Override
    public String toString() {
        return shareName == null ? effective() : SHARE + shareName + "/" + effective();
    }
}
