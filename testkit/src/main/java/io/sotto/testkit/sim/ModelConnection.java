package io.sotto.testkit.sim;

import io.sotto.mqtt.Connect;
import io.sotto.mqtt.Disconnect;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.Publish;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One connection as the model sees it.
final class ModelConnection {
    private final SimulatedLink link;
    private final Map<Class<?>, Deque<Expected>> expected = new LinkedHashMap<>();
    private final Map<Integer, String> aliasesIn = new HashMap<>();
    private final Map<Integer, String> aliasesOut = new HashMap<>();
    private final Set<Integer> sentHere = new HashSet<>();
    private final Set<Integer> open = new HashSet<>();
    private @Nullable Connect connect;
    private @Nullable ModelSession session;
    private @Nullable Disconnect disconnect;
    private boolean present;
    private Stage stage = Stage.NEW;
    private long lastResent = -1;

    /// How far it has come.
    enum Stage {
        NEW,
        /// The broker let the client in.
        ADMITTED,
        /// CONNACK was written.
        ANSWERED,
        /// DISCONNECT was written.
        FINISHED
    }

    ModelConnection(SimulatedLink link) {
        this.link = link;
    }

    SimulatedLink link() {
        return link;
    }

    boolean hasConnect() {
        return connect != null;
    }

    Connect connect() {
        return Objects.requireNonNull(connect);
    }

    void connect(Connect packet) {
        connect = packet;
    }

    ProtocolVersion version() {
        return connect().version();
    }

    boolean isModern() {
        return version() == ProtocolVersion.MQTT_5;
    }

    ModelSession session() {
        return Objects.requireNonNull(session);
    }

    /// @param was whether the session was there before
    void admit(ModelSession with, boolean was) {
        session = with;
        present = was;
        stage = Stage.ADMITTED;
    }

    boolean isPresent() {
        return present;
    }

    boolean isAdmitted() {
        return stage != Stage.NEW;
    }

    boolean isAnswered() {
        return stage == Stage.ANSWERED;
    }

    Stage stage() {
        return stage;
    }

    void stage(Stage reached) {
        stage = reached;
    }

    @Nullable Disconnect disconnect() {
        return disconnect;
    }

    void disconnect(Disconnect packet) {
        disconnect = packet;
    }

    /// Packet identifiers that were sent on this connection.
    Set<Integer> sentHere() {
        return sentHere;
    }

    /// Packet identifiers that count against the client's Receive Maximum.
    Set<Integer> open() {
        return open;
    }

    long lastResent() {
        return lastResent;
    }

    void lastResent(long order) {
        lastResent = order;
    }

    Expected expect(Expected answer) {
        expected.computeIfAbsent(answer.type(), type -> new ArrayDeque<>()).add(answer);
        return answer;
    }

    @Nullable Expected next(Class<?> type) {
        Deque<Expected> row = expected.get(type);
        return row == null ? null : row.peek();
    }

    void answered(Class<?> type) {
        Objects.requireNonNull(expected.get(type)).remove();
    }

    /// What the broker still owes, or null.
    @Nullable Expected outstanding() {
        return expected.values().stream()
                .filter(row -> !row.isEmpty())
                .map(Deque::getFirst)
                .findFirst()
                .orElse(null);
    }

    String topicIn(Publish publish) {
        return topic(publish, aliasesIn);
    }

    String topicOut(Publish publish) {
        if (publish.topicAlias() > connect().properties().topicAliasMaximum()) {
            throw new Violation(
                    "topic alias", publish.topicAlias() + " is above the client's maximum");
        }
        return topic(publish, aliasesOut);
    }

    private static String topic(Publish publish, Map<Integer, String> aliases) {
        if (!publish.topic().isAbsent()) {
            String topic = publish.topic().toString();
            if (publish.topicAlias() != 0) {
                aliases.put(publish.topicAlias(), topic);
            }
            return topic;
        }
        String known = aliases.get(publish.topicAlias());
        if (known == null) {
            throw new Violation("topic alias", "alias " + publish.topicAlias() + " was never set");
        }
        return known;
    }
}
