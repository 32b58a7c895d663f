package io.sotto.testkit.sim;

import io.sotto.mqtt.QoS;
import io.sotto.mqtt.Subscribe;
import io.sotto.mqtt.Will;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A session as the standard has it.
final class ModelSession {
    private final String clientId;
    private final int home;
    private final Map<String, Held> held = new LinkedHashMap<>();
    private final Map<String, Long> former = new HashMap<>();
    private final Map<Integer, Expected> received = new HashMap<>();
    private final Sending sending = new Sending();
    private @Nullable ModelConnection connection;
    private @Nullable OwedWill will;
    private long expiry;
    private long expiresAt = Long.MAX_VALUE;
    private long absentSince = Long.MAX_VALUE;
    private boolean gaveBack;

    ModelSession(String clientId, int home) {
        this.clientId = clientId;
        this.home = home;
    }

    /// A subscription that it holds.
    ///
    /// @param since when it was made, among all events
    record Held(Subscribe.Request request, int identifier, long since) {
        QoS qos() {
            return request.qos();
        }
    }

    /// A will that is owed.
    ///
    /// @param link the connection that left it
    /// @param due when it is to be published unless the client comes back
    /// @param atOnce whether nothing can stop it any more
    record OwedWill(Will will, int link, long due, boolean atOnce) {}

    /// What is under way to the client.
    static final class Sending {
        private final List<OwedRetained> retained = new ArrayList<>();
        private final Map<Integer, Copy> inflight = new LinkedHashMap<>();
        private final Map<String, Long> latest = new HashMap<>();
        private final Set<Integer> abandoned = new HashSet<>();

        /// Retained messages of its subscriptions, also those that came and those forgotten.
        List<OwedRetained> retained() {
            return retained;
        }

        /// Retained messages that are still to come.
        List<OwedRetained> due() {
            return retained.stream().filter(OwedRetained::isDue).toList();
        }

        /// Packet identifiers of messages that the client got once and that are now too large for
        /// it: it may keep them as unfinished for ever.
        Set<Integer> abandoned() {
            return abandoned;
        }

        /// By packet identifier.
        Map<Integer, Copy> inflight() {
            return inflight;
        }

        /// The latest message of each row that has to keep its order.
        Map<String, Long> latest() {
            return latest;
        }
    }

    String clientId() {
        return clientId;
    }

    int home() {
        return home;
    }

    Map<String, Held> held() {
        return held;
    }

    /// When subscriptions ended that were held once.
    Map<String, Long> former() {
        return former;
    }

    /// Whether it held a shared subscription when a message came.
    ///
    /// @param later whether it is enough that it held one later
    boolean wasMember(String share, long message, boolean later) {
        Held now = held.get(share);
        return later
                ? now != null || former.getOrDefault(share, -1L) >= message
                : now != null && now.since() < message;
    }

    /// QoS 2 messages that the client has not released.
    Map<Integer, Expected> received() {
        return received;
    }

    Sending sending() {
        return sending;
    }

    @Nullable ModelConnection connection() {
        return connection;
    }

    void connection(@Nullable ModelConnection to) {
        connection = to;
    }

    boolean isConnected() {
        return connection != null;
    }

    /// Whether CONNACK has gone, so that messages may.
    boolean isAttached() {
        return connection != null && Objects.requireNonNull(connection).isAnswered();
    }

    @Nullable OwedWill will() {
        return will;
    }

    void will(@Nullable OwedWill owed) {
        will = owed;
    }

    long expiry() {
        return expiry;
    }

    void expiry(long seconds) {
        expiry = seconds;
    }

    long expiresAt() {
        return expiresAt;
    }

    /// The client is away since now.
    void away(long now) {
        connection = null;
        absentSince = now;
        gaveBack = false;
        expiresAt = expiry == 0xFFFF_FFFFL ? Long.MAX_VALUE : now + expiry * 1000;
    }

    /// Whether it ended with its connection and owes no will.
    boolean hasNoFuture() {
        return connection == null && expiry == 0 && will == null;
    }

    void back(ModelConnection to) {
        connection = to;
        absentSince = Long.MAX_VALUE;
        expiresAt = Long.MAX_VALUE;
    }

    /// Marks what may have been given back to share groups.
    void giveBack(int absence, long now) {
        if (gaveBack || absentSince == Long.MAX_VALUE || absentSince + absence * 1000L > now) {
            return;
        }
        gaveBack = true;
        for (Copy copy : sending.inflight.values()) {
            if (copy.isShared() && copy.qos() == QoS.AT_LEAST_ONCE) {
                copy.maybeFree(true);
            }
        }
    }

    @Override
    public String toString() {
        return "session of " + clientId;
    }
}
