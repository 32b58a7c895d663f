package io.sotto.broker;

import io.sotto.broker.session.RetainedStream;
import io.sotto.broker.spi.Authorizer.Subject;
import io.sotto.broker.spi.Durability;
import io.sotto.broker.spi.Journal;
import io.sotto.broker.spi.Message;
import io.sotto.broker.spi.SessionStore.Grant;
import io.sotto.broker.time.Timer;
import io.sotto.broker.topic.TopicTree;
import io.sotto.mqtt.Payload;
import io.sotto.mqtt.TopicName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The retained messages as a shard sees them: those in the tree of all shards, and before them
/// what it has retained in this turn. That comes into the tree at once when the turn ends, or when
/// somebody here is to see the tree, so that the upper levels of it are copied once.
///
/// A message of this turn may be on its way already while it is not in the tree. A subscription
/// that another shard makes meanwhile would get it neither way; so whoever makes one has shards
/// that are behind catch up before it looks into the tree ([#afterOthers(Mailbox.Mail)]).
///
/// All shards write to one tree, and their batches reach the store in an order of their own. So
/// where the tree is another than the shard has left it, what is told at the end of a turn is what
/// is there now; and once the batch has been handed over, a topic that has another message by then
/// is told of once more. Whoever writes last, the last batch that names the topic holds what the
/// tree holds.
@SuppressWarnings("ReferenceEquality") // The same state means that nothing changed.
final class RetainedChanges {
    /// So many messages come into the tree at once, at most.
    private static final int MOST = 1024;

    private final Shard shard;
    private final RetainedMessages retained;

    /// Retained in this turn, by topic; one without payload removes what is there.
    private final Map<TopicName, Message> waiting = new LinkedHashMap<>(0);

    private long waitingBytes;

    /// The causes of what is in the tree and is to be told.
    private final List<Message> untold = new ArrayList<>(0);

    /// The tree as the shard has left it.
    private @Nullable TopicTree<Message> left;

    /// Whether the tree may hold other messages than the causes.
    private boolean disturbed;

    RetainedChanges(Shard shard) {
        this.shard = shard;
        this.retained = shard.broker().retained();
    }

    /// Whether a message may be retained: its topic has one already, or there is room for one more;
    /// and for its bytes.
    boolean hasRoomFor(TopicName topic, Payload payload) {
        if (payload.isEmpty()) {
            return true;
        }
        int size = topic.size() + payload.size();
        if (retained.hasRoomFor(waiting.size() + 1, waitingBytes + size)) {
            return true;
        }
        publish();
        return retained.hasRoomFor(get(topic) == null ? 1 : 0, size);
    }

    /// Retains a message until it expires, or removes the one of its topic where it has no payload.
    void retain(Message message) {
        boolean isThere = !message.payload().isEmpty();
        // What was kept before must not come back for what is not.
        boolean forgets = message.isFleeting() ? isOnDisk(message.topic()) : !isThere;
        if (!isThere && get(message.topic()) == null) {
            return;
        }
        put(message);
        if (isThere) {
            expireInTime(message);
        }
        if (forgets || !message.isFleeting()) {
            announce(message);
        }
    }

    private boolean isOnDisk(TopicName topic) {
        Message present = get(topic);
        return present != null && !present.isFleeting();
    }

    private void put(Message message) {
        if (waiting.isEmpty()) {
            // Before anybody looks for its way.
            retained.isBehind(shard.index(), true);
        }
        waiting.put(message.topic(), message);
        waitingBytes += message.weight();
        if (waiting.size() == MOST) {
            publish();
        }
    }

    /// Removes a message when its time has come.
    void expireInTime(Message message) {
        if (message.expiresAt() != Long.MAX_VALUE) {
            shard.wheel().set(new RetainedExpiry(message), message.expiresAt());
        }
    }

    /// The message of a topic.
    @Nullable Message get(TopicName topic) {
        Message latest = waiting.isEmpty() ? null : waiting.get(topic);
        if (latest == null) {
            return retained.get(topic);
        }
        return latest.payload().isEmpty() ? null : latest;
    }

    /// Puts into the tree what was retained in this turn.
    void publish() {
        if (waiting.isEmpty()) {
            return;
        }
        RetainedMessages.Outcome outcome = retained.put(waiting.values());
        waiting.clear();
        waitingBytes = 0;
        retained.isBehind(shard.index(), false);
        if (shard.context().journal().isStoring()) {
            disturbed |= !untold.isEmpty() && outcome.before() != left;
            left = outcome.after();
            for (Message cause : outcome.kept()) {
                if (!ReservedTopics.contains(cause.topic())) {
                    untold.add(cause);
                }
            }
        }
    }

    /// Whether all that other shards have sent on its way until now is in the tree, as a rule.
    boolean seesAll() {
        return firstBehind(0) < 0;
    }

    /// Does something in a later turn, once all that other shards have sent on its way until now is
    /// in the tree.
    void afterOthers(Mailbox.Mail then) {
        afterOthers(0, then);
    }

    private void afterOthers(int from, Mailbox.Mail then) {
        int behind = firstBehind(from);
        if (behind < 0) {
            shard.post(then);
            return;
        }
        Shard other = shard.broker().shard(behind);
        other.post(_ -> {
            other.retained().publish();
            shard.post(_ -> afterOthers(behind + 1, then));
        });
    }

    private int firstBehind(int from) {
        for (int i = from; i < shard.broker().shardCount(); i++) {
            if (i != shard.index() && retained.isBehind(i)) {
                return i;
            }
        }
        return -1;
    }

    /// All that a new subscription is owed: not what its author may not publish any more, which
    /// waits for the right to come back or for another message to take its place.
    RetainedStream stream(Grant grant) {
        publish();
        TopicTree<Message> state = retained.present();
        return new RetainedStream(
                state.select(grant.filter()),
                then -> {
                    Message message = allowed(latest(then, state));
                    return message == null ? null : shard.settings().clients().outgoing(message);
                },
                grant);
    }

    /// What has become of a message of an earlier state of the tree: nobody is looked for where
    /// that is the present one.
    private @Nullable Message latest(Message then, TopicTree<Message> state) {
        return waiting.isEmpty() && retained.present() == state ? then : get(then.topic());
    }

    private @Nullable Message allowed(@Nullable Message message) {
        Subject author = message == null ? null : message.author();
        return message == null
                        || author == null
                        || shard.context()
                                .authorizer()
                                .mayStay(author, message.topic(), message.qos())
                ? message
                : null;
    }

    private void announce(Message cause) {
        Journal journal = shard.context().journal();
        if (journal.isStoring() && !ReservedTopics.contains(cause.topic())) {
            journal.keeping(cause.isFleeting() ? Durability.ASYNC : cause.durability());
            journal.announce();
        }
    }

    /// Hands over the batch of this turn, with what is retained now. Nobody is looked for where the
    /// tree is as the shard has left it.
    void commit() {
        publish();
        Journal journal = shard.context().journal();
        if (untold.isEmpty()) {
            journal.commit();
            return;
        }
        TopicTree<Message> told = retained.present();
        boolean own = !disturbed && told == left;
        for (Message cause : untold) {
            Message latest = cause.payload().isEmpty() ? null : cause;
            tell(own ? latest : told.get(cause.topic()), cause);
        }
        journal.commit();
        TopicTree<Message> present = retained.present();
        List<Message> causes = present == told ? List.of() : List.copyOf(untold);
        untold.clear();
        disturbed = false;
        for (Message cause : causes) {
            if (!Objects.equals(told.get(cause.topic()), present.get(cause.topic()))) {
                tellAgain(cause);
                shard.wakeUp();
            }
        }
    }

    /// The next batch tells what the tree holds.
    private void tellAgain(Message cause) {
        untold.add(cause);
        disturbed = true;
        announce(cause);
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

    /// Removes a retained message when its time has passed, unless it was replaced.
    private final class RetainedExpiry extends Timer {
        private final Message message;

        RetainedExpiry(Message message) {
            this.message = message;
        }

        @Override
        protected void expired(long now) {
            publish();
            if (retained.remove(message) && shard.context().journal().isStoring()) {
                tellAgain(message);
            }
        }
    }
}
