package io.sotto.broker.spi;

import org.jspecify.annotations.Nullable;

/// When what is acknowledged counts as kept.
public enum Durability {
    /// Once it survives a power cut: synced before the acknowledgement.
    SYNC,
    /// Once it survives the end of the process; it is synced within 100 milliseconds, which is what
    /// a power cut may take. But a message of QoS 1 at once: it is written within the same time,
    /// and may be gone with the process until then.
    ASYNC,
    /// At once: it lives as long as the process.
    MEMORY;

    /// The one that promises more; null stands for what is usual, whatever that is.
    public static @Nullable Durability stricter(
            @Nullable Durability one, @Nullable Durability other) {
        if (one == SYNC || other == SYNC) {
            return SYNC;
        }
        if (one == null || other == null) {
            return null;
        }
        return one.compareTo(other) < 0 ? one : other;
    }
}
