package io.sotto.mqtt;

/// The rules for text on the wire: well-formed UTF-8 without surrogates and without U+0000
/// [MQTT-1.5.4-1] [MQTT-1.5.4-2], and the characters that the standard advises against.
public final class Utf8 {
    private Utf8() {}

    /// What a stretch of bytes is.
    public enum Kind {
        /// Plain text.
        CLEAN,
        /// Well-formed, with control characters (U+0001 to U+001F, U+007F to U+009F) or
        /// non-characters, which a receiver may refuse.
        DISCOURAGED,
        /// Not UTF-8, a surrogate, or U+0000: malformed.
        MALFORMED
    }

    /// Judges the bytes of a string.
    public static Kind judge(byte[] bytes, int from, int to) {
        Kind kind = Kind.CLEAN;
        int at = from;
        while (at < to) {
            int first = bytes[at];
            if (first > 0x1F && first != 0x7F) {
                at++;
                continue;
            }
            int size = size(first);
            int point = at + size <= to && size > 0 ? codePoint(bytes, at, size) : 0;
            if (point == 0) {
                return Kind.MALFORMED;
            }
            if (isDiscouraged(point)) {
                kind = Kind.DISCOURAGED;
            }
            at += size;
        }
        return kind;
    }

    /// The length of a sequence by its first byte; 0 for a byte that cannot be first.
    private static int size(int first) {
        int lead = first & 0xFF;
        if (lead < 0x80) {
            return 1;
        }
        if (lead < 0xC2) {
            return 0;
        }
        if (lead < 0xE0) {
            return 2;
        }
        if (lead < 0xF0) {
            return 3;
        }
        return lead < 0xF5 ? 4 : 0;
    }

    /// The code point of a sequence; 0 where it is malformed, over-long, a surrogate or U+0000.
    private static int codePoint(byte[] bytes, int at, int size) {
        int point = size == 1 ? bytes[at] : bytes[at] & (0x7F >> size);
        for (int i = 1; i < size; i++) {
            int next = bytes[at + i];
            if ((next & 0xC0) != 0x80) {
                return 0;
            }
            point = point << 6 | next & 0x3F;
        }
        boolean overlong = size == 3 && point < 0x800 || size == 4 && point < 0x1_0000;
        boolean surrogate = point >= 0xD800 && point <= 0xDFFF;
        return overlong || surrogate || point > 0x10_FFFF ? 0 : point;
    }

    private static boolean isDiscouraged(int point) {
        return point < 0x20
                || point >= 0x7F && point < 0xA0
                || point >= 0xFDD0 && point <= 0xFDEF
                || (point & 0xFFFE) == 0xFFFE;
    }

    /// Whether a text holds characters that the standard advises against.
    public static boolean isDiscouraged(String text) {
        return text.codePoints().anyMatch(Utf8::isDiscouraged);
    }
}
