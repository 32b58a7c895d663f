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
import java.nio.ByteBuffer;
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
/// Called by the shard alone, but for [#reached] and [#found], by which the store answers.
final class ShardJournal implements Journal {
    private static final int SMALL = 4096;

    private final Store store;
    private final Runnable wake;
    private final Bytes commands = new Bytes(SMALL);
    private final Bytes copies = new Bytes(256);
    private final Bytes value = new Bytes(256);
    private final List<Fetch> fetches = new ArrayList<>(0);
    private final Queue<Fetch> found = new ConcurrentLinkedQueue<>();
    private final AtomicLong durable = new AtomicLong();
    private final Tally tally = new Tally();
    private final Durability usual;
    private Durability next;
    private @Nullable Message open;

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

    /// A change is told of: its batch is synced if any of it is to be.
    private void asked() {
        tally.isStrict |= next == Durability.SYNC;
        next = usual;
    }

    /// What was counted so far.
    private static final class Tally {
        private long changes;
        private long committed;
        private boolean holdsAny;
        private boolean isStrict;
        private int copies;
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
        return tally.holdsAny ? tally.committed + 1 : tally.committed;
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
        asked();
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
        if (!tally.holdsAny) {
            return;
        }
        close();
        tally.committed++;
        tally.holdsAny = false;
        Batch batch =
                new Batch(
                        this,
                        tally.committed,
                        tally.isStrict,
                        commands.copy(),
                        List.copyOf(fetches));
        tally.isStrict = false;
        commands.shrink(SMALL);
        fetches.clear();
        store.hand(batch);
    }

    @Override
    public long durable() {
        return durable.get();
    }

    /// A batch is durable; the shard is still to be woken.
    void reached(long batch) {
        durable.set(batch);
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

    /// Ends what is open and begins a command.
    private void begin(byte command) {
        if (open != null) {
            close();
        }
        tally.holdsAny = true;
        tally.changes++;
        commands.one(command);
    }

    @Override
    public void queued(Message message, long session, QoS qos, boolean retain, Via via) {
        asked();
        if (open == null || open.id() != message.id()) {
            close();
            open = message;
        }
        tally.holdsAny = true;
        tally.changes++;
        tally.copies++;
        value.clear();
        MessageRecords.writeCopy(qos, retain, via, value);
        copies.eight(session);
        copies.four(value.size());
        copies.put(value.array(), 0, value.size());
    }

    /// Writes down the message whose copies were told of, once.
    private void close() {
        Message message = open;
        if (message == null) {
            return;
        }
        open = null;
        commands.one(Command.QUEUED);
        commands.eight(message.id());
        commands.four(tally.copies);
        commands.four(copies.size());
        commands.put(copies.array(), 0, copies.size());
        int lengthAt = commands.size();
        commands.four(0);
        MessageRecords.writeBody(message, commands);
        commands.four(lengthAt, commands.size() - lengthAt - Integer.BYTES);
        copies.clear();
        tally.copies = 0;
    }

    @Override
    public void sent(long message, long session, int packetId) {
        asked();
        begin(Command.SENT);
        commands.eight(message);
        commands.eight(session);
        commands.two(packetId);
        commands.eight(tally.changes);
    }

    @Override
    public void pubRec(long message, long session, int packetId) {
        asked();
        begin(Command.PUBREC);
        commands.eight(message);
        commands.eight(session);
        commands.two(packetId);
        commands.eight(tally.changes);
    }

    @Override
    public void completed(long session, int packetId) {
        asked();
        begin(Command.COMPLETED);
        commands.eight(session);
        commands.two(packetId);
    }

    @Override
    public void settled(long message, long session, int packetId) {
        asked();
        begin(Command.SETTLED);
        commands.eight(message);
        commands.eight(session);
        commands.two(packetId);
    }

    @Override
    public void dropped(long message, long session) {
        asked();
        begin(Command.DROPPED);
        commands.eight(message);
        commands.eight(session);
    }

    @Override
    public void fetch(Fetch fetch) {
        tally.holdsAny = true;
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
        put(Space.RETAINED, key(message.topic()));
    }

    @Override
    public void retainedRemoved(TopicName topic) {
        asked();
        delete(Space.RETAINED, key(topic));
    }

    private static byte[] key(TopicName topic) {
        ByteBuffer key = ByteBuffer.allocate(topic.size());
        topic.writeTo(key);
        return key.array();
    }

    /// Puts what stands in the scratch buffer.
    private void put(Space space, byte[] key) {
        begin(Command.PUT);
        commands.one(space.id());
        commands.four(key.length);
        commands.put(key, 0, key.length);
        commands.four(value.size());
        commands.put(value.array(), 0, value.size());
    }

    private void delete(Space space, byte[] key) {
        begin(Command.DELETE);
        commands.one(space.id());
        commands.four(key.length);
        commands.put(key, 0, key.length);
    }
}
