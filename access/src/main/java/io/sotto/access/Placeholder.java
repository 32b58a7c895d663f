package io.sotto.access;

/// Stands in until the first type of this package arrives.
final class Placeholder {
    private Placeholder() {}
}
