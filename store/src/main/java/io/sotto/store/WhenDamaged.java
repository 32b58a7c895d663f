package io.sotto.store;

/// What a start does when a log is damaged before its end.
public enum WhenDamaged {
    /// Says what is left out, keeps the file aside, and serves what was written before.
    SERVE,
    /// Refuses to start.
    REFUSE
}
