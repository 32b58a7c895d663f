package io.sotto.server;

import io.sotto.broker.spi.EventLog.Severity;
import io.sotto.server.config.LogConfig.Format;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// One line of the log. Sentences hold text that clients chose: whatever could end the line, move
/// the cursor or turn the direction of writing is shown as `\u0000`, and what is too long is cut.
///
/// @param at in milliseconds of the Unix epoch
record LogLine(long at, Severity severity, String sentence) {
    private static final int LONGEST = 1_000;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    /// With its line feed.
    String text(Format format) {
        String time = TIME.format(Instant.ofEpochMilli(at));
        return switch (format) {
            case TEXT -> time + " " + severity + " " + escaped(false) + "\n";
            case JSON ->
                    "{\"time\":\""
                            + time
                            + "\",\"severity\":\""
                            + severity
                            + "\",\"message\":\""
                            + escaped(true)
                            + "\"}\n";
        };
    }

    private String escaped(boolean json) {
        StringBuilder out = new StringBuilder(sentence.length() + 16);
        int end = Math.min(sentence.length(), LONGEST);
        for (int i = 0; i < end; i++) {
            char c = sentence.charAt(i);
            if (json && (c == '"' || c == '\\')) {
                out.append('\\').append(c);
            } else if (isHarmless(c) || isPair(i)) {
                out.append(c);
            } else {
                // In JSON this is the escape for the character; as text it is only looked at.
                out.append(String.format("\\u%04x", (int) c));
            }
        }
        if (end < sentence.length()) {
            out.append("... (").append(sentence.length() - end).append(" more characters)");
        }
        return out.toString();
    }

    private static boolean isHarmless(char c) {
        if (c >= 0x20 && c < 0x7F) {
            return true;
        }
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED ->
                    false;
            default -> true;
        };
    }

    /// Whether this is half of a character beyond the first plane, both halves being shown.
    private boolean isPair(int i) {
        char c = sentence.charAt(i);
        if (Character.isHighSurrogate(c)) {
            return i + 1 < Math.min(sentence.length(), LONGEST)
                    && Character.isLowSurrogate(sentence.charAt(i + 1))
                    && isShown(Character.toCodePoint(c, sentence.charAt(i + 1)));
        }
        return Character.isLowSurrogate(c)
                && i > 0
                && Character.isHighSurrogate(sentence.charAt(i - 1))
                && isShown(Character.toCodePoint(sentence.charAt(i - 1), c));
    }

    private static boolean isShown(int codePoint) {
        int type = Character.getType(codePoint);
        return type != Character.FORMAT
                && type != Character.PRIVATE_USE
                && type != Character.UNASSIGNED;
    }
}
