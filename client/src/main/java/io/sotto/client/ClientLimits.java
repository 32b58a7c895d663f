package io.sotto.client;

import java.time.Duration;

/// What a client waits for and holds at most.
///
/// @param timeout of connecting, of every blocking call that waits for an answer, and of a write
///   that the server does not take
/// @param inboundMessages messages received and not yet taken; when as many wait, the socket is not
///   read until the application has caught up
/// @param inboundBytes the same in bytes of payloads, topics and overhead
/// @param inflight QoS 1 and 2 messages sent and not acknowledged, 1 to 60,000; the server's
///   Receive Maximum may lower it
/// @param topicAliases topics that are sent by alias, first come, first served; the server's Topic
///   Alias Maximum may lower it
public record ClientLimits(
        Duration timeout, int inboundMessages, int inboundBytes, int inflight, int topicAliases) {
    /// 30 s, 10,000 messages, 16 MiB, 1,000 in flight, no aliases.
    public static final ClientLimits DEFAULT =
            new ClientLimits(Duration.ofSeconds(30), 10_000, 16 * 1024 * 1024, 1_000, 0);

    private static final int MOST_INFLIGHT = 60_000;

    public ClientLimits {
        if (!timeout.isPositive() || inboundMessages < 1 || inboundBytes < 1) {
            throw new IllegalArgumentException("timeout and inbound limits are above 0");
        }
        if (inflight < 1 || inflight > MOST_INFLIGHT || topicAliases < 0) {
            throw new IllegalArgumentException("inflight is 1 to 60,000, topicAliases 0 or more");
        }
    }

    /// The same with another timeout.
    public ClientLimits timeout(Duration other) {
        return new ClientLimits(other, inboundMessages, inboundBytes, inflight, topicAliases);
    }

    /// The same with other bounds of what waits for the application.
    public ClientLimits inbound(int messages, int bytes) {
        return new ClientLimits(timeout, messages, bytes, inflight, topicAliases);
    }

    /// The same with another window.
    public ClientLimits inflight(int messages) {
        return new ClientLimits(timeout, inboundMessages, inboundBytes, messages, topicAliases);
    }

    /// The same with another number of aliases.
    public ClientLimits topicAliases(int topics) {
        return new ClientLimits(timeout, inboundMessages, inboundBytes, inflight, topics);
    }
}
