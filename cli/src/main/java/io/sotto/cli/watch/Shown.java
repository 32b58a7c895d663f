package io.sotto.cli.watch;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;

/// Foreign text and bytes, made fit for a line on a screen: nothing in them moves the cursor,
/// colours or hides what stands beside them, and they take no more columns than they are given.
final class Shown {
    private static final int WIDE_FROM = 0x1100;
    private static final int MOST_HEX = 16;

    private Shown() {}

    /// A payload: text where it is UTF-8, else its first bytes in digits.
    ///
    /// @param head its first bytes
    /// @param size how many it has
    static String payload(byte[] head, int size) {
        if (size == 0) {
            return "(empty)";
        }
        try {
            String text = StandardCharsets.UTF_8.newDecoder().decode(whole(head, size)).toString();
            return printable(text) + (head.length < size ? "…" : "");
        } catch (CharacterCodingException e) {
            int shown = Math.min(MOST_HEX, head.length);
            String digits = HexFormat.of().formatHex(head, 0, shown);
            return "0x" + digits + (shown < size ? "… (" + size + " bytes)" : "");
        }
    }

    /// The bytes up to the last that ends a character, where the rest was cut off.
    private static ByteBuffer whole(byte[] head, int size) {
        int end = head.length;
        if (end < size) {
            int start = end - 1;
            while (start > 0 && end - start < 4 && (head[start] & 0xC0) == 0x80) {
                start--;
            }
            // The first byte of a character has as many ones in front as it has bytes.
            int ones = Integer.numberOfLeadingZeros(~(head[start] << 24));
            if (ones > end - start) {
                end = start;
            }
        }
        return ByteBuffer.wrap(head, 0, end);
    }

    /// The text with each character that is none to be seen as a question mark.
    static String printable(String text) {
        return text.replaceAll("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cs}\\p{Co}\\p{Cn}]", "?");
    }

    /// The text cut to so many columns; characters of the East and pictures take two.
    static String cut(String text, int columns) {
        if (width(text) <= columns) {
            return text;
        }
        StringBuilder kept = new StringBuilder();
        int used = 1;
        int[] points = text.codePoints().toArray();
        for (int point : points) {
            used += width(point);
            if (used > columns) {
                break;
            }
            kept.appendCodePoint(point);
        }
        return kept.append('…').toString();
    }

    static int width(String text) {
        return text.codePoints().map(Shown::width).sum();
    }

    private static int width(int point) {
        boolean narrow =
                point < WIDE_FROM
                        // punctuation, arrows, box drawing
                        || point >= 0x2000 && point < 0x2E80;
        return narrow ? 1 : 2;
    }

    /// How many of something.
    static String count(long count, String one) {
        return String.format(Locale.ROOT, "%,d %s%s", count, one, count == 1 ? "" : "s");
    }

    /// A rate as people read it.
    static String rate(double perSecond) {
        if (perSecond == 0) {
            return "-";
        }
        return perSecond < 10
                ? String.format(Locale.ROOT, "%.1f/s", perSecond)
                : String.format(Locale.ROOT, "%,.0f/s", perSecond);
    }

    /// A number of bytes as people read it.
    static String bytes(double count) {
        if (count < 1000) {
            return String.format(Locale.ROOT, "%.0f B", count);
        }
        return count < 1e6
                ? String.format(Locale.ROOT, "%.1f kB", count / 1e3)
                : String.format(Locale.ROOT, "%.1f MB", count / 1e6);
    }
}
