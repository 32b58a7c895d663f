package io.sotto.conformance;

/// What a client must not do is let pass: the broker serves it, or does nothing.
public final class Lenient extends Unexpected {
    private static final long serialVersionUID = 1L;

    public Lenient(String what) {
        super("a violation is let pass: " + what);
    }
}
