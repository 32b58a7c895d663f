package io.sotto.broker.session;

/// Stands in until the first type of this package arrives.
final class Placeholder {
    private Placeholder() {}
}
