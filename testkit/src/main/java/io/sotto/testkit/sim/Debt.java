package io.sotto.testkit.sim;

/// Something that is owed, and that something which came, or a drop that was recorded, is taken
/// for: a copy of a message, what is retained at a topic, or either of them to a session that
/// ended.
abstract sealed class Debt permits Copy, OwedRetained, Drops.Ending {
    private boolean free = true;

    /// Whether nothing is taken for it yet.
    boolean isFree() {
        return free;
    }

    void free(boolean is) {
        free = is;
    }
}
