package io.sotto.broker;

import io.sotto.broker.session.Ledger;
import io.sotto.broker.spi.DropReason;
import io.sotto.broker.spi.Durability;
import io.sotto.broker.spi.Journal;
import io.sotto.broker.time.Timer;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;

/// The books of all runs of a broker: what this one has counted, on top of what was kept of those
/// before. Kept every ten seconds where anything was counted, and as the broker ends.
final class Totals extends Timer {
    private static final int EVERY = 10_000;

    private final Broker broker;
    private final Shard shard;

    /// How many of the messages that were taken over are the broker's own.
    private final LongSupplier own;

    private Map<String, Long> earlier = Map.of();
    private Map<String, Long> kept = Map.of();

    /// @param shard on whose loop it works
    Totals(Broker broker, Shard shard, LongSupplier own) {
        this.broker = broker;
        this.shard = shard;
        this.own = own;
    }

    /// Goes on with what earlier runs counted; to be called before any shard turns.
    void restore(Map<String, Long> totals) {
        earlier = Map.copyOf(totals);
        kept = earlier;
    }

    void start(long now) {
        shard.wheel().set(this, now + EVERY);
    }

    @Override
    protected void expired(long now) {
        keep();
        shard.wheel().set(this, now + EVERY);
    }

    /// Keeps what was counted so far, on the loop; not while the disk is full, where it would have
    /// those wait who come.
    void keep() {
        Journal journal = shard.context().journal();
        Map<String, Long> totals = counted();
        if (!totals.equals(kept) && journal.condition() != Journal.Condition.FULL) {
            kept = totals;
            journal.keeping(Durability.ASYNC);
            journal.totals(totals);
        }
    }

    /// What was counted in all runs, by name.
    SortedMap<String, Long> counted() {
        SortedMap<String, Long> totals = new TreeMap<>(earlier);
        add(totals, "received", books(Ledger::messages) - own.getAsLong());
        add(totals, "refused", books(Ledger::refusals));
        add(totals, "sent", books(ledger -> ledger.deliveries() + ledger.acknowledgements()));
        for (DropReason reason : DropReason.values()) {
            String name = reason.name().toLowerCase(Locale.ROOT).replace('_', '-');
            add(totals, "dropped/" + name, books(ledger -> ledger.drops(reason)));
        }
        return totals;
    }

    private static void add(Map<String, Long> totals, String name, long count) {
        totals.merge(name, count, Long::sum);
    }

    private long books(ToLongFunction<Ledger> figure) {
        return broker.shards().stream().map(Shard::ledger).mapToLong(figure).sum();
    }
}
