package io.sotto.access;

import io.sotto.broker.spi.Authorizer.Subject;
import io.sotto.mqtt.Levels;
import io.sotto.mqtt.ProtocolException;
import io.sotto.mqtt.TopicFilter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// A topic filter of a rule, in which `%u` may stand for the user name and `%c` for the client id.
///
/// It is kept as bytes, in which two values that UTF-8 never has mark the two names, and compared
/// byte by byte: nothing is allocated, and what is in a name is never read as a pattern.
public final class TopicPattern {
    private static final byte USER = (byte) 0xFE;
    private static final byte CLIENT = (byte) 0xFF;

    private final String text;
    private final byte[] bytes;

    private TopicPattern(String text, byte[] bytes) {
        this.text = text;
        this.bytes = bytes;
    }

    /// The pattern with this text.
    ///
    /// @throws IllegalArgumentException with a clause that names the text when it is none
    public static TopicPattern of(String text) {
        check(text, text.replace("%u", "x").replace("%c", "x"));
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int length = 0;
        for (int i = 0; i < bytes.length; i++) {
            byte mark = i + 1 < bytes.length && bytes[i] == '%' ? mark(bytes[i + 1]) : 0;
            bytes[length++] = mark == 0 ? bytes[i] : mark;
            i += mark == 0 ? 0 : 1;
        }
        return new TopicPattern(text, Arrays.copyOf(bytes, length));
    }

    /// The pattern with this text, in which `%` is a character like any other.
    ///
    /// @throws IllegalArgumentException with a clause that names the text when it is none
    public static TopicPattern literal(String text) {
        check(text, text);
        return new TopicPattern(text, text.getBytes(StandardCharsets.UTF_8));
    }

    private static void check(String text, String filter) {
        if (filter.startsWith("$share/")) {
            throw new IllegalArgumentException(
                    "has '" + text + "'; rules are about the topics, without $share and the name");
        }
        try {
            TopicFilter.of(filter);
        } catch (ProtocolException e) {
            throw new IllegalArgumentException(
                    "has '" + text + "', which is no topic filter: " + e.sentence(), e);
        }
    }

    private static byte mark(byte letter) {
        return switch (letter) {
            case 'u' -> USER;
            case 'c' -> CLIENT;
            default -> 0;
        };
    }

    /// Whether this matches a topic, or every topic that a filter can match.
    ///
    /// @param levels a topic name, or a filter without its share group
    /// @param strictly whether a name must not make it wider: then a name that is empty, that holds
    ///   `+`, `#` or `/`, or that begins with `$` where the topic begins, matches nothing. Else it
    ///   is compared as it is.
    boolean covers(Levels levels, Subject subject, boolean strictly) {
        if (isWildcard(bytes[0]) && levels.at(0) == '$') {
            return false; // [MQTT-4.7.2-1]
        }
        int t = 0;
        for (int p = 0; p < bytes.length; p++) {
            byte wanted = bytes[p];
            if (wanted == '#') {
                return true;
            }
            if (wanted == '+') {
                t = endOfLevel(levels, t);
            } else if (wanted == USER || wanted == CLIENT) {
                String name = wanted == USER ? subject.principal().name() : subject.clientId();
                t = strictly && widens(name, p == 0) ? -1 : endOfName(name, levels, t);
            } else if (t < levels.size() && levels.at(t) == wanted) {
                t++;
            } else {
                return t == levels.size() && isParentWildcard(p);
            }
            if (t < 0) {
                return false;
            }
        }
        return t == levels.size();
    }

    private static boolean isWildcard(byte b) {
        return b == '+' || b == '#';
    }

    /// Whether `/#` is all that is left: `a/#` also matches `a`.
    private boolean isParentWildcard(int p) {
        return p == bytes.length - 2 && bytes[p] == '/' && bytes[p + 1] == '#';
    }

    /// Where a level ends that begins here, or -1 when it is `#`, which is more than one level.
    private static int endOfLevel(Levels levels, int from) {
        if (from < levels.size() && levels.at(from) == '#') {
            return -1;
        }
        int end = from;
        while (end < levels.size() && levels.at(end) != '/') {
            end++;
        }
        return end;
    }

    private static boolean widens(String name, boolean first) {
        if (name.isEmpty() || first && name.charAt(0) == '$') {
            return true;
        }
        return name.indexOf('+') >= 0 || name.indexOf('#') >= 0 || name.indexOf('/') >= 0;
    }

    /// Where a name ends that begins here, or -1 when it does not stand here.
    private static int endOfName(String name, Levels levels, int from) {
        int t = from;
        int codePoint;
        for (int i = 0; i < name.length(); i += Character.charCount(codePoint)) {
            codePoint = name.codePointAt(i);
            int more = codePoint < 0x80 ? 0 : codePoint < 0x800 ? 1 : codePoint < 0x1_0000 ? 2 : 3;
            for (int rest = more; rest >= 0; rest--) {
                if (t == levels.size() || levels.at(t) != utf8(codePoint, more, rest)) {
                    return -1;
                }
                t++;
            }
        }
        return t;
    }

    /// A byte of a code point in UTF-8.
    ///
    /// @param more how many bytes follow the first
    /// @param rest how many follow this one
    private static byte utf8(int codePoint, int more, int rest) {
        int bits = codePoint >> 6 * rest;
        if (more == 0) {
            return (byte) bits;
        }
        return (byte) (rest == more ? 0xFF00 >> more + 1 | bits : 0x80 | bits & 0x3F);
    }

    /// As it was written.
    @Override
    public String toString() {
        return text;
    }
}
