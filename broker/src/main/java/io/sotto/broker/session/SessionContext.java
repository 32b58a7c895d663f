package io.sotto.broker.session;

import io.sotto.broker.spi.Authorizer;
import io.sotto.broker.spi.DecisionRecorder;
import io.sotto.broker.spi.Durability;
import io.sotto.broker.spi.Journal;
import io.sotto.mqtt.TopicName;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What all sessions of a shard share.
///
/// @param queueLimits says what bounds what waits, which may change
/// @param keeping how surely messages of a topic are kept, where that is said
/// @param numbers the numbers of messages
/// @param pools what waits in queues of all shards together
/// @param rounds the sessions that go on sending in a later turn
/// @param remains the copies that still have to end
/// @param shard the index of this one
public record SessionContext(
        Supplier<QueueLimits> queueLimits,
        Ledger ledger,
        DecisionRecorder recorder,
        Journal journal,
        Function<TopicName, @Nullable Durability> keeping,
        Promises promises,
        MessageNumbers numbers,
        Authorizer authorizer,
        Pools pools,
        Rounds rounds,
        Remains remains,
        int shard) {
    /// What bounds what waits for a client, as it is now.
    QueueLimits limits() {
        return queueLimits.get();
    }
}
