package io.sotto.broker;

import io.sotto.broker.spi.Message;
import io.sotto.broker.topic.TopicTree;
import io.sotto.mqtt.TopicName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// The retained message of each topic: an immutable tree, of which any shard publishes the next
/// state, once a turn ([RetainedChanges]). The last writer of a topic wins.
@SuppressWarnings("ReferenceEquality") // The same state means that nothing changed.
final class RetainedMessages {
    private final AtomicReference<TopicTree<Message>> tree;
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicIntegerArray behinds;
    private final int maximum;
    private final long maximumBytes;

    /// @param shards how many there are
    /// @param maximum how many messages there may be
    /// @param maximumBytes how many bytes of topics and payloads, 0 for no bound
    RetainedMessages(int seed, int shards, int maximum, long maximumBytes) {
        this.behinds = new AtomicIntegerArray(shards);
        this.tree = new AtomicReference<>(new TopicTree<>(seed));
        this.maximum = maximum;
        this.maximumBytes = maximumBytes;
    }

    /// Whether there is room for so many more messages, with so many bytes of topics and payloads.
    boolean hasRoomFor(int more, long moreBytes) {
        return (maximumBytes == 0 || bytes.get() + moreBytes <= maximumBytes)
                && count.get() + more <= maximum;
    }

    /// What came of the changes of a turn.
    ///
    /// @param before the messages of all topics before
    /// @param after and with the changes
    /// @param kept the causes of what is another message on the disk as well, or none any more
    record Outcome(TopicTree<Message> before, TopicTree<Message> after, List<Message> kept) {}

    /// Retains messages in the place of those of their topics [MQTT-3.3.1-5], all at once; one
    /// without payload removes the one of its topic [MQTT-3.3.1-6].
    ///
    /// @param causes one for a topic
    Outcome put(Collection<Message> causes) {
        while (true) {
            TopicTree<Message> before = present();
            TopicTree.Edit<Message> edit = before.edit();
            List<Message> kept = new ArrayList<>(causes.size());
            int more = 0;
            long moreBytes = 0;
            for (Message cause : causes) {
                Message message = cause.payload().isEmpty() ? null : cause;
                Message replaced = edit.put(cause.topic(), message);
                more += (message == null ? 0 : 1) - (replaced == null ? 0 : 1);
                moreBytes += weight(message) - weight(replaced);
                boolean wasKept = replaced != null && !replaced.isFleeting();
                if (wasKept || !cause.isFleeting() && (message != null || replaced != null)) {
                    kept.add(cause);
                }
            }
            TopicTree<Message> after = edit.done();
            if (tree.compareAndSet(before, after)) {
                count.addAndGet(more);
                bytes.addAndGet(moreBytes);
                return new Outcome(before, after, kept);
            }
        }
    }

    /// Removes a message, if it is still the one of its topic; whether it was.
    boolean remove(Message message) {
        while (true) {
            TopicTree<Message> before = present();
            TopicTree<Message> after =
                    before.with(message.topic(), old -> message.equals(old) ? null : old);
            if (after == before) {
                return false;
            }
            if (tree.compareAndSet(before, after)) {
                count.decrementAndGet();
                bytes.addAndGet(-weight(message));
                return true;
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

    /// A shard has messages that are not in the tree yet, and may send them on their way; or has
    /// put all of them there.
    void isBehind(int shard, boolean behind) {
        behinds.set(shard, behind ? 1 : 0);
    }

    /// Whether a shard has messages that are not in the tree yet.
    boolean isBehind(int shard) {
        return behinds.get(shard) != 0;
    }

    int count() {
        return count.get();
    }
}
