package io.sotto.client;

import io.sotto.client.ClientSession.Outbound;
import io.sotto.mqtt.ConnAck;
import io.sotto.mqtt.Packet;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.Publish;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.ReasonCode;
import io.sotto.mqtt.Subscribe;
import io.sotto.mqtt.TopicFilter;
import io.sotto.mqtt.TopicLimits;
import io.sotto.mqtt.TopicName;
import io.sotto.mqtt.codec.Encoder;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What one server takes on one connection: its limits, how many more messages it may be sent, and
/// the topic aliases it was told. Ends with the connection [MQTT-3.3.2-7].
///
/// Invariant: 0 <= quota <= maximum [MQTT-4.9.0-1].
final class SendWindow {
    /// A topic alias property, and the property length growing by a byte.
    private static final int ALIAS_BYTES = 4;

    private final ConnAck.Properties server;
    private final ProtocolVersion version;
    private final int maximum;
    private int quota;
    private final int aliasMaximum;
    private final Map<TopicName, Integer> aliases = new HashMap<>();
    private final Deque<Outbound> again = new ArrayDeque<>();

    SendWindow(ConnAck.Properties server, ProtocolVersion version, ClientLimits limits) {
        this.server = server;
        this.version = version;
        this.maximum = Math.min(server.receiveMaximum(), limits.inflight());
        this.quota = maximum;
        this.aliasMaximum = Math.min(server.topicAliasMaximum(), limits.topicAliases());
    }

    /// Whether a new QoS 1 or 2 message may be sent: never before those that are sent again.
    boolean isOpen() {
        return quota > 0 && again.isEmpty();
    }

    /// Counts a message that is sent, or still counts at the server after resuming.
    void use() {
        quota = Math.max(0, quota - 1);
    }

    /// Counts an acknowledgement; a surplus one changes nothing [MQTT-4.9.0-2].
    void restore() {
        quota = Math.min(maximum, quota + 1);
    }

    /// Puts a message behind those that are to be sent again.
    void sendAgain(Outbound message) {
        again.addLast(message);
    }

    /// The next message to be sent again, or null when there is none or no quota.
    @Nullable Outbound next() {
        return quota > 0 ? again.pollFirst() : null;
    }

    /// Why this server does not take a message, or null.
    @Nullable ClientException refusal(Publish publish) {
        if (publish.qos().level() > server.maximumQoS().level()) {
            return refused(ReasonCode.QOS_NOT_SUPPORTED, "Maximum QoS [MQTT-3.2.2-11]");
        }
        if (publish.retain() && !server.retainAvailable()) {
            return refused(ReasonCode.RETAIN_NOT_SUPPORTED, "Retain Available [MQTT-3.2.2-14]");
        }
        return tooLarge(publish);
    }

    /// Why this server does not take a request, or null.
    @Nullable ClientException refusal(Subscribe subscribe) {
        if (subscribe.subscriptionIdentifier() != 0 && !server.subscriptionIdentifiersAvailable()) {
            return refused(
                    ReasonCode.SUBSCRIPTION_IDENTIFIERS_NOT_SUPPORTED,
                    "Subscription Identifiers Available");
        }
        for (Subscribe.Request request : subscribe.requests()) {
            TopicFilter filter = TopicFilter.of(request.filter(), TopicLimits.NONE);
            if (filter.isShared() && !server.sharedSubscriptionAvailable()) {
                return refused(
                        ReasonCode.SHARED_SUBSCRIPTIONS_NOT_SUPPORTED,
                        "Shared Subscription Available");
            }
            if (filter.hasWildcard() && !server.wildcardSubscriptionAvailable()) {
                return refused(
                        ReasonCode.WILDCARD_SUBSCRIPTIONS_NOT_SUPPORTED,
                        "Wildcard Subscription Available");
            }
        }
        return tooLarge(subscribe);
    }

    /// Why a packet is too large for this server, or null [MQTT-3.2.2-15].
    @Nullable ClientException tooLarge(Packet packet) {
        return fits(Encoder.size(packet, version))
                ? null
                : refused(ReasonCode.PACKET_TOO_LARGE, "Maximum Packet Size [MQTT-3.2.2-15]");
    }

    private boolean fits(int size) {
        return server.maximumPacketSize() == 0 || size <= server.maximumPacketSize();
    }

    private static ClientException refused(ReasonCode reason, String rule) {
        return new ClientException(reason, "not sent, the server's " + rule + " forbids it");
    }

    /// The message as it goes over the wire: by alias where that is agreed and shorter
    /// [MQTT-3.2.2-17] [MQTT-3.2.2-18].
    Publish aliased(Publish publish) {
        if (publish.topic().size() <= ALIAS_BYTES || aliasMaximum == 0) {
            return publish;
        }
        Integer known = aliases.get(publish.topic());
        if (known != null) {
            return with(publish, TopicName.ABSENT, known);
        }
        if (aliases.size() == aliasMaximum
                || !fits(Encoder.size(publish, version) + 2 * ALIAS_BYTES)) {
            return publish;
        }
        int alias = aliases.size() + 1;
        aliases.put(publish.topic(), alias);
        return with(publish, publish.topic(), alias);
    }

    private static Publish with(Publish publish, TopicName topic, int alias) {
        return new Publish(
                topic,
                publish.payload(),
                publish.qos(),
                publish.retain(),
                publish.dup(),
                publish.packetId(),
                alias,
                publish.subscriptionIdentifiers(),
                publish.properties());
    }

    /// The message with an identifier; at QoS 0 it has none [MQTT-2.2.1-2].
    static Publish identified(Publish publish, int packetId, boolean dup) {
        return new Publish(
                publish.topic(),
                publish.payload(),
                publish.qos(),
                publish.retain(),
                dup && publish.qos() != QoS.AT_MOST_ONCE,
                packetId,
                0,
                publish.subscriptionIdentifiers(),
                publish.properties());
    }
}
