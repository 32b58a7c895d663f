package io.sotto.server.mosquitto;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads values as Mosquitto does; one that is wrong is refused in the report.
final class Values {
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})([hdwmy])");
    private static final long DAY = 86_400;
    private static final long LONGEST = 36_500 * DAY;

    private final Report report;

    Values(Report report) {
        this.report = report;
    }

    /// Whether it says true; what is neither true nor false is refused.
    boolean isTrue(Directive directive) {
        boolean isTrue = directive.value().equals("true");
        if (!isTrue && !directive.value().equals("false")) {
            report.refuse(directive, "is to be true or false");
        }
        return isTrue;
    }

    /// Whether it is there and says true.
    boolean isTrue(@Nullable Directive directive, boolean fallback) {
        return directive == null ? fallback : isTrue(directive);
    }

    /// A number, or null when it is refused.
    @Nullable Long number(Directive directive, long least, long most) {
        try {
            long value = Long.parseLong(directive.value());
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        report.refuse(directive, "is to be a number from %d to %d".formatted(least, most));
        return null;
    }

    /// A time such as `2w` in seconds, or null when it is refused.
    @Nullable Long duration(Directive directive) {
        Matcher form = DURATION.matcher(directive.value());
        if (!form.matches()) {
            report.refuse(directive, "is to be a number and h, d, w, m or y");
            return null;
        }
        long unit =
                switch (form.group(2)) {
                    case "h" -> 3_600;
                    case "d" -> DAY;
                    case "w" -> 7 * DAY;
                    case "m" -> 30 * DAY;
                    default -> 365 * DAY;
                };
        return Math.min(LONGEST, Long.parseLong(form.group(1)) * unit);
    }
}
