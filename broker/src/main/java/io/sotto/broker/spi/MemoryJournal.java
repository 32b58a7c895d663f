package io.sotto.broker.spi;

import io.sotto.mqtt.QoS;
import io.sotto.mqtt.TopicFilter;
import io.sotto.mqtt.TopicName;
import io.sotto.mqtt.Will;
import org.jspecify.annotations.Nullable;

/// The journal of a broker that promises nothing beyond its process: what the shards hold is all
/// there is, so every batch is as durable as it will ever be.
public final class MemoryJournal implements Journal {
    @Override
    public long changes() {
        return 0;
    }

    @Override
    public long batch() {
        return 0;
    }

    @Override
    public void commit() {}

    @Override
    public long durable() {
        return Long.MAX_VALUE;
    }

    @Override
    public void opened(
            String clientId, Principal owner, long expiryInterval, @Nullable Will will) {}

    @Override
    public void closed(String clientId, long expiresAt, @Nullable Will will) {}

    @Override
    public void ended(String clientId) {}

    @Override
    public void subscribed(String clientId, Grant grant) {}

    @Override
    public void unsubscribed(String clientId, TopicFilter filter) {}

    @Override
    public void received(String clientId, int packetId) {}

    @Override
    public void released(String clientId, int packetId) {}

    @Override
    public void queued(Message message, String clientId, QoS qos, boolean retain) {}

    @Override
    public void sent(Message message, String clientId, int packetId) {}

    @Override
    public void pubRec(String clientId, int packetId) {}

    @Override
    public void settled(String clientId, int packetId) {}

    @Override
    public void dropped(Message message, String clientId) {}

    @Override
    public void retained(Message message) {}

    @Override
    public void retainedRemoved(TopicName topic) {}
}
