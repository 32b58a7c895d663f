package io.sotto.conformance;

/// A reaction of the broker that differs from the one the standard asks for.
public class Unexpected extends AssertionError {
    private static final long serialVersionUID = 1L;

    public Unexpected(String message) {
        super(message);
    }

    /// Fails unless the condition holds; the text says what should have been and what was.
    @SuppressWarnings("AnnotateFormatMethod") // would need a library for an annotation
    public static void unless(boolean condition, String message, Object... values) {
        if (!condition) {
            throw new Unexpected(message.formatted(values));
        }
    }

    /// Nothing came within the time that was left.
    static final class Silence extends Unexpected {
        private static final long serialVersionUID = 1L;

        Silence(String message) {
            super(message);
        }
    }
}
