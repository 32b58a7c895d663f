package io.sotto.testkit.sim;

/// The broker did what it must not do. An error, so that no part of the broker takes it for its
/// own.
public final class Violation extends Error {
    private static final long serialVersionUID = 1;

    private final String check;

    /// @param check the short name of the check that saw it
    Violation(String check, String sentence) {
        super(check + ": " + sentence);
        this.check = check;
    }

    /// The short name of the check that saw it.
    public String check() {
        return check;
    }
}
