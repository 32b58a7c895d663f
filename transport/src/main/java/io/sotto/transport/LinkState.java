package io.sotto.transport;

/// What a [ByteLink] goes through, in this order but for moving.
enum LinkState {
    OPEN,
    /// On the way to another loop: nothing reaches the broker.
    MOVING,
    /// Closed by the broker, and the peer sends no more by its own word: nothing is waited for but
    /// what was written.
    PARTED,
    /// Closed by the broker, which is not told anything more.
    CLOSED,
    /// All that was to be sent is with the wire.
    SENT
}
