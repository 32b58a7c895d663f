package io.sotto.broker.session;

import io.sotto.broker.session.QueueLimits.Overflow;
import io.sotto.broker.spi.DropReason;
import org.jspecify.annotations.Nullable;

/// What stands against another message for a session: a bound of queues that is reached, and what
/// is to become of whoever publishes.
///
/// @param bound [DropReason#QUEUE_FULL], [DropReason#PREFIX_FULL] or [DropReason#TOTAL_FULL]
/// @param refused whether the message is refused; else its publisher is not read for a while
public record Pressure(DropReason bound, boolean refused) {
    static Pressure of(DropReason bound, Overflow overflow) {
        return new Pressure(bound, overflow == Overflow.REFUSE);
    }

    /// The same for the client that it comes from: not to read it would keep it from making room.
    public Pressure upon(boolean itself) {
        return itself && !refused ? new Pressure(bound, true) : this;
    }

    /// The harder of two.
    public static @Nullable Pressure harder(@Nullable Pressure one, @Nullable Pressure other) {
        return one == null || other != null && other.refused ? other : one;
    }
}
