package io.sotto.server.doctor;

import org.jspecify.annotations.Nullable;

/// One thing that was looked at.
///
/// @param area what it is about, in one word
/// @param sentence what was found
/// @param remedy what to type or to change, or null where nothing is to be done
public record Finding(String area, Level level, String sentence, @Nullable String remedy) {
    /// How bad it is.
    public enum Level {
        OK,
        /// The broker runs, and not as well as it could.
        WARNING,
        /// The broker does not start, or does not do what was asked of it.
        PROBLEM
    }

    static Finding ok(String area, String sentence) {
        return new Finding(area, Level.OK, sentence, null);
    }

    static Finding warning(String area, String sentence, String remedy) {
        return new Finding(area, Level.WARNING, sentence, remedy);
    }

    static Finding problem(String area, String sentence, String remedy) {
        return new Finding(area, Level.PROBLEM, sentence, remedy);
    }
}
