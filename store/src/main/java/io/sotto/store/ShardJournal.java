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
    private final Tally tally;
    private volatile boolean holdsBack;

    /// @param usual how surely changes are kept of which nothing else is said
    /// @param wake makes the shard look what is durable and what was found; from any thread
    ShardJournal(Store store, Durability usual, Runnable wake) {
        this.store = store;
        this.tally = new Tally(usual);
        this.wake = wake;
    }

    @Override
    public void keeping(@Nullable Durability durability) {
        tally.keeping(durability);
    }

    /// Gives numbers above those of the last run to what is sent from now on.
    void above(long order) {
        tally.above(order);
    }

    @Override
    public long changes() {
        return tally.changes();
    }

    @Override
    public long batch() {
        return tally.batch();
    }

    @Override
    public Effort effort() {
        return store.effort();
    }

    @Override
    public void announce() {
        tally.asked();
        change();
    }

    @Override
    public void totals(Map<String, Long> totals) {
        tally.askedLater();
        value.clear();
        TotalsRecord.write(totals, value);
        put(Space.META, TotalsRecord.key());
    }

    @Override
    public void barrier() {
        tally.asked();
        tally.hold();
    }

    @Override
    public void commit() {
        boolean isDue = writeOlder(fetches.isEmpty() ? BEATS : 0);
        boolean waits = tally.holdsAny() && !isDue && mayWait();
        holdBack(waits || !window.isEmpty());
        if (tally.holdsAny() && !waits) {
            hand();
        } else if (!fetches.isEmpty()) {
            ask();
        }
    }

    /// Whether what is there may wait for more until the next beat: nobody waits for it, no other
    /// shard may tell how it ends, and it holds nothing that is to be fetched.
    private boolean mayWait() {
        return tally.mayWait(store.beats())
                && (fetches.isEmpty() || !commands.isAnyQueued())
                && commands.size() < MUCH;
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
        if (any != holdsBack) {
            holdsBack = any;
            if (any) {
                store.heldBack();
            }
        }
    }

    /// Whether copies wait here for their time; from any thread.
    boolean holdsBack() {
        return holdsBack;
    }

    /// Hands over all there is, as the shard has ended.
    void finish() {
        writeOlder(0);
        holdBack(false);
        if (tally.holdsAny()) {
            hand();
        }
    }

    private void hand() {
        hand(commands.take(tally.handOver()));
    }

    /// Asks for bodies that are in the store, and leaves what waits where it is: much of what is
    /// sent now has been acknowledged before that is handed over.
    private void ask() {
        hand(Batch.Told.NOTHING);
    }

    private void hand(Batch.Told told) {
        Batch batch = new Batch(this, tally.committed(), told, List.copyOf(fetches));
        fetches.clear();
        store.hand(batch);
    }

    /// All that was handed over, once what is waited for of it is written.
    @Override
    public long durable() {
        return tally.durable(durable.get());
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
        tally.changed();
    }

    @Override
    public boolean defers(@Nullable Durability durability) {
        return tally.of(durability) == Durability.ASYNC;
    }

    @Override
    public void queued(Message message, long session, QoS qos, boolean retain, Via via) {
        queues(message.qos());
        tally.follow();
        commands.queued(message, session, qos, retain, via);
    }

    @Override
    public void queuedAway(Message message, long session, QoS qos, boolean retain, Via via) {
        queues(message.qos());
        commands.queued(message, session, qos, retain, via);
    }

    private void queues(QoS qos) {
        if (qos == QoS.EXACTLY_ONCE) {
            tally.asked();
        } else {
            tally.askedLater();
        }
        change();
    }

    @Override
    public void queuedAtHome(Message message, long session, QoS qos, boolean retain, Via via) {
        if (!tally.isAsync() || qos == QoS.EXACTLY_ONCE) {
            queued(message, session, qos, retain, via);
            return;
        }
        tally.askedLater();
        tally.count();
        while (window.isFull()) {
            write(window.oldest());
        }
        window.put(message, session, qos, retain, via).came(store.beats());
    }

    /// Takes a copy out of the window and writes it down.
    private void write(Window.Pending pending) {
        tally.hold();
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
        tally.count();
        window.remove(pending);
        return true;
    }

    @Override
    public void sent(long message, long session, int packetId) {
        boolean waits = tally.isAsync();
        tally.askedLater();
        Window.Pending pending = window.find(message);
        if (pending != null && waits) {
            pending.sent(packetId, tally.count());
            return;
        }
        if (pending != null) {
            write(pending);
        }
        change();
        commands.sent(Command.SENT, message, session, packetId, tally.changes());
    }

    @Override
    public void pubRec(long message, long session, int packetId) {
        tally.asked();
        change();
        commands.sent(Command.PUBREC, message, session, packetId, tally.changes());
    }

    @Override
    public void completed(long session, int packetId) {
        tally.askedLater();
        change();
        commands.completed(session, packetId);
    }

    @Override
    public void settled(long message, long session, int packetId) {
        tally.askedLater();
        if (endsInWindow(message)) {
            return;
        }
        change();
        commands.settled(message, session, packetId);
    }

    @Override
    public void dropped(long message, long session) {
        tally.askedLater();
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
        tally.asked();
        value.clear();
        SessionRecords.writeBegun(owner, expiryInterval, will, value);
        put(Space.SESSIONS, Keys.tagged(session, SessionRecords.BEGUN));
        delete(Space.SESSIONS, Keys.tagged(session, SessionRecords.LEFT));
        delete(Space.SESSIONS, Keys.tagged(session, SessionRecords.WILL_DONE));
    }

    @Override
    public void closed(long session, long expiresAt, long willAt) {
        tally.asked();
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
        tally.asked();
        forgetWill(session);
    }

    private void forgetWill(long session) {
        value.clear();
        put(Space.SESSIONS, Keys.tagged(session, SessionRecords.WILL_DONE));
    }

    @Override
    public void ended(long session) {
        tally.asked();
        delete(Space.SESSIONS, Keys.tagged(session, SessionRecords.BEGUN));
        delete(Space.SESSIONS, Keys.tagged(session, SessionRecords.LEFT));
        delete(Space.SESSIONS, Keys.tagged(session, SessionRecords.WILL_DONE));
    }

    @Override
    public void subscribed(long session, Grant grant) {
        tally.asked();
        value.clear();
        SessionRecords.writeGrant(grant, value);
        put(Space.GRANTS, Keys.of(session, SessionRecords.filter(grant.filter())));
    }

    @Override
    public void unsubscribed(long session, TopicFilter filter) {
        tally.asked();
        delete(Space.GRANTS, Keys.of(session, SessionRecords.filter(filter)));
    }

    @Override
    public void received(long session, int packetId) {
        tally.asked();
        value.clear();
        put(Space.RECEIVED, Keys.of(session, packetId));
    }

    @Override
    public void released(long session, int packetId) {
        tally.asked();
        delete(Space.RECEIVED, Keys.of(session, packetId));
    }

    @Override
    public void retained(Message message) {
        tally.asked();
        value.clear();
        MessageRecords.writeRetained(message, value);
        put(Space.RETAINED, Keys.of(message.topic()));
    }

    @Override
    public void retainedRemoved(TopicName topic) {
        tally.asked();
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
