package io.sotto.store;

/// What a start does when a file of the store is damaged.
public enum WhenDamaged {
    /// Says what is left out, keeps the file aside, and serves what can be read.
    SERVE,
    /// Refuses to start.
    REFUSE
}
