package io.sotto.store;

import io.sotto.broker.spi.Durability;
import io.sotto.broker.spi.Fetch;
import io.sotto.broker.spi.Journal;
import io.sotto.broker.spi.Message;
import io.sotto.broker.spi.Via;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.TopicFilter;
import io.sotto.mqtt.TopicName;
import io.sotto.mqtt.Will;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// The journal of one shard: writes down each change in a few bytes, and hands them to the store
/// once a turn.
///
/// A message of QoS 1 that is kept as [Durability#ASYNC] says counts as durable at once, and a copy
/// of it waits in a [Window] until it ends, or is [#BEATS] old.
///
/// Called by the shard alone, but for [#reached] and [#found], by which the store answers.
final class ShardJournal implements Journal {
    /// So many bytes are handed over at once, also where nobody waits for them: they fit into the
    /// caches of a processor.
    private static final int MUCH = 256 * 1024;

    /// After so many beats of the store a copy is handed over.
    private static final int BEATS = 2;

    private final Store store;
    private final Runnable wake;
    private final Commands commands = new Commands();
    private final Window window = new Window();
    private final Bytes value = new Bytes(256);
    private final List<Fetch> fetches = new ArrayList<>(0);
    private final Queue<Fetch> found = new ConcurrentLinkedQueue<>();
    private final AtomicLong durable = new AtomicLong();
    private final Tally tally = new Tally();
    private final Durability usual;
    private Durability next;

    /// @param usual how surely changes are kept of which nothing else is said
    /// @param wake makes the shard look what is durable and what was found; from any thread
    ShardJournal(Store store, Durability usual, Runnable wake) {
        this.store = store;
        this.usual = usual;
        this.next = usual;
        this.wake = wake;
    }

    @Override
    public void keeping(@Nullable Durability durability) {
        next = durability == null ? usual : durability;
    }

    /// A change is told of that somebody may wait for, as surely as it is to be kept: its batch is
    /// synced if any of it is to be.
    private void asked() {
        tally.isAwaited = true;
        askedLater();
    }

    /// A change is told of that counts as durable at once, but where it is to be synced.
    private void askedLater() {
        if (next == Durability.SYNC) {
            tally.isStrict = true;
            tally.isAwaited = true;
        }
        next = usual;
    }

    /// What was counted so far.
    private static final class Tally {
        private long changes;
        private long committed;

        /// The last batch that somebody waits for.
        private long awaited;

        private boolean holdsAny;

        /// Whether other shards may tell what becomes of what was told.
        private boolean isFollowed;

        /// Whether it was looked at before what is held, and with which beat.
        private boolean hasWaited;

        private int since;
        private boolean isStrict;
        private boolean isAwaited;
        private volatile boolean holdsBack;

        /// What is waited for of the batch that ends; the next begins without.
        private Batch.Urgency urgency() {
            Batch.Urgency urgency =
                    isStrict
                            ? Batch.Urgency.SYNCED
                            : isAwaited ? Batch.Urgency.WRITTEN : Batch.Urgency.NONE;
            isStrict = false;
            isAwaited = false;
            return urgency;
        }
    }

    /// Gives numbers above those of the last run to what is sent from now on.
    void above(long order) {
        tally.changes = Math.max(tally.changes, order + 1);
    }

    @Override
    public long changes() {
        return tally.changes;
    }

    @Override
    public long batch() {
        return tally.isAwaited ? tally.committed + 1 : tally.committed;
    }

    @Override
    public Effort effort() {
        return store.effort();
    }

    @Override
    public void announce() {
        asked();
        tally.holdsAny = true;
        tally.changes++;
    }

    @Override
    public void totals(Map<String, Long> totals) {
        askedLater();
        value.clear();
        TotalsRecord.write(totals, value);
        put(Space.META, TotalsRecord.key());
    }

    @Override
    public void barrier() {
        asked();
        tally.holdsAny = true;
    }

    @Override
    public void commit() {
        boolean isDue = writeOlder(fetches.isEmpty() ? BEATS : 0);
        boolean waits = tally.holdsAny && !isDue && mayWait();
        holdBack(waits || !window.isEmpty());
        if (tally.holdsAny && !waits) {
            hand();
        } else if (!fetches.isEmpty()) {
            ask();
        }
    }

    /// Whether what is there may wait for more until the next beat: nobody waits for it, no other
    /// shard may tell how it ends, and it holds nothing that is to be fetched.
    private boolean mayWait() {
        if (!tally.hasWaited) {
            tally.hasWaited = true;
            tally.since = store.beats();
        }
        return !tally.isAwaited
                && !tally.isFollowed
                && (fetches.isEmpty() || !commands.isAnyQueued())
                && commands.size() < MUCH
                && tally.since == store.beats();
    }

    /// Writes down what has waited for so many beats.
    ///
    /// @return whether there was any
    private boolean writeOlder(int beats) {
        int latest = store.beats() - beats;
        var due = window.oldest(latest);
        boolean any = due != null;
        while (due != null) {
            write(due);
            due = window.oldest(latest);
        }
        return any;
    }

    private void holdBack(boolean any) {
        if (any != tally.holdsBack) {
            tally.holdsBack = any;
            if (any) {
                store.heldBack();
            }
        }
    }

    /// Whether copies wait here for their time; from any thread.
    boolean holdsBack() {
        return tally.holdsBack;
    }

    /// Hands over all there is, as the shard has ended.
    void finish() {
        writeOlder(0);
        holdBack(false);
        if (tally.holdsAny) {
            hand();
        }
    }

    private void hand() {
        tally.committed++;
        tally.holdsAny = false;
        tally.hasWaited = false;
        tally.isFollowed = false;
        Batch.Urgency urgency = tally.urgency();
        if (urgency != Batch.Urgency.NONE) {
            tally.awaited = tally.committed;
        }
        hand(commands.take(urgency));
    }

    /// Asks for bodies that are in the store, and leaves what waits where it is: much of what is
    /// sent now has been acknowledged before that is handed over.
    private void ask() {
        hand(Batch.Told.NOTHING);
    }

    private void hand(Batch.Told told) {
        Batch batch = new Batch(this, tally.committed, told, List.copyOf(fetches));
        fetches.clear();
        store.hand(batch);
    }

    /// All that was handed over, once what is waited for of it is written.
    @Override
    public long durable() {
        long reached = durable.get();
        return reached >= tally.awaited ? tally.committed : reached;
    }

    /// A batch is durable; the shard is still to be woken.
    void reached(Batch batch) {
        commands.spare(batch.commands());
        durable.set(batch.number());
    }

    /// Bodies are there; the shard is still to be woken.
    void found(Fetch fetch) {
        found.add(fetch);
    }

    void wake() {
        wake.run();
    }

    @Override
    public @Nullable Fetch nextFound() {
        return found.poll();
    }

    @Override
    public boolean isStoring() {
        return true;
    }

    @Override
    public Condition condition() {
        return store.condition();
    }

    private void change() {
        tally.holdsAny = true;
        tally.changes++;
    }

    @Override
    public boolean defers(@Nullable Durability durability) {
        return (durability == null ? usual : durability) == Durability.ASYNC;
    }

    @Override
    public void queued(Message message, long session, QoS qos, boolean retain, Via via) {
        queues(message.qos());
        tally.isFollowed = true;
        commands.queued(message, session, qos, retain, via);
    }

    @Override
    public void queuedAway(Message message, long session, QoS qos, boolean retain, Via via) {
        queues(message.qos());
        commands.queued(message, session, qos, retain, via);
    }

    private void queues(QoS qos) {
        if (qos == QoS.EXACTLY_ONCE) {
            asked();
        } else {
            askedLater();
        }
        change();
    }

    @Override
    public void queuedAtHome(Message message, long session, QoS qos, boolean retain, Via via) {
        if (next != Durability.ASYNC || qos == QoS.EXACTLY_ONCE) {
            queued(message, session, qos, retain, via);
            return;
        }
        askedLater();
        tally.changes++;
        while (window.isFull()) {
            write(window.oldest());
        }
        window.put(message, session, qos, retain, via).came(store.beats());
    }

    /// Takes a copy out of the window and writes it down.
    private void write(Window.Pending pending) {
        tally.holdsAny = true;
        pending.writeTo(commands);
        if (pending.isSent()) {
            commands.sent(
                    Command.SENT,
                    pending.message().id(),
                    pending.session(),
                    pending.packetId(),
                    pending.order());
        }
        window.remove(pending);
    }

    /// Whether a copy ended that nothing was written of.
    private boolean endsInWindow(long message) {
        Window.Pending pending = window.find(message);
        if (pending == null) {
            return false;
        }
        tally.changes++;
        window.remove(pending);
        return true;
    }

    @Override
    public void sent(long message, long session, int packetId) {
        boolean waits = next == Durability.ASYNC;
        askedLater();
        Window.Pending pending = window.find(message);
        if (pending != null && waits) {
            pending.sent(packetId, ++tally.changes);
            return;
        }
        if (pending != null) {
            write(pending);
        }
        change();
        commands.sent(Command.SENT, message, session, packetId, tally.changes);
    }

    @Override
    public void pubRec(long message, long session, int packetId) {
        asked();
        change();
        commands.sent(Command.PUBREC, message, session, packetId, tally.changes);
    }

    @Override
    public void completed(long session, int packetId) {
        askedLater();
        change();
        commands.completed(session, packetId);
    }

    @Override
    public void settled(long message, long session, int packetId) {
        askedLater();
        if (endsInWindow(message)) {
            return;
        }
        change();
        commands.settled(message, session, packetId);
    }

    @Override
    public void dropped(long message, long session) {
        askedLater();
        if (endsInWindow(message)) {
            return;
        }
        change();
        commands.dropped(message, session);
    }

    @Override
    public void fetch(Fetch fetch) {
        fetches.add(fetch);
    }

    @Override
    public void opened(long session, Owner owner, long expiryInterval, @Nullable Will will) {
        asked();
        value.clear();
        SessionRecords.writeBegun(owner, expiryInterval, will, value);
        put(Space.SESSIONS, Keys.tagged(session, SessionRecords.BEGUN));
        delete(Space.SESSIONS, Keys.tagged(session, SessionRecords.LEFT));
        delete(Space.SESSIONS, Keys.tagged(session, SessionRecords.WILL_DONE));
    }

    @Override
    public void closed(long session, long expiresAt, long willAt) {
        asked();
        value.clear();
        value.eight(expiresAt);
        value.eight(willAt);
        put(Space.SESSIONS, Keys.tagged(session, SessionRecords.LEFT));
        if (willAt == Long.MAX_VALUE) {
            forgetWill(session);
        }
    }

    @Override
    public void willDone(long session) {
        asked();
        forgetWill(session);
    }

    private void forgetWill(long session) {
        value.clear();
        put(Space.SESSIONS, Keys.tagged(session, SessionRecords.WILL_DONE));
    }

    @Override
    public void ended(long session) {
        asked();
        delete(Space.SESSIONS, Keys.tagged(session, SessionRecords.BEGUN));
        delete(Space.SESSIONS, Keys.tagged(session, SessionRecords.LEFT));
        delete(Space.SESSIONS, Keys.tagged(session, SessionRecords.WILL_DONE));
    }

    @Override
    public void subscribed(long session, Grant grant) {
        asked();
        value.clear();
        SessionRecords.writeGrant(grant, value);
        put(Space.GRANTS, Keys.of(session, SessionRecords.filter(grant.filter())));
    }

    @Override
    public void unsubscribed(long session, TopicFilter filter) {
        asked();
        delete(Space.GRANTS, Keys.of(session, SessionRecords.filter(filter)));
    }

    @Override
    public void received(long session, int packetId) {
        asked();
        value.clear();
        put(Space.RECEIVED, Keys.of(session, packetId));
    }

    @Override
    public void released(long session, int packetId) {
        asked();
        delete(Space.RECEIVED, Keys.of(session, packetId));
    }

    @Override
    public void retained(Message message) {
        asked();
        value.clear();
        MessageRecords.writeRetained(message, value);
        put(Space.RETAINED, Keys.of(message.topic()));
    }

    @Override
    public void retainedRemoved(TopicName topic) {
        asked();
        delete(Space.RETAINED, Keys.of(topic));
    }

    /// Puts what stands in the scratch buffer.
    private void put(Space space, byte[] key) {
        change();
        commands.put(space, key, value);
    }

    private void delete(Space space, byte[] key) {
        change();
        commands.delete(space, key);
    }
}
