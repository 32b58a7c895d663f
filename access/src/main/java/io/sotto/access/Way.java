package io.sotto.access;

import io.sotto.broker.spi.Authenticator;

/// A way to show who one is, one of several in a [Chain].
public interface Way extends Authenticator {
    /// Whether what a client gave is meant for this way; then its answer is the last word. Quick:
    /// asked on the loop.
    boolean takes(Login login);
}
