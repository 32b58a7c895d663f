package io.sotto.server.config;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What a numeric setting may be: its unit, its range, and a word that stands for a special value.
///
/// @param word such as `unlimited`, or null for none
/// @param wordValue what the word stands for
record Quantity(Unit unit, long least, long most, @Nullable String word, long wordValue) {
    private static final Pattern FORM = Pattern.compile("(\\d{1,18}) ?([A-Za-z]*)");
    private static final long DAY = 24L * 3600;

    /// The unit of a number.
    enum Unit {
        /// A plain number.
        COUNT("number"),
        /// Bytes, with `KiB`, `MiB`, `GiB` as multiples.
        BYTES("size"),
        /// Seconds, written with `s`, `m`, `h` or `d`.
        SECONDS("duration");

        private final String noun;

        Unit(String noun) {
            this.noun = noun;
        }

        String noun() {
            return noun;
        }
    }

    static Quantity count(long least, long most) {
        return new Quantity(Unit.COUNT, least, most, null, 0);
    }

    static Quantity bytes(long least, long most) {
        return new Quantity(Unit.BYTES, least, most, null, 0);
    }

    static Quantity seconds(long least, long most) {
        return new Quantity(Unit.SECONDS, least, most, null, 0);
    }

    /// The same, and a word that stands for this value.
    Quantity or(String special, long value) {
        return new Quantity(unit, least, most, special, value);
    }

    /// Reads a value.
    ///
    /// @throws IllegalArgumentException with a clause that says what would be right
    long parse(String text) {
        if (text.equals(word)) {
            return wordValue;
        }
        Matcher form = FORM.matcher(text.replace("_", ""));
        long factor = form.matches() ? factor(form.group(2)) : 0;
        if (factor == 0) {
            throw new IllegalArgumentException("is to be a " + unit.noun() + example());
        }
        long value = Long.parseLong(form.group(1));
        if (value > most / factor || value * factor < least) {
            throw new IllegalArgumentException("is to be within " + range());
        }
        return value * factor;
    }

    /// How many of the unit a suffix stands for, 0 when it is none.
    private long factor(String suffix) {
        return switch (unit) {
            case COUNT -> suffix.isEmpty() ? 1 : 0;
            case BYTES ->
                    switch (suffix) {
                        case "", "B" -> 1;
                        case "KiB" -> 1L << 10;
                        case "MiB" -> 1L << 20;
                        case "GiB" -> 1L << 30;
                        default -> 0;
                    };
            case SECONDS ->
                    switch (suffix) {
                        case "s" -> 1;
                        case "m" -> 60;
                        case "h" -> 3600;
                        case "d" -> DAY;
                        default -> 0;
                    };
        };
    }

    private String example() {
        return switch (unit) {
                    case COUNT -> "";
                    case BYTES -> " such as 512B, 64KiB, 1MiB or 2GiB";
                    case SECONDS -> " such as 10s, 5m, 2h or 7d";
                }
                + (word == null ? "" : ", or " + word);
    }

    /// The range, as an operator reads it.
    String range() {
        return show(least) + " to " + show(most) + (word == null ? "" : ", or " + word);
    }

    /// A value in the largest unit that it is a whole number of.
    String show(long value) {
        if (word != null && value == wordValue) {
            return word;
        }
        return switch (unit) {
            case COUNT -> String.format(Locale.ROOT, value < 10_000 ? "%d" : "%,d", value);
            case BYTES -> show(value, new String[] {"GiB", "MiB", "KiB"}, "B");
            case SECONDS -> show(value, new String[] {"d", "h", "m"}, "s");
        };
    }

    private String show(long value, String[] suffixes, String smallest) {
        for (String suffix : suffixes) {
            if (value > 0 && value % factor(suffix) == 0) {
                return value / factor(suffix) + suffix;
            }
        }
        return value + smallest;
    }
}
