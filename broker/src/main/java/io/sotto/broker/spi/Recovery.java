package io.sotto.broker.spi;

import io.sotto.mqtt.QoS;
import io.sotto.mqtt.Will;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What journals kept, told again at the start, before any client is let in.
public interface Recovery {
    /// Tells all of it: retained messages, and sessions before what belongs to them; what was sent
    /// before what is queued.
    void tell(Listener listener);

    /// Nothing was kept.
    Recovery NOTHING = listener -> {};

    /// Takes what was kept.
    interface Listener {
        /// What was counted in all runs before, by name; not told where nothing was.
        void totals(Map<String, Long> totals);

        void retained(Message message);

        void session(KeptSession session);

        void subscribed(long session, SessionStore.Grant grant);

        /// A QoS 2 message that was taken over and not released.
        void received(long session, int packetId);

        void sent(Sent sent);

        /// Copies come in any order; those of one session stand in that of their messages' numbers.
        void queued(Copy copy);
    }

    /// A session.
    ///
    /// @param will what is still to be published, or null
    /// @param expiresAt when it ends, `Long.MAX_VALUE` for never; meaningless where its connection
    ///   was not closed
    /// @param willAt when its will is to be published; likewise
    /// @param isOpen whether its connection was not closed before the end
    record KeptSession(
            long number,
            SessionStore.Owner owner,
            long expiryInterval,
            @Nullable Will will,
            long expiresAt,
            long willAt,
            boolean isOpen) {}

    /// A packet identifier in use by a copy on its way to the client.
    ///
    /// @param message the number of the message; told of again by [Listener#queued] unless released
    /// @param order rises with each copy of a session, in the order in which they were sent
    /// @param released whether PUBREC came
    record Sent(long session, int packetId, long message, long order, boolean released) {}

    /// A copy that a session is owed.
    record Copy(long session, Held message, QoS qos, boolean retain, Via via) {}
}
