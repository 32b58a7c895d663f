package io.sotto.server.config;

import io.sotto.broker.spi.EventLog.Severity;

/// How events are written.
///
/// @param format setting `log.format`
/// @param level what is less severe is left out; setting `log.level`
public record LogConfig(Format format, Severity level) {
    public static final LogConfig DEFAULT = new LogConfig(Format.TEXT, Severity.INFO);

    /// The form of a line.
    public enum Format {
        /// Time, severity, sentence.
        TEXT,
        /// An object per line.
        JSON
    }

    static LogConfig read(Settings settings) {
        return new LogConfig(
                settings.choice("log.format", DEFAULT.format()),
                settings.choice("log.level", DEFAULT.level()));
    }
}
