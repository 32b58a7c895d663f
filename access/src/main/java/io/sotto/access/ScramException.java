package io.sotto.access;

/// An exchange that cannot go on, with the reason for the log; the peer is told less.
final class ScramException extends Exception {
    private static final long serialVersionUID = 1L;

    ScramException(String explanation) {
        super(explanation, null, false, false);
    }

    String explanation() {
        return String.valueOf(getMessage());
    }
}
