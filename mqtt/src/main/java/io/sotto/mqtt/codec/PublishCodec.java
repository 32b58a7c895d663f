package io.sotto.mqtt.codec;

import io.sotto.mqtt.Payload;
import io.sotto.mqtt.ProtocolException;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.Publish;
import io.sotto.mqtt.PublishProperties;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.TopicName;
import java.util.List;

/// PUBLISH.
///
/// ```text
/// | 3 << 4 | DUP 8 | QoS 6 | RETAIN 1 | length | topic | packet id (2) | properties | payload ... |
///                                                      '- QoS 1 and 2  '- 5.0
/// ```
final class PublishCodec {
    static final int DUP = 0x08;
    private static final int QOS = 0x06;
    private static final int RETAIN = 0x01;

    private PublishCodec() {}

    /// Judges the flags, as soon as the first byte is there.
    static void checkFlags(int flags) {
        if ((flags & QOS) == QOS) {
            throw ProtocolException.malformed("PUBLISH with QoS 3 [MQTT-3.3.1-4]");
        }
        if ((flags & QOS) == 0 && (flags & DUP) != 0) {
            throw ProtocolException.malformed("PUBLISH with DUP at QoS 0 [MQTT-3.3.1-2]");
        }
    }

    static boolean hasPacketId(int flags) {
        return (flags & QOS) != 0;
    }

    static Publish read(WireReader in, int flags, ProtocolVersion version) {
        QoS qos = QoS.of((flags & QOS) >> 1);
        boolean retain = (flags & RETAIN) != 0;
        boolean dup = (flags & DUP) != 0;
        TopicName topic = in.topic(version.hasProperties());
        int packetId = qos == QoS.AT_MOST_ONCE ? 0 : in.packetId();
        int alias = 0;
        List<Integer> identifiers = List.of();
        PublishProperties properties = PublishProperties.NONE;
        if (version.hasProperties()) {
            PropertyValues values =
                    PropertyValues.read(
                            in,
                            in.sender() == Sender.CLIENT
                                    ? PropertySet.PUBLISH_OF_CLIENT
                                    : PropertySet.PUBLISH_OF_SERVER);
            if (!values.isEmpty()) {
                alias = values.number(Property.TOPIC_ALIAS, 0);
                identifiers = values.subscriptionIdentifiers();
                properties = values.publishProperties();
            }
            if (alias == 0 && topic.size() == 0) {
                throw ProtocolException.protocolError(
                        "neither topic nor topic alias [MQTT-3.3.2-1]");
            }
        }
        Payload payload = in.rest();
        return new Publish(
                topic, payload, qos, retain, dup, packetId, alias, identifiers, properties);
    }

    /// The first byte without DUP.
    static int firstByte(Publish publish) {
        return PacketType.PUBLISH.firstByte()
                | publish.qos().level() << 1
                | (publish.retain() ? RETAIN : 0);
    }

    static void write(Publish publish, ProtocolVersion version, WireWriter out) {
        writeHead(publish, version, out);
        out.payload(publish.payload());
    }

    /// Writes all that stands between the fixed header and the payload.
    static void writeHead(Publish publish, ProtocolVersion version, WireWriter out) {
        if (publish.topic().size() == 0
                && (publish.topicAlias() == 0 || !version.hasProperties())) {
            throw new IllegalArgumentException("PUBLISH without topic");
        }
        out.topic(publish.topic());
        if (publish.qos() != QoS.AT_MOST_ONCE) {
            out.two(publish.packetId());
        }
        if (!version.hasProperties()) {
            return;
        }
        if (hasNone(publish)) {
            out.one(0);
        } else {
            out.properties(publish, PublishCodec::writeProperties);
        }
    }

    /// Whether it has a topic, and no properties in that version.
    static boolean isPlain(Publish publish, ProtocolVersion version) {
        return publish.topic().size() > 0 && (!version.hasProperties() || hasNone(publish));
    }

    /// How many bytes follow the fixed header of one of which [#isPlain] holds.
    static int lengthOfPlain(Publish publish, ProtocolVersion version) {
        return Short.BYTES
                + publish.topic().size()
                + (publish.qos() == QoS.AT_MOST_ONCE ? 0 : Short.BYTES)
                + (version.hasProperties() ? 1 : 0)
                + publish.payload().size();
    }

    private static boolean hasNone(Publish publish) {
        return publish.properties().equals(PublishProperties.NONE)
                && publish.topicAlias() == 0
                && publish.subscriptionIdentifiers().isEmpty();
    }

    private static void writeProperties(Publish publish, WireWriter out) {
        out.number(Property.TOPIC_ALIAS, publish.topicAlias(), 0);
        List<Integer> identifiers = publish.subscriptionIdentifiers();
        for (int i = 0; i < identifiers.size(); i++) {
            out.number(Property.SUBSCRIPTION_IDENTIFIER, identifiers.get(i));
        }
        writeProperties(publish.properties(), out);
    }

    /// Writes what PUBLISH and a will have in common.
    static void writeProperties(PublishProperties properties, WireWriter out) {
        out.number(
                Property.PAYLOAD_FORMAT_INDICATOR,
                properties.payloadFormatIndicator(),
                PublishProperties.ABSENT);
        out.number(
                Property.MESSAGE_EXPIRY_INTERVAL,
                properties.messageExpiryInterval(),
                PublishProperties.ABSENT);
        out.text(Property.CONTENT_TYPE, properties.contentType());
        out.text(Property.RESPONSE_TOPIC, properties.responseTopic());
        out.data(Property.CORRELATION_DATA, properties.correlationData());
        out.userProperties(properties.userProperties());
    }
}
