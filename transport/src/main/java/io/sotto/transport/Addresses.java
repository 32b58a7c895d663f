package io.sotto.transport;

import io.sotto.broker.Pace;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// How many connections come from each address, and how fast. From any loop.
///
/// Remembers an address while it has a connection, or had more of them lately than would be
/// forgotten; and nothing at all when neither is bounded.
final class Addresses {
    private static final int SECOND = 1_000;

    private final int most;
    private final int perSecond;
    private final Map<String, Source> sources = new ConcurrentHashMap<>();

    /// @param most how many connections there may be from one address, 0 for no bound
    /// @param perSecond how many may come from one address in a second, 0 for no bound
    Addresses(int most, int perSecond) {
        this.most = most;
        this.perSecond = perSecond;
    }

    /// One address; touched within a step of the map only.
    private final class Source {
        private final @Nullable Pace pace = perSecond == 0 ? null : new Pace(perSecond, SECOND);
        private int open;

        @Nullable String admit(long now) {
            if (most > 0 && open >= most) {
                return "limits.connections-per-address";
            }
            if (pace != null && !pace.admits(now)) {
                return "limits.connect-rate-per-address";
            }
            open++;
            return null;
        }

        boolean isForgotten(long now) {
            return open == 0 && (pace == null || pace.isRested(now));
        }
    }

    /// Takes note of a connection.
    ///
    /// @return the setting that does not admit it, or null
    @Nullable String admit(String address, long now) {
        if (most == 0 && perSecond == 0) {
            return null;
        }
        AtomicReference<@Nullable String> refusal = new AtomicReference<>();
        sources.compute(
                address,
                (key, known) -> {
                    Source source = known == null ? new Source() : known;
                    refusal.set(source.admit(now));
                    return source;
                });
        return refusal.get();
    }

    /// A connection that was admitted has ended.
    void left(String address, long now) {
        sources.computeIfPresent(
                address,
                (key, source) -> {
                    source.open--;
                    return source.isForgotten(now) ? null : source;
                });
    }

    /// Forgets who has no connection and has been quiet.
    void sweep(long now) {
        for (String address : sources.keySet()) {
            sources.computeIfPresent(
                    address, (key, source) -> source.isForgotten(now) ? null : source);
        }
    }

    /// How many addresses are remembered.
    int size() {
        return sources.size();
    }
}
