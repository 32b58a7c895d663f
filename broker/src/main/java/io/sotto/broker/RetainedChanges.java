package io.sotto.broker;

import io.sotto.broker.spi.Durability;
import io.sotto.broker.spi.Journal;
import io.sotto.broker.spi.Message;
import io.sotto.broker.topic.TopicTree;
import io.sotto.mqtt.TopicName;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The topics whose retained message a shard has changed in this turn.
///
/// All shards write to one tree, and their batches reach the store in an order of their own. So
/// what is told at the end of a turn is not what the shard has put there but what is there now; and
/// once the batch has been handed over, a topic that has another message by then is told of once
/// more. Whoever writes last, the last batch that names the topic holds what the tree holds.
final class RetainedChanges {
    private final Shard shard;
    private final Map<TopicName, Message> changed = new LinkedHashMap<>(0);

    RetainedChanges(Shard shard) {
        this.shard = shard;
    }

    /// A topic has another message, or none any more; it is kept as surely as the cause.
    void changed(Message cause) {
        if (shard.context().journal().isStoring()) {
            changed.put(cause.topic(), cause);
            announce(cause);
        }
    }

    private void announce(Message cause) {
        Journal journal = shard.context().journal();
        journal.keeping(cause.isFleeting() ? Durability.ASYNC : cause.durability());
        journal.announce();
    }

    /// Hands over the batch of this turn, with what is retained now. Nobody is looked for again
    /// where nothing has changed until it is handed over.
    @SuppressWarnings("ReferenceEquality") // The same state means that nothing changed.
    void commit() {
        Journal journal = shard.context().journal();
        if (changed.isEmpty()) {
            journal.commit();
            return;
        }
        RetainedMessages retained = shard.broker().retained();
        TopicTree<Message> told = retained.present();
        changed.forEach((topic, cause) -> tell(told.get(topic), cause));
        journal.commit();
        TopicTree<Message> present = retained.present();
        if (present == told) {
            changed.clear();
            return;
        }
        Map<TopicName, Message> causes = new LinkedHashMap<>(changed);
        changed.clear();
        causes.forEach((topic, cause) -> {
            if (!Objects.equals(told.get(topic), present.get(topic))) {
                changed.put(topic, cause);
                announce(cause);
                shard.wakeUp();
            }
        });
    }

    private void tell(@Nullable Message present, Message cause) {
        Journal journal = shard.context().journal();
        if (present != null && !present.isFleeting()) {
            journal.keeping(Durability.stricter(present.durability(), cause.durability()));
            journal.retained(present);
        } else {
            journal.keeping(cause.isFleeting() ? Durability.ASYNC : cause.durability());
            journal.retainedRemoved(cause.topic());
        }
    }
}
