package io.sotto.conformance;

/// Thrown by a test that does not apply, because the broker rightly leaves an optional feature out.
public final class NotOffered extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public NotOffered(String feature) {
        super(feature);
    }
}
