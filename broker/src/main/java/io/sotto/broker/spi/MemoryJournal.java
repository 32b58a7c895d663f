package io.sotto.broker.spi;

import io.sotto.mqtt.QoS;
import io.sotto.mqtt.TopicFilter;
import io.sotto.mqtt.TopicName;
import io.sotto.mqtt.Will;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The journal of a broker that promises nothing beyond its process: what the shards hold is all
/// there is, so every batch is as durable as it will ever be.
public class MemoryJournal implements Journal {
    @Override
    public long changes() {
        return 0;
    }

    @Override
    public long batch() {
        return 0;
    }

    @Override
    public void barrier() {}

    @Override
    public void totals(Map<String, Long> totals) {}

    @Override
    public void commit() {}

    @Override
    public long durable() {
        return Long.MAX_VALUE;
    }

    @Override
    public @Nullable Fetch nextFound() {
        return null;
    }

    @Override
    public Effort effort() {
        return Effort.NONE;
    }

    @Override
    public void announce() {}

    @Override
    public void keeping(@Nullable Durability durability) {}

    @Override
    public boolean isStoring() {
        return false;
    }

    @Override
    public Condition condition() {
        return Condition.READY;
    }

    @Override
    public void opened(long session, Owner owner, long expiryInterval, @Nullable Will will) {}

    @Override
    public void closed(long session, long expiresAt, long willAt) {}

    @Override
    public void willDone(long session) {}

    @Override
    public void ended(long session) {}

    @Override
    public void subscribed(long session, Grant grant) {}

    @Override
    public void unsubscribed(long session, TopicFilter filter) {}

    @Override
    public void received(long session, int packetId) {}

    @Override
    public void released(long session, int packetId) {}

    @Override
    public boolean defers(@Nullable Durability durability) {
        return false;
    }

    @Override
    public void queued(Message message, long session, QoS qos, boolean retain, Via via) {}

    @Override
    public void queuedAtHome(Message message, long session, QoS qos, boolean retain, Via via) {}

    @Override
    public void sent(long message, long session, int packetId) {}

    @Override
    public void pubRec(long message, long session, int packetId) {}

    @Override
    public void completed(long session, int packetId) {}

    @Override
    public void settled(long message, long session, int packetId) {}

    @Override
    public void dropped(long message, long session) {}

    @Override
    public void fetch(Fetch fetch) {
        throw new IllegalStateException("nothing is stored here");
    }

    @Override
    public void retained(Message message) {}

    @Override
    public void retainedRemoved(TopicName topic) {}
}
