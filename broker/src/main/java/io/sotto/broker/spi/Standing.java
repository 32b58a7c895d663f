package io.sotto.broker.spi;

/// What has become of a client's user since the client was let in.
public enum Standing {
    /// Nothing: the client would be let in again in the same way.
    SAME,
    /// The user has to prove anew who he is, or the client may not come without a user any more.
    CHANGED,
    /// There is no such user any more.
    GONE
}
