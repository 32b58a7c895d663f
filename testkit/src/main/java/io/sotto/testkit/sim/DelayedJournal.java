package io.sotto.testkit.sim;

import io.sotto.broker.spi.Journal;
import io.sotto.broker.spi.Message;
import io.sotto.broker.spi.Principal;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.TopicFilter;
import io.sotto.mqtt.TopicName;
import io.sotto.mqtt.Will;
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
    public void opened(String clientId, Principal owner, long expiryInterval, @Nullable Will will) {
        change();
        world.opened(shard, clientId, committed + 1);
    }

    @Override
    public void closed(String clientId, long expiresAt, @Nullable Will will) {
        change();
    }

    @Override
    public void ended(String clientId) {
        change();
    }

    @Override
    public void subscribed(String clientId, Grant grant) {
        change();
    }

    @Override
    public void unsubscribed(String clientId, TopicFilter filter) {
        change();
    }

    @Override
    public void received(String clientId, int packetId) {
        change();
    }

    @Override
    public void released(String clientId, int packetId) {
        change();
    }

    @Override
    public void queued(Message message, String clientId, QoS qos, boolean retain) {
        change();
    }

    @Override
    public void sent(Message message, String clientId, int packetId) {
        change();
    }

    @Override
    public void pubRec(String clientId, int packetId) {
        change();
    }

    @Override
    public void settled(String clientId, int packetId) {
        change();
    }

    @Override
    public void dropped(Message message, String clientId) {
        change();
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
