package io.sotto.client;

import io.sotto.mqtt.Connect;
import io.sotto.mqtt.ProtocolException;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.Publish;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.ReasonCode;
import io.sotto.mqtt.TopicName;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What this client lets the server do on one connection: the topic aliases it took from it, and
/// the QoS 1 and 2 messages it has not acknowledged.
final class ReceiveWindow {
    private final boolean limited;
    private final Connect.Properties own;
    private final Map<Integer, TopicName> aliases = new HashMap<>();
    private final Set<Integer> open = new HashSet<>();

    ReceiveWindow(ProtocolVersion version, Connect.Properties own) {
        this.limited = version.hasProperties();
        this.own = own;
    }

    /// The message with its topic, which an alias may stand for [MQTT-3.3.2-10].
    Publish resolved(Publish publish) {
        int alias = publish.topicAlias();
        if (alias == 0) {
            return publish;
        }
        if (alias > own.topicAliasMaximum()) {
            throw new ProtocolException(
                    ReasonCode.TOPIC_ALIAS_INVALID, "alias above the maximum [MQTT-3.1.2-26]");
        }
        TopicName topic = publish.topic();
        if (!topic.isAbsent()) {
            aliases.put(alias, topic);
        }
        @Nullable TopicName known = aliases.get(alias);
        if (known == null) {
            throw ProtocolException.protocolError("unknown topic alias [MQTT-3.3.2-7]");
        }
        return new Publish(
                known,
                publish.payload(),
                publish.qos(),
                publish.retain(),
                publish.dup(),
                publish.packetId(),
                0,
                publish.subscriptionIdentifiers(),
                publish.properties());
    }

    /// Counts a QoS 1 or 2 message; false for a repetition of one that is still here.
    boolean open(Publish publish) {
        if (publish.qos() == QoS.AT_MOST_ONCE) {
            return true;
        }
        if (!open.add(publish.packetId())) {
            if (!publish.dup()) {
                throw ProtocolException.protocolError("packet identifier is in use [MQTT-2.2.1-4]");
            }
            return false;
        }
        if (limited && open.size() > own.receiveMaximum()) {
            throw new ProtocolException(
                    ReasonCode.RECEIVE_MAXIMUM_EXCEEDED,
                    "more unacknowledged messages than Receive Maximum [MQTT-3.3.4-9]");
        }
        return true;
    }

    boolean isOpen(int packetId) {
        return open.contains(packetId);
    }

    /// Ends a message: PUBACK or PUBCOMP is sent.
    void close(int packetId) {
        open.remove(packetId);
    }
}
