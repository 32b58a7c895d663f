package io.sotto.broker.session;

import io.sotto.broker.time.Timer;
import org.jspecify.annotations.Nullable;

/// What is to happen to a session while its client is away: its will, the hand-over of its shared
/// messages, its end.
public final class SessionTimers {
    private static final Leave NEVER = new Leave(Long.MAX_VALUE, Long.MAX_VALUE);

    private @Nullable Timer will;
    private @Nullable Timer absence;
    private @Nullable Timer expiry;
    private Leave leave = NEVER;

    /// How long its client may stay away.
    ///
    /// @param expiresAt when it ends, in milliseconds, `Long.MAX_VALUE` for never
    /// @param willAt when its will is due, likewise
    public record Leave(long expiresAt, long willAt) {}

    /// How long its client, which is gone, may stay away.
    public Leave leave() {
        return leave;
    }

    public void leave(Leave granted) {
        leave = granted;
    }

    /// The timer of a delayed will.
    public Timer will(Timer timer) {
        will = timer;
        return timer;
    }

    /// The timer after which shared messages go to other members.
    public Timer absence(Timer timer) {
        absence = timer;
        return timer;
    }

    /// The timer of the end of the session.
    public Timer expiry(Timer timer) {
        expiry = timer;
        return timer;
    }

    /// The client is back, or all is over.
    public void cancel() {
        cancelWill();
        if (absence != null) {
            absence.cancel();
        }
        if (expiry != null) {
            expiry.cancel();
        }
    }

    /// The will was published or is not wanted any more.
    public void cancelWill() {
        if (will != null) {
            will.cancel();
        }
    }
}
