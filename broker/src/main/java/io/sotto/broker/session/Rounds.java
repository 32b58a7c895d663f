package io.sotto.broker.session;

import java.util.LinkedHashSet;
import java.util.SequencedSet;

/// The sessions of a shard that have more to send than one turn allows. They take turns: each goes
/// on in the order in which it stopped, so that neither one with a long backlog nor a new
/// subscription to very many retained messages keeps the others waiting.
public final class Rounds {
    /// How many messages a session sends at a time of what waits.
    static final int MESSAGES = 64;

    /// How many sessions go on in one turn.
    private static final int SESSIONS = 4;

    private final SequencedSet<Session> waiting = new LinkedHashSet<>();
    private final Runnable wake;
    private boolean called;

    /// @param wake has [#next] called in a later turn
    public Rounds(Runnable wake) {
        this.wake = wake;
    }

    /// Has a session go on in a later turn.
    void join(Session session) {
        if (waiting.add(session) && !called) {
            called = true;
            wake.run();
        }
    }

    /// Whether a session will go on in a later turn, and is not to send of what waits before.
    boolean holds(Session session) {
        return !waiting.isEmpty() && waiting.contains(session);
    }

    /// Lets those go on whose turn it is.
    public void next(long now) {
        try {
            for (int left = Math.min(SESSIONS, waiting.size()); left > 0; left--) {
                waiting.removeFirst().pump(now);
            }
        } finally {
            called = !waiting.isEmpty();
            if (called) {
                wake.run();
            }
        }
    }
}
