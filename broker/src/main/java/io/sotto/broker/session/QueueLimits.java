package io.sotto.broker.session;

/// The bounds of what waits for one session.
///
/// @param messages how many copies wait at most; setting `queue.messages`
/// @param bytes how many bytes of topics and payloads wait at most; setting `queue.bytes`
/// @param overflow what is dropped at the bound; setting `queue.overflow`
/// @param window how many copies are sent and unacknowledged at most, whatever more the client
///   would take; setting `limits.inflight`
/// @param keepQoS0 whether QoS 0 messages are kept for a session without a connection; setting
///   `queue.qos0`
/// @param resident how many copies at the head of a queue keep their bodies in memory where a store
///   has them as well; setting `queue.resident`
public record QueueLimits(
        int messages, long bytes, Overflow overflow, int window, boolean keepQoS0, int resident) {
    public static final QueueLimits DEFAULT =
            new QueueLimits(100_000, 64L << 20, Overflow.DROP_NEW, 1024, false, 64);

    /// What gives way when a queue is full.
    public enum Overflow {
        /// The message that comes.
        DROP_NEW,
        /// The messages that have waited longest.
        DROP_OLD
    }
}
