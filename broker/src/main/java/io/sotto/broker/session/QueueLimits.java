package io.sotto.broker.session;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The bounds of what waits for one session, and for several together.
///
/// @param messages how many copies wait for one session at most; setting `queue.messages`
/// @param bytes how many bytes of topics and payloads wait for one at most; setting `queue.bytes`
/// @param overflow what happens at these two; setting `queue.overflow`
/// @param window how many copies are sent and unacknowledged at most, whatever more the client
///   would take; setting `limits.inflight`
/// @param windowBytes how many bytes of topics and payloads these have at most, `Long.MAX_VALUE`
///   for no bound; one copy always goes; setting `limits.inflight-bytes`
/// @param keepQoS0 whether QoS 0 messages are kept for a session without a connection; setting
///   `queue.qos0`
/// @param resident how many copies at the head of a queue keep their bodies in memory where a store
///   has them as well; setting `queue.resident`
/// @param together bounds that sessions share
public record QueueLimits(
        int messages,
        long bytes,
        Overflow overflow,
        int window,
        long windowBytes,
        boolean keepQoS0,
        int resident,
        Together together) {
    public static final QueueLimits DEFAULT =
            new QueueLimits(
                    100_000,
                    64L << 20,
                    Overflow.DROP_NEW,
                    1024,
                    Long.MAX_VALUE,
                    false,
                    64,
                    Together.UNBOUNDED);

    /// What gives way when a queue is full.
    public enum Overflow {
        /// The message that comes.
        DROP_NEW,
        /// The messages that have waited longest.
        DROP_OLD,
        /// Whoever publishes: its message is not taken over.
        REFUSE,
        /// Whoever publishes: it is not read until there is room.
        BLOCK;

        /// Whether a publisher is held back, so that what it was acknowledged is never dropped.
        boolean holdsPublishers() {
            return this == REFUSE || this == BLOCK;
        }
    }

    /// Whether a publisher may be held back anywhere.
    public boolean holdsPublishers() {
        return overflow.holdsPublishers() || together.holdsPublishers();
    }

    /// A bound of what waits.
    ///
    /// @param messages how many copies at most, `Long.MAX_VALUE` for no bound
    /// @param bytes how many bytes of topics and payloads at most, `Long.MAX_VALUE` for no bound
    /// @param overflow what happens at it
    public record Bound(long messages, long bytes, Overflow overflow) {
        public static final Bound NONE =
                new Bound(Long.MAX_VALUE, Long.MAX_VALUE, Overflow.DROP_NEW);

        boolean isBound() {
            return messages != Long.MAX_VALUE || bytes != Long.MAX_VALUE;
        }

        /// Whether a pool has no room for so many bytes more.
        boolean isReached(Pool pool, long more) {
            return pool.messages() >= messages
                    || bytes != Long.MAX_VALUE && pool.bytes() + more > bytes;
        }
    }

    /// A bound of all sessions whose client ids begin alike.
    public record PrefixBound(String prefix, Bound bound) {}

    /// Bounds that sessions share.
    ///
    /// @param total of all queues; settings `queue.total.messages`, `queue.total.bytes`,
    ///   `queue.total.overflow`
    /// @param prefixes of clients whose ids begin alike, the longest prefix first; setting
    ///   `queue.prefixes`
    /// @param patience for how many seconds a publisher is not read at most, before its messages
    ///   are refused instead; setting `queue.block-timeout`
    public record Together(Bound total, List<PrefixBound> prefixes, int patience) {
        public static final Together UNBOUNDED = new Together(Bound.NONE, List.of(), 30);

        /// The bound of a client id, or null: that of the longest prefix.
        @Nullable PrefixBound of(String clientId) {
            for (PrefixBound each : prefixes) {
                if (clientId.startsWith(each.prefix)) {
                    return each;
                }
            }
            return null;
        }

        private boolean holdsPublishers() {
            return total.overflow.holdsPublishers()
                    || !prefixes.isEmpty()
                            && prefixes.stream()
                                    .anyMatch(each -> each.bound.overflow.holdsPublishers());
        }
    }
}
