package io.sotto.store;

/// When what is acknowledged counts as kept.
public enum Durability {
    /// Once it survives a power cut: synced before the acknowledgement.
    SYNC,
    /// Once it survives the end of the process: written before the acknowledgement, and synced at
    /// least every 100 milliseconds, which is what a power cut may take.
    ASYNC,
    /// At once: it lives as long as the process.
    MEMORY
}
