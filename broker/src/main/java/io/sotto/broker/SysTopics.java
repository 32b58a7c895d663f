package io.sotto.broker;

import io.sotto.broker.session.Ledger;
import io.sotto.broker.spi.Message;
import io.sotto.broker.time.Timer;
import io.sotto.mqtt.Payload;
import io.sotto.mqtt.PublishProperties;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.TopicName;
import java.util.HashMap;
import java.util.Map;
import java.util.function.ToLongFunction;

/// The broker's own figures below `$SYS/broker`, under their customary names: retained messages
/// that are published again when they have changed.
final class SysTopics extends Timer {
    private final Broker broker;
    private final Shard shard;
    private final long startedAt;
    private final Map<TopicName, String> published = new HashMap<>();

    SysTopics(Broker broker, Shard shard, long now) {
        this.broker = broker;
        this.shard = shard;
        this.startedAt = now;
    }

    void start(long now) {
        shard.wheel().set(this, now);
    }

    @Override
    protected void expired(long now) {
        publish("version", "sotto", now);
        publish("uptime", (now - startedAt) / 1000 + " seconds", now);
        long connected = sum(Shard::connectedCount);
        long total = sum(Shard::sessionCount);
        publish("clients/connected", connected, now);
        publish("clients/disconnected", total - connected, now);
        publish("clients/total", total, now);
        publish("clients/maximum", sum(each -> each.sessions().maximumConnected()), now);
        publish("subscriptions/count", sum(each -> each.sessions().subscriptions()), now);
        publish("retained messages/count", broker.retainedCount(), now);
        publish("store/messages/count", books(Ledger::queuedNow) + broker.retainedCount(), now);
        publish("publish/messages/received", books(Ledger::messages), now);
        publish(
                "publish/messages/sent",
                books(ledger -> ledger.deliveries() + ledger.acknowledgements()),
                now);
        publish("publish/messages/dropped", books(Ledger::drops), now);
        publish("publish/bytes/received", books(Ledger::bytesIn), now);
        publish("publish/bytes/sent", books(Ledger::bytesOut), now);
        shard.wheel().set(this, now + broker.settings().sysInterval() * 1000L);
    }

    private long books(ToLongFunction<Ledger> figure) {
        return sum(each -> figure.applyAsLong(each.ledger()));
    }

    private long sum(ToLongFunction<Shard> figure) {
        return broker.shards().stream().mapToLong(figure).sum();
    }

    private void publish(String name, long figure, long now) {
        publish(name, Long.toString(figure), now);
    }

    private void publish(String name, String value, long now) {
        TopicName topic = TopicName.of("$SYS/broker/" + name);
        if (!value.equals(published.put(topic, value))) {
            shard.publish(
                    new Message(
                            shard.nextMessageId(),
                            topic,
                            Payload.of(value),
                            QoS.AT_MOST_ONCE,
                            true,
                            PublishProperties.NONE,
                            "",
                            now),
                    now);
        }
    }
}
