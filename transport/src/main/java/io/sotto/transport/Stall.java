package io.sotto.transport;

import org.jspecify.annotations.Nullable;

/// Watches whether a peer takes anything at all of what waits for it.
final class Stall {
    private @Nullable Object first;
    private long progress;
    private long since;

    Stall(long now) {
        since = now;
    }

    /// For how long the peer has taken nothing, in milliseconds.
    ///
    /// @param present what is being sent, the same object as long as it is the same
    /// @param sent how much of it the peer has taken
    @SuppressWarnings("ReferenceEquality") // the same buffer, not an equal one
    long length(@Nullable Object present, long sent, long now) {
        if (present != first || sent != progress) {
            first = present;
            progress = sent;
            since = now;
        }
        return now - since;
    }
}
