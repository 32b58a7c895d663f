package io.sotto.client;

/// Stands in until the first type of this package arrives.
final class Placeholder {
    private Placeholder() {}
}
