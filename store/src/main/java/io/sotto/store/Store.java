package io.sotto.store;

import io.sotto.broker.spi.Durability;
import io.sotto.broker.spi.Fetch;
import io.sotto.broker.spi.Journal;
import io.sotto.broker.spi.Journal.Effort;
import io.sotto.broker.spi.Recovery;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// What shards must not forget, on an engine: takes their batches, writes all that wait as one
/// group, and tells each journal how far it is.
///
/// [#hand] is called by the shards, from their threads; [#commit] by one thread of its own (see
/// [Committer]), or step by step by whoever simulates. While a group is on its way to the disk the
/// next one gathers: the slower the disk, the more a sync carries.
public final class Store {
    /// The most that one group carries, in bytes of commands.
    private static final long GROUP = 16 << 20;

    /// So many bytes are written at once, also where nobody waits for them.
    private static final long MUCH = 1 << 20;

    /// So many messages for one session make a page: each takes some bytes of memory, and fewer
    /// would not pay for it.
    private static final int PAGE = 8;

    private final Engine engine;
    private final Durability usual;
    private final Applier applier;
    private final Queue<Batch> handed = new ConcurrentLinkedQueue<>();
    private final Room room = new Room();
    private final Bodies bodies;
    private final List<ShardJournal> journals = new CopyOnWriteArrayList<>();
    private final List<Batch> group = new ArrayList<>();
    private Engine.@Nullable Changes begun;
    private final Attention attention = new Attention();

    private volatile Effort effort = Effort.NONE;

    /// Whether anything was written that might not survive a power cut yet.
    private boolean unsynced;

    /// @param usual when a change counts as durable of which nothing else is said
    public Store(Engine engine, Durability usual) {
        this(engine, usual, PAGE);
    }

    /// @param usual when a change counts as durable of which nothing else is said
    /// @param page so many messages that a group brings for one session are written as one
    public Store(Engine engine, Durability usual, int page) {
        this.engine = engine;
        this.applier = new Applier(engine, page);
        this.bodies = new Bodies(engine, applier);
        this.usual = usual;
    }

    /// The journal of the next shard.
    ///
    /// @param wake makes the shard look how far the journal is; from any thread
    public Journal journal(Runnable wake) {
        ShardJournal journal = new ShardJournal(this, usual, wake);
        journals.add(journal);
        return journal;
    }

    /// Rung from any thread when there is something to do.
    void onHanded(Runnable ring) {
        attention.bell = ring;
    }

    void hand(Batch batch) {
        room.handed(batch.size());
        handed.add(batch);
        if (batch.isUrgent() || room.waiting() > MUCH) {
            attention.isUrgent.set(true);
            attention.bell.run();
        } else {
            heldBack();
        }
    }

    /// Something is to be written in a while.
    void heldBack() {
        if (attention.isResting) {
            attention.bell.run();
        }
    }

    /// Whether there is anything that somebody waits for since this was last asked.
    boolean isUrgent() {
        return attention.isUrgent.getAndSet(false);
    }

    /// Whoever commits rests until the bell rings; or does so no more.
    void resting(boolean rests) {
        attention.isResting = rests;
    }

    /// Whether there is nothing to do, now or in a while.
    boolean isQuiet() {
        return isIdle() && !unsynced;
    }

    /// How often [#beat] was called.
    int beats() {
        return attention.beats.get();
    }

    /// A while is over (see [Committer#BEAT]): what waited for that is to be handed over.
    public void beat() {
        attention.beats.incrementAndGet();
        for (ShardJournal journal : journals) {
            if (journal.holdsBack()) {
                journal.wake();
            }
        }
    }

    /// Has all handed over that shards hold back; they do not run any more.
    void finish() {
        journals.forEach(ShardJournal::finish);
    }

    /// What passes between the shards and whoever commits.
    private static final class Attention {
        private volatile Runnable bell = () -> {};
        private volatile boolean isResting;
        private final AtomicBoolean isUrgent = new AtomicBoolean();
        private final AtomicInteger beats = new AtomicInteger();
    }

    /// From any thread; told once a group.
    Effort effort() {
        return effort;
    }

    Journal.Condition condition() {
        return room.condition();
    }

    /// Whether nothing waits to be committed, now or in a while.
    public boolean isIdle() {
        return isWritten() && journals.stream().noneMatch(ShardJournal::holdsBack);
    }

    /// Whether all that was handed over is written.
    boolean isWritten() {
        return handed.isEmpty() && group.isEmpty();
    }

    /// Writes what waits as one group; what was begun and failed for want of room comes first and
    /// as it was.
    ///
    /// @throws StoreException when it was not written; of [StoreException.Kind#FULL] it may be
    ///   called again after [#makeRoom]
    public void commit() throws StoreException {
        Engine.Changes changes = begun;
        if (changes == null) {
            gather();
            if (group.isEmpty()) {
                return;
            }
            changes = engine.begin();
            applier.apply(group, changes);
            begun = changes;
        }
        if (changes.count() > 0) {
            boolean strict = isStrict();
            engine.write(changes, strict);
            unsynced = !strict;
            effort = new Effort(effort.bytes() + changes.size(), effort.syncs() + (strict ? 1 : 0));
        }
        begun = null;
        done();
    }

    /// One that asks for it is enough: a sync makes all durable.
    private boolean isStrict() {
        for (Batch batch : group) {
            if (batch.isStrict()) {
                return true;
            }
        }
        return false;
    }

    /// Whether anything was written that might not survive a power cut yet; asked by who commits.
    boolean isUnsynced() {
        return unsynced;
    }

    private void gather() {
        long bytes = 0;
        for (Batch next = handed.peek(); next != null && bytes < GROUP; next = handed.peek()) {
            group.add(handed.remove());
            bytes += next.size();
        }
    }

    private void done() {
        long bytes = 0;
        for (Batch batch : group) {
            bytes += batch.size();
            batch.journal().reached(batch);
            for (Fetch fetch : batch.fetches()) {
                fetch.found(bodies.of(fetch));
                batch.journal().found(fetch);
            }
        }
        room.written(bytes);
        for (ShardJournal journal : journals) {
            if (group.stream().anyMatch(batch -> batch.journal() == journal)) {
                journal.wake();
            }
        }
        group.clear();
    }

    /// A group waits for room, or does so no more.
    public void full(boolean isFull) {
        room.full(isFull);
    }

    /// There is little room left, or enough again.
    void low(boolean isLow) {
        room.low(isLow);
    }

    /// Lets the engine go on after there was no room.
    public void makeRoom() throws StoreException {
        engine.recover();
    }

    /// Waits until all that was committed survives a power cut.
    public void sync() throws StoreException {
        engine.sync();
        unsynced = false;
        effort = new Effort(effort.bytes(), effort.syncs() + 1);
    }

    /// What was kept, for a broker that begins. To be told once, before any shard turns.
    public Recovery recovery() {
        return listener -> new Reader(engine, new MessageRecords(), this::found).tell(listener);
    }

    /// Takes note of what the last run left.
    private void found(Reader.Found found) {
        found.owed().forEach(applier::found);
        found.pages().forEach(applier::found);
        for (ShardJournal journal : journals) {
            journal.above(found.highestOrder());
        }
    }
}
