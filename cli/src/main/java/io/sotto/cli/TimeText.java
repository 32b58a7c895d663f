package io.sotto.cli;

import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoField;
import java.time.temporal.IsoFields;
import java.util.Locale;

/// Times as text: the conversions of C's `strftime` in its plain locale, by their letters.
final class TimeText {
    private static final DateTimeFormatter ISO = of("yyyy-MM-dd'T'HH:mm:ssxx");
    private static final DateTimeFormatter ISO_MICROS = of("yyyy-MM-dd'T'HH:mm:ss.SSSSSSxx");
    private static final int DAYS = 7;

    private TimeText() {}

    private static DateTimeFormatter of(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH);
    }

    /// Such as 2016-08-10T09:47:38+0100.
    static String iso(ZonedDateTime time) {
        return ISO.format(time);
    }

    /// The same with microseconds.
    static String isoMicros(ZonedDateTime time) {
        return ISO_MICROS.format(time);
    }

    /// Seconds since 1970 with nanoseconds.
    static String unix(ZonedDateTime time) {
        return "%d.%09d".formatted(time.toEpochSecond(), time.getNano());
    }

    /// What one conversion gives; one that is not known stays as it is, as C has it.
    static String convert(char letter, ZonedDateTime time) {
        String pattern = pattern(letter);
        return pattern.isEmpty() ? computed(letter, time) : of(pattern).format(time);
    }

    private static String pattern(char letter) {
        return switch (letter) {
            case 'a' -> "EEE";
            case 'A' -> "EEEE";
            case 'b', 'h' -> "MMM";
            case 'B' -> "MMMM";
            case 'c' -> "EEE MMM ppd HH:mm:ss yyyy";
            case 'd' -> "dd";
            case 'D', 'x' -> "MM/dd/yy";
            case 'e' -> "ppd";
            case 'F' -> "yyyy-MM-dd";
            case 'H' -> "HH";
            case 'I' -> "hh";
            case 'j' -> "DDD";
            case 'k' -> "ppH";
            case 'l' -> "pph";
            case 'm' -> "MM";
            case 'M' -> "mm";
            case 'p' -> "a";
            case 'r' -> "hh:mm:ss a";
            case 'R' -> "HH:mm";
            case 'S' -> "ss";
            case 'T', 'X' -> "HH:mm:ss";
            case 'y' -> "yy";
            case 'Y' -> "yyyy";
            case 'z' -> "xx";
            case 'Z' -> "zzz";
            default -> "";
        };
    }

    private static String computed(char letter, ZonedDateTime time) {
        int monday = time.getDayOfWeek().getValue();
        int sunday = monday % DAYS;
        int day = time.getDayOfYear();
        return switch (letter) {
            case '%' -> "%";
            case 'C' -> two(time.getYear() / 100);
            case 'g' -> two(time.get(IsoFields.WEEK_BASED_YEAR) % 100);
            case 'G' -> Integer.toString(time.get(IsoFields.WEEK_BASED_YEAR));
            case 'n' -> "\n";
            case 'N' -> "%09d".formatted(time.getNano());
            case 'P' -> time.get(ChronoField.AMPM_OF_DAY) == 0 ? "am" : "pm";
            case 's' -> Long.toString(time.toEpochSecond());
            case 't' -> "\t";
            case 'u' -> Integer.toString(monday);
            case 'w' -> Integer.toString(sunday);
            // Weeks from the first Sunday or the first Monday; days before it are in week 0.
            case 'U' -> two((day + DAYS - 1 - sunday) / DAYS);
            case 'W' -> two((day + DAYS - monday) / DAYS);
            case 'V' -> two(time.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR));
            default -> "%" + letter;
        };
    }

    private static String two(int number) {
        return "%02d".formatted(number);
    }
}
