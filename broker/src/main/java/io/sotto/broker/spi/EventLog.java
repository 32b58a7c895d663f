package io.sotto.broker.spi;

/// Takes one plain sentence per noteworthy event. Must not wait.
public interface EventLog {
    /// How much an operator cares.
    enum Severity {
        /// Everyday: somebody came or went.
        INFO,
        /// Somebody was refused or misbehaved.
        WARNING,
        /// The broker itself is at fault.
        ERROR
    }

    void event(Severity severity, String sentence);

    EventLog NONE = (severity, sentence) -> {};
}
