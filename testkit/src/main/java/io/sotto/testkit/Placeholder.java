package io.sotto.testkit;

/// Stands in until the first type of this package arrives.
final class Placeholder {
    private Placeholder() {}
}
