package io.sotto.client;

import io.sotto.mqtt.Publish;
import io.sotto.mqtt.ReasonCode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// The client's half of a session, in memory: what was sent and not acknowledged, and the QoS 2
/// messages that were received and not released (5.0, section 4.1). It outlives connections, and
/// clients: hand it to the next one to resume.
///
/// One client holds it at a time, and touches it under its own lock.
public final class ClientSession {
    private static final int MOST_IDS = 65_535;

    private final AtomicBoolean held = new AtomicBoolean();
    // In the order of their first sending [MQTT-4.6.0-1].
    private final Map<Integer, Outbound> published = new LinkedHashMap<>();
    // In the order of their PUBRECs [MQTT-4.6.0-4]; no PUBLISH again from here on [MQTT-4.3.3-6].
    private final Map<Integer, Outbound> released = new LinkedHashMap<>();
    private final Set<Integer> received = new HashSet<>();
    private boolean established;
    private volatile @Nullable String clientId;
    private int lastId;

    /// A message on its way to the server, with the promise to its publisher.
    ///
    /// @param reason that of PUBREC, once it is there
    record Outbound(Publish publish, CompletableFuture<ReasonCode> outcome, ReasonCode reason) {
        Outbound(Publish publish, CompletableFuture<ReasonCode> outcome) {
            this(publish, outcome, ReasonCode.SUCCESS);
        }
    }

    /// A session that does not exist yet: a server that claims to have it is not believed
    /// [MQTT-3.2.2-4].
    public ClientSession() {}

    /// A session that an earlier process left with nothing outstanding on this side, such as the
    /// subscriptions of a command line tool.
    public static ClientSession leftBehind() {
        ClientSession session = new ClientSession();
        session.established = true;
        return session;
    }

    /// How many messages of this side wait for an acknowledgement. Exact while no client holds it.
    public int unacknowledged() {
        return published.size() + released.size();
    }

    void hold() {
        if (!held.compareAndSet(false, true)) {
            throw new IllegalStateException("another client holds this session");
        }
    }

    void letGo() {
        held.set(false);
    }

    /// The identifier that names the session [MQTT-3.1.3-2], or null before the first connection.
    @Nullable String clientId() {
        return clientId;
    }

    boolean isEstablished() {
        return established;
    }

    void establish(String id) {
        established = true;
        clientId = id;
    }

    /// Forgets everything, and answers with what was on its way.
    List<Outbound> discard() {
        List<Outbound> lost = outstanding();
        published.clear();
        released.clear();
        received.clear();
        established = false;
        return lost;
    }

    List<Outbound> outstanding() {
        List<Outbound> all = new ArrayList<>(released.values());
        all.addAll(published.values());
        return all;
    }

    /// PUBLISHes that were sent and not answered, in their order.
    List<Outbound> published() {
        return List.copyOf(published.values());
    }

    /// Identifiers whose PUBREL was sent and not answered, in their order.
    List<Integer> released() {
        return List.copyOf(released.keySet());
    }

    /// An identifier that neither a message nor one of these requests uses [MQTT-2.2.1-3].
    int freeId(Set<Integer> requests) {
        for (int i = 0; i < MOST_IDS; i++) {
            lastId = lastId % MOST_IDS + 1;
            if (!published.containsKey(lastId)
                    && !released.containsKey(lastId)
                    && !requests.contains(lastId)) {
                return lastId;
            }
        }
        throw new ClientException(ReasonCode.QUOTA_EXCEEDED, "all packet identifiers are in use");
    }

    void add(Outbound message) {
        published.put(message.publish().packetId(), message);
    }

    /// The message that awaits PUBACK or PUBREC under this identifier.
    @Nullable Outbound published(int id) {
        return published.get(id);
    }

    boolean isReleased(int id) {
        return released.containsKey(id);
    }

    /// Goes from the first to the second half of QoS 2.
    void release(int id, ReasonCode reason) {
        Outbound message = published.remove(id);
        if (message != null) {
            released.put(id, new Outbound(message.publish, message.outcome, reason));
        }
    }

    /// What PUBREC said of a message that awaits PUBCOMP.
    ReasonCode released(int id) {
        Outbound message = released.get(id);
        return message == null ? ReasonCode.SUCCESS : message.reason;
    }

    /// Ends an exchange; null when there was none.
    @Nullable Outbound remove(int id) {
        Outbound message = published.remove(id);
        return message == null ? released.remove(id) : message;
    }

    /// Notes that the application has the QoS 2 message with this identifier.
    void take(int id) {
        received.add(id);
    }

    boolean hasTaken(int id) {
        return received.contains(id);
    }

    /// Ends the identifier of a received QoS 2 message; false when it was none.
    boolean forget(int id) {
        return received.remove(id);
    }
}
