package io.sotto.server.config;

import static io.sotto.server.config.Quantity.bytes;
import static io.sotto.server.config.Quantity.count;
import static io.sotto.server.config.Quantity.seconds;

import io.sotto.broker.session.QueueLimits.Bound;
import io.sotto.broker.session.QueueLimits.PrefixBound;
import io.sotto.broker.session.QueueLimits.Together;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// The keys of what bounds the queues of several sessions together.
final class QueueKeys {
    private static final long MOST_MESSAGES = 1_000_000_000_000L;
    private static final long MOST_BYTES = 1L << 50;

    private QueueKeys() {}

    static Together together(Settings settings) {
        Bound total = bound(settings, "queue.total.");
        int patience =
                settings.integer(
                        "queue.block-timeout", seconds(1, 86_400), Together.UNBOUNDED.patience());
        List<PrefixBound> prefixes = new ArrayList<>();
        for (Settings item : settings.items("queue.prefixes")) {
            PrefixBound fresh = prefix(item);
            if (prefixes.stream().anyMatch(each -> each.prefix().equals(fresh.prefix()))) {
                item.fault(
                        item.lineOf("prefix"), "prefix", "'" + fresh.prefix() + "' is given twice");
            }
            prefixes.add(fresh);
        }
        prefixes.sort(
                Comparator.comparingInt((PrefixBound each) -> each.prefix().length()).reversed());
        return new Together(total, List.copyOf(prefixes), patience);
    }

    /// One item of the list.
    static PrefixBound prefix(Settings item) {
        PrefixBound read = new PrefixBound(item.textThatMustBe("prefix", "text"), bound(item, ""));
        item.refuseTheRest();
        return read;
    }

    private static Bound bound(Settings settings, String section) {
        Bound fallback = Bound.NONE;
        return new Bound(
                settings.number(
                        section + "messages",
                        count(1, MOST_MESSAGES).or("unlimited", Long.MAX_VALUE),
                        fallback.messages()),
                settings.number(
                        section + "bytes",
                        bytes(1024, MOST_BYTES).or("unlimited", Long.MAX_VALUE),
                        fallback.bytes()),
                settings.choice(section + "overflow", fallback.overflow()));
    }
}
