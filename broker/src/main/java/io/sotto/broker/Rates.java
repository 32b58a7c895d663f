package io.sotto.broker;

import io.sotto.broker.BrokerSettings.Quotas;
import io.sotto.broker.spi.Link;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// How fast addresses and clients may come and send, where that is bounded; all shards ask.
///
/// Bounded itself: beyond [#KEPT] addresses or clients those are forgotten that are at rest, and if
/// that is not enough, all.
final class Rates {
    static final int KEPT = 64 * 1024;

    private static final int SECOND = 1_000;
    private static final int MINUTE = 60_000;

    private final Quotas quotas;
    private final Map<String, Pace> addresses = new ConcurrentHashMap<>();
    private final Map<String, Pace> clients = new ConcurrentHashMap<>();

    Rates(Quotas quotas) {
        this.quotas = quotas;
    }

    /// What slows a connection, or null when nothing does.
    @Nullable Throttle throttle(Link link, long now) {
        List<Pace> paces = new ArrayList<>(0);
        if (quotas.messagesPerClient() > 0) {
            paces.add(new Pace(quotas.messagesPerClient(), SECOND));
        }
        int perAddress = quotas.messagesPerAddress();
        if (perAddress > 0) {
            forget(addresses, now);
            paces.add(
                    addresses.computeIfAbsent(
                            link.origin().address(), absent -> new Pace(perAddress, SECOND)));
        }
        return paces.isEmpty() ? null : new Throttle(link, paces);
    }

    /// Whether a client id may log in now; whoever asks has proven to be it.
    boolean admits(String clientId, long now) {
        int perMinute = quotas.connectsPerClient();
        if (perMinute == 0) {
            return true;
        }
        forget(clients, now);
        return clients.computeIfAbsent(clientId, absent -> new Pace(perMinute, MINUTE)).admits(now);
    }

    /// How many addresses and clients are remembered.
    int remembered() {
        return addresses.size() + clients.size();
    }

    private static void forget(Map<String, Pace> paces, long now) {
        if (paces.size() >= KEPT) {
            paces.values().removeIf(pace -> pace.isRested(now));
            if (paces.size() >= KEPT) {
                paces.clear();
            }
        }
    }
}
