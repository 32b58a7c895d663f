package io.sotto.broker;

import io.sotto.broker.BrokerSettings.Clients;
import io.sotto.broker.session.RetainedStream;
import io.sotto.broker.spi.Authorizer;
import io.sotto.broker.spi.Authorizer.Subject;
import io.sotto.broker.spi.Message;
import io.sotto.broker.spi.SessionStore.Grant;
import io.sotto.broker.topic.TopicTree;
import io.sotto.mqtt.Payload;
import io.sotto.mqtt.TopicName;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// The retained message of each topic: an immutable tree, of which any shard publishes the next
/// state. The last writer of a topic wins.
final class RetainedMessages {
    private final AtomicReference<TopicTree<Message>> tree;
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();
    private final int maximum;
    private final long maximumBytes;

    /// @param maximum how many there may be
    /// @param maximumBytes how many bytes of topics and payloads, 0 for no bound
    RetainedMessages(int seed, int maximum, long maximumBytes) {
        this.tree = new AtomicReference<>(new TopicTree<>(seed));
        this.maximum = maximum;
        this.maximumBytes = maximumBytes;
    }

    /// Whether a message may be retained: its topic has one already, or there is room for one more;
    /// and for its bytes.
    boolean hasRoomFor(TopicName topic, Payload payload) {
        if (payload.isEmpty()) {
            return true;
        }
        boolean bytesFit =
                maximumBytes == 0 || bytes.get() + topic.size() + payload.size() <= maximumBytes;
        return bytesFit && (count.get() < maximum || get(topic) != null);
    }

    /// Retains a message in the place of the one of its topic [MQTT-3.3.1-5].
    void put(Message message) {
        replace(message.topic(), message);
    }

    /// Removes the message of a topic; whether there was one.
    boolean remove(TopicName topic) {
        return replace(topic, null);
    }

    private boolean replace(TopicName topic, @Nullable Message message) {
        @Nullable Message[] replaced = new Message[1];
        while (true) {
            TopicTree<Message> before = present();
            TopicTree<Message> after =
                    before.with(
                            topic,
                            old -> {
                                replaced[0] = old;
                                return message;
                            });
            if (tree.compareAndSet(before, after)) {
                count.addAndGet((message == null ? 0 : 1) - (replaced[0] == null ? 0 : 1));
                bytes.addAndGet(weight(message) - weight(replaced[0]));
                return replaced[0] != null;
            }
        }
    }

    private static long weight(@Nullable Message message) {
        return message == null ? 0 : message.weight();
    }

    /// The messages of all topics, as they are now.
    TopicTree<Message> present() {
        return Objects.requireNonNull(tree.get());
    }

    @Nullable Message get(TopicName topic) {
        return present().get(topic);
    }

    /// All that a new subscription is owed: not what its author may not publish any more, which
    /// waits for the right to come back or for another message to take its place.
    ///
    /// @param clients what says at which QoS
    RetainedStream stream(Grant grant, Authorizer authorizer, Clients clients) {
        return new RetainedStream(
                present().select(grant.filter()),
                topic -> {
                    Message message = allowed(topic, authorizer);
                    return message == null ? null : clients.outgoing(message);
                },
                grant);
    }

    private @Nullable Message allowed(TopicName topic, Authorizer authorizer) {
        Message message = get(topic);
        Subject author = message == null ? null : message.author();
        return message == null || author == null || authorizer.mayStay(author, topic, message.qos())
                ? message
                : null;
    }

    int count() {
        return count.get();
    }
}
