package io.sotto.server.crash;

import java.time.Duration;

/// What the broker is told to keep, and what it may lose for all that: see `docs/durability.md`.
///
/// @param durability the setting
/// @param loses messages of QoS 1 that were acknowledged so shortly before a kill may be gone;
///   nothing else ever may
record Promise(String durability, Duration loses) {
    static final Promise SYNC = new Promise("sync", Duration.ZERO);
    static final Promise ASYNC = new Promise("async", Duration.ofMillis(100));

    /// That of a setting.
    ///
    /// @throws IllegalArgumentException when it outlives no kill, or there is none of that name
    static Promise of(String durability) {
        return switch (durability) {
            case "sync" -> SYNC;
            case "async" -> ASYNC;
            default ->
                    throw new IllegalArgumentException(
                            "--durability is sync or async, not " + durability);
        };
    }

    /// The same on a machine that may stand still for so long between the acknowledgement and the
    /// write, which is not the broker's doing.
    Promise withPauses(Duration longest) {
        return new Promise(durability, loses.plus(longest));
    }
}
