package io.sotto.broker;

import io.sotto.broker.session.Ledger;
import io.sotto.broker.session.Traffic;
import io.sotto.broker.spi.Journal;
import io.sotto.broker.spi.Message;
import io.sotto.broker.time.Timer;
import io.sotto.mqtt.Payload;
import io.sotto.mqtt.PublishProperties;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.TopicName;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;

/// The broker's own figures below `$SYS/broker`, under their customary names: retained messages
/// that are published again when they have changed. `docs/sys-topics.md` says what each means.
final class SysTopics extends Timer {
    private final Broker broker;
    private final Shard shard;
    private final Map<String, LongSupplier> more = new LinkedHashMap<>();
    private final long startedAt;
    private final Map<TopicName, String> published = new HashMap<>();
    private final Map<String, LoadAverage> loads = new HashMap<>();
    private long last;
    private long own;
    private long ownBytes;

    SysTopics(Broker broker, Shard shard, long now) {
        this.broker = broker;
        this.shard = shard;
        this.startedAt = now;
        this.last = now;
    }

    /// One more figure is published from now on.
    void add(String name, LongSupplier figure) {
        more.put(name, figure);
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
        publish("clients/active", connected, now);
        publish("clients/inactive", total - connected, now);
        publish("clients/total", total, now);
        publish("clients/maximum", sum(each -> each.sessions().maximumConnected()), now);
        publish("subscriptions/count", sum(each -> each.sessions().subscriptions()), now);
        publish("retained messages/count", broker.retainedCount(), now);
        long stored = books(Ledger::queuedNow) + broker.retainedCount();
        publish("store/messages/count", stored, now);
        publish("messages/stored", stored, now);
        Journal.Effort effort = shard.context().journal().effort();
        publish("store/bytes/written", effort.bytes(), now);
        publish("store/syncs", effort.syncs(), now);
        publish("publish/bytes/received", books(Ledger::bytesIn) - ownBytes, now);
        publish("publish/bytes/sent", books(Ledger::bytesOut), now);
        publish("faults", books(Ledger::faults), now);
        publishRates(now);
        broker.totals().counted().forEach((name, count) -> publish("totals/" + name, count, now));
        more.forEach((name, figure) -> {
            long value = figure.getAsLong();
            if (value != Long.MAX_VALUE) {
                publish(name, value, now);
            }
        });
        last = now;
        shard.wheel().set(this, now + broker.settings().sysInterval() * 1000L);
    }

    /// How many messages it has published.
    long own() {
        return own;
    }

    /// The totals that are also averaged as a load.
    private void publishRates(long now) {
        long sent = books(ledger -> ledger.deliveries() + ledger.acknowledgements());
        load("sockets", traffic(Traffic::sockets), now);
        load("connections", traffic(Traffic::logins), now);
        publish(
                "messages/received",
                load("messages/received", traffic(Traffic::packetsIn), now),
                now);
        publish("messages/sent", load("messages/sent", traffic(Traffic::packetsOut), now), now);
        publish("bytes/received", load("bytes/received", traffic(Traffic::bytesIn), now), now);
        publish("bytes/sent", load("bytes/sent", traffic(Traffic::bytesOut), now), now);
        publish(
                "publish/messages/received",
                load("publish/received", books(Ledger::messages) - own, now),
                now);
        publish("publish/messages/sent", load("publish/sent", sent, now), now);
        publish(
                "publish/messages/dropped",
                load("publish/dropped", books(Ledger::drops), now),
                now);
    }

    /// Publishes the averages of what was counted so far, and returns that.
    private long load(String name, long total, long now) {
        LoadAverage load = loads.computeIfAbsent(name, absent -> new LoadAverage());
        if (now > last) {
            load.update(total, (now - last) / 1000.0);
        }
        for (int span = 0; span < LoadAverage.SPANS.length; span++) {
            String mean = String.format(Locale.ROOT, "%.2f", load.mean(span));
            publish("load/" + name + "/" + LoadAverage.SPANS[span] + "min", mean, now);
        }
        return total;
    }

    private long traffic(ToLongFunction<Traffic> figure) {
        return books(ledger -> figure.applyAsLong(ledger.traffic()));
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
            Message message =
                    new Message(
                            shard.nextMessageId(now),
                            topic,
                            Payload.of(value),
                            QoS.AT_MOST_ONCE,
                            true,
                            PublishProperties.NONE,
                            "",
                            now,
                            null,
                            null);
            own++;
            ownBytes += message.weight();
            shard.publish(message, now);
        }
    }
}
