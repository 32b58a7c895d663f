package io.sotto.client;

import io.sotto.mqtt.Publish;
import io.sotto.mqtt.QoS;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// The messages that were received and not yet taken by the application, bounded by count and
/// bytes. Belongs to the [Conversation], under its lock.
final class Inbox {
    /// What a message costs beside its payload and topic, roughly.
    private static final int OVERHEAD = 128;

    private final ClientLimits limits;
    private final Deque<Delivery> waiting = new ArrayDeque<>();
    private long bytes;

    /// A message with the connection that it came on, where alone it can be acknowledged.
    record Delivery(Link link, Publish publish) {
        boolean isAcknowledged() {
            return publish.qos() != QoS.AT_MOST_ONCE;
        }

        private long size() {
            return (long) publish.payload().size() + publish.topic().size() + OVERHEAD;
        }
    }

    Inbox(ClientLimits limits) {
        this.limits = limits;
    }

    boolean hasRoom() {
        return waiting.size() < limits.inboundMessages() && bytes < limits.inboundBytes();
    }

    void add(Delivery delivery) {
        waiting.addLast(delivery);
        bytes += delivery.size();
    }

    /// The oldest message, which stays, or null.
    @Nullable Delivery peek() {
        return waiting.peekFirst();
    }

    /// The oldest message, or null.
    @Nullable Delivery poll() {
        Delivery oldest = waiting.pollFirst();
        if (oldest != null) {
            bytes -= oldest.size();
        }
        return oldest;
    }

    /// Lets go of what the server sends again, since it was not acknowledged.
    void removeUnacknowledged() {
        waiting.removeIf(Delivery::isAcknowledged);
        bytes = waiting.stream().mapToLong(Delivery::size).sum();
    }
}
