package io.sotto.broker;

import io.sotto.broker.routing.SubscriptionIndex;
import io.sotto.broker.session.Ledger;
import io.sotto.broker.session.Pools;
import io.sotto.broker.spi.Ports;
import io.sotto.broker.spi.Recovery;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;
import java.util.function.ToIntFunction;

/// The broker core: shards, each of which owns the sessions whose client ids hash to it, and the
/// two trees that all of them read.
public final class Broker {
    private final BrokerSettings settings;
    private final Ports ports;
    private final SubscriptionIndex subscriptions;
    private final RetainedMessages retained;
    private final SysTopics sysTopics;
    private final Totals totals;
    private final Rates rates;
    private final Pools pools;
    private final int shardCount;
    private final List<Shard> shards = new ArrayList<>();

    /// @param shardCount at least 1; one per event loop
    /// @param wakes by the index of a shard: makes its loop call [Shard#drain] soon, from any
    ///   thread
    /// @param now the present, in milliseconds of the clock that all later times are of: that of
    ///   the Unix epoch at the start, and monotonic from then on
    public Broker(
            BrokerSettings settings,
            Ports ports,
            int shardCount,
            IntFunction<Runnable> wakes,
            long now) {
        int seed = (int) ports.entropy().next();
        this.settings = settings;
        this.ports = ports;
        this.shardCount = shardCount;
        this.subscriptions = new SubscriptionIndex(seed, shardCount);
        this.retained =
                new RetainedMessages(
                        seed,
                        shardCount,
                        settings.capabilities().retainedMessages(),
                        settings.quotas().retainedBytes());
        this.rates = new Rates(settings.quotas());
        this.pools = new Pools(shardCount);
        for (int i = 0; i < shardCount; i++) {
            int index = i;
            Mailbox mailbox = new Mailbox(wakes.apply(i), () -> tellOfRoom(index));
            shards.add(new Shard(this, i, mailbox, now));
        }
        this.sysTopics = new SysTopics(this, shards.getFirst(), now);
        this.totals = new Totals(this, shards.getFirst(), sysTopics::own);
        if (settings.sysInterval() > 0) {
            sysTopics.start(now);
        }
        totals.start(now);
    }

    /// Has all shards but one look whether they may go on.
    private void tellOfRoom(int roomy) {
        for (Shard shard : shards) {
            if (shard.index() != roomy) {
                shard.post(now -> {});
            }
        }
    }

    /// Publishes one more figure about the broker below `$SYS/broker/`, such as one of the
    /// transport. From any thread.
    ///
    /// @param figure asked on a loop, so that it must not wait; `Long.MAX_VALUE` where there is
    ///   none
    public void figure(String name, LongSupplier figure) {
        shards.getFirst().execute(() -> sysTopics.add(name, figure));
    }

    /// Takes back what was kept when the broker ended last; to be called once, before any shard
    /// turns.
    public void restore(Recovery recovery, long now) {
        Restoration restoration = new Restoration(this, now);
        recovery.tell(restoration);
        restoration.finish();
    }

    /// Keeps what was counted, once the shards are shut down; from any thread.
    ///
    /// @param kept run on a loop as soon as it is told
    public void conclude(Runnable kept) {
        shards.getFirst()
                .execute(() -> {
                    totals.keep();
                    kept.run();
                });
    }

    Totals totals() {
        return totals;
    }

    /// The settings that it began with; each shard knows those that hold now.
    public BrokerSettings settings() {
        return settings;
    }

    Ports ports() {
        return ports;
    }

    SubscriptionIndex subscriptions() {
        return subscriptions;
    }

    RetainedMessages retained() {
        return retained;
    }

    Rates rates() {
        return rates;
    }

    /// What waits in queues of several sessions together.
    Pools pools() {
        return pools;
    }

    /// Whether there is room for one more session; roughly, since all shards begin them.
    boolean hasRoomForSession(int most) {
        return sum(Shard::sessionCount) < most;
    }

    /// Whether there is room for one more subscription; roughly, since all shards make them.
    boolean hasRoomForSubscription(int most) {
        return sum(shard -> shard.sessions().subscriptions()) < most;
    }

    private long sum(ToIntFunction<Shard> figure) {
        long sum = 0;
        for (Shard shard : shards) {
            sum += figure.applyAsInt(shard);
        }
        return sum;
    }

    /// All shards, by index.
    public List<Shard> shards() {
        return List.copyOf(shards);
    }

    Shard shard(int index) {
        return shards.get(index);
    }

    int shardCount() {
        return shardCount;
    }

    /// The home shard of a client id.
    int home(String clientId) {
        int hash = clientId.hashCode() * 0x9E37_79B9;
        return Math.floorMod(hash ^ hash >>> 16, shardCount);
    }

    /// The number of retained messages.
    public int retainedCount() {
        return retained.count();
    }

    /// Whether all copies of all shards are accounted for.
    public boolean balances() {
        return shards.stream().map(Shard::ledger).allMatch(Ledger::balances);
    }
}
