package io.sotto.server.config;

import org.jspecify.annotations.Nullable;

/// One thing that is wrong with a configuration.
///
/// @param file in which other file, or null when it is in the configuration file itself
/// @param line where, from 1, or 0 when it is about no line
/// @param sentence what is wrong and what would be right
public record Fault(@Nullable String file, int line, String sentence) {
    Fault(int line, String sentence) {
        this(null, line, sentence);
    }
}
