package io.sotto.testkit.sim;

import io.sotto.broker.spi.Durability;
import io.sotto.broker.spi.Fetch;
import io.sotto.broker.spi.Journal;
import io.sotto.broker.spi.Message;
import io.sotto.broker.spi.Via;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.TopicFilter;
import io.sotto.mqtt.TopicName;
import io.sotto.mqtt.Will;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A journal whose batches become durable when [#progress] says so, later than they were committed.
final class DelayedJournal implements Journal {
    private final int shard;
    private final World world;
    private long committed;
    private long durable;
    private boolean holdsAny;
    private long changes;

    DelayedJournal(int shard, World world) {
        this.shard = shard;
        this.world = world;
    }

    @Override
    public long changes() {
        return changes;
    }

    @Override
    public long batch() {
        return holdsAny ? committed + 1 : committed;
    }

    @Override
    public void commit() {
        if (holdsAny) {
            committed++;
            holdsAny = false;
        }
    }

    @Override
    public long durable() {
        return durable;
    }

    /// Whether committed batches are still on their way.
    boolean isBehind() {
        return durable < committed;
    }

    /// How many batches are on their way.
    int behind() {
        return (int) (committed - durable);
    }

    /// Some batches reach the disk.
    void progress(int batches) {
        durable += batches;
    }

    private void change() {
        holdsAny = true;
        changes++;
        world.changed(shard, committed + 1);
    }

    @Override
    public Effort effort() {
        return Effort.NONE;
    }

    @Override
    public void announce() {
        change();
    }

    @Override
    public void totals(Map<String, Long> totals) {
        change();
    }

    @Override
    public void barrier() {
        holdsAny = true;
    }

    @Override
    public @Nullable Fetch nextFound() {
        return null;
    }

    @Override
    public void keeping(@Nullable Durability durability) {}

    @Override
    public boolean defers(@Nullable Durability durability) {
        return false;
    }

    @Override
    public boolean isStoring() {
        return false;
    }

    @Override
    public Condition condition() {
        return Condition.READY;
    }

    @Override
    public void opened(long session, Owner owner, long expiryInterval, @Nullable Will will) {
        change();
        world.opened(shard, owner.clientId(), committed + 1);
    }

    @Override
    public void closed(long session, long expiresAt, long willAt) {
        change();
    }

    @Override
    public void willDone(long session) {
        change();
    }

    @Override
    public void ended(long session) {
        change();
    }

    @Override
    public void subscribed(long session, Grant grant) {
        change();
    }

    @Override
    public void unsubscribed(long session, TopicFilter filter) {
        change();
    }

    @Override
    public void received(long session, int packetId) {
        change();
    }

    @Override
    public void released(long session, int packetId) {
        change();
    }

    @Override
    public void queued(Message message, long session, QoS qos, boolean retain, Via via) {
        change();
    }

    @Override
    public void queuedAtHome(Message message, long session, QoS qos, boolean retain, Via via) {
        change();
    }

    @Override
    public void sent(long message, long session, int packetId) {
        change();
    }

    @Override
    public void pubRec(long message, long session, int packetId) {
        change();
    }

    @Override
    public void completed(long session, int packetId) {
        change();
    }

    @Override
    public void settled(long message, long session, int packetId) {
        change();
    }

    /// Nothing that anybody was promised: it may be for a message of QoS 0 that came before the
    /// packet that is handled, and is handed out now.
    @Override
    public void dropped(long message, long session) {
        holdsAny = true;
        changes++;
    }

    @Override
    public void fetch(Fetch fetch) {
        throw new IllegalStateException("nothing is stored here");
    }

    @Override
    public void retained(Message message) {
        change();
    }

    @Override
    public void retainedRemoved(TopicName topic) {
        change();
    }
}
