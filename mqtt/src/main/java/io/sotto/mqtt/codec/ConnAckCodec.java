package io.sotto.mqtt.codec;

import io.sotto.mqtt.ConnAck;
import io.sotto.mqtt.ProtocolException;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.ReasonCode;

/// CONNACK.
///
/// ```text
/// | 0x20 | length | 0000000 session present (1) | reason or return code (1) | properties |
///                                                                           '- 5.0 only
/// ```
final class ConnAckCodec {
    /// What the return codes 0 to 5 of 3.x mean.
    private static final ReasonCode[] RETURN_CODES = {
        ReasonCode.SUCCESS,
        ReasonCode.UNSUPPORTED_PROTOCOL_VERSION,
        ReasonCode.CLIENT_IDENTIFIER_NOT_VALID,
        ReasonCode.SERVER_UNAVAILABLE,
        ReasonCode.BAD_USER_NAME_OR_PASSWORD,
        ReasonCode.NOT_AUTHORIZED
    };

    private ConnAckCodec() {}

    static ConnAck read(WireReader in, ProtocolVersion version) {
        int flags = in.one();
        if (flags > 1 && version != ProtocolVersion.MQTT_3_1) {
            throw ProtocolException.malformed(
                    "a reserved connect acknowledge flag is set [MQTT-3.2.2-1]");
        }
        int code = in.one();
        ReasonCode reason =
                version.hasProperties() ? ReasonSet.CONNACK.of(code) : ofReturnCode(code);
        // In 3.1 the byte before the return code means nothing.
        boolean sessionPresent = flags == 1 && version != ProtocolVersion.MQTT_3_1;
        if (sessionPresent && reason != ReasonCode.SUCCESS) {
            throw ProtocolException.protocolError("session present in a refusal [MQTT-3.2.2-6]");
        }
        ConnAck.Properties properties =
                version.hasProperties() ? readProperties(in) : ConnAck.Properties.DEFAULT;
        return new ConnAck(sessionPresent, reason, properties);
    }

    private static ReasonCode ofReturnCode(int code) {
        if (code >= RETURN_CODES.length) {
            throw ProtocolException.protocolError(
                    "connect return codes are 0 to 5 [MQTT3-3.2.2-6]");
        }
        return RETURN_CODES[code];
    }

    private static ConnAck.Properties readProperties(WireReader in) {
        PropertyValues values = PropertyValues.read(in, PropertySet.CONNACK);
        if (values.isEmpty()) {
            return ConnAck.Properties.DEFAULT;
        }
        return new ConnAck.Properties(
                values.number(Property.SESSION_EXPIRY_INTERVAL, -1L),
                values.number(Property.RECEIVE_MAXIMUM, 65_535),
                QoS.of(values.number(Property.MAXIMUM_QOS, 2)),
                values.flag(Property.RETAIN_AVAILABLE, true),
                values.number(Property.MAXIMUM_PACKET_SIZE, 0L),
                values.text(Property.ASSIGNED_CLIENT_IDENTIFIER),
                values.number(Property.TOPIC_ALIAS_MAXIMUM, 0),
                values.diagnostics(),
                values.flag(Property.WILDCARD_SUBSCRIPTION_AVAILABLE, true),
                values.flag(Property.SUBSCRIPTION_IDENTIFIERS_AVAILABLE, true),
                values.flag(Property.SHARED_SUBSCRIPTION_AVAILABLE, true),
                values.number(Property.SERVER_KEEP_ALIVE, -1),
                values.text(Property.RESPONSE_INFORMATION),
                values.text(Property.SERVER_REFERENCE),
                values.text(Property.AUTHENTICATION_METHOD),
                values.authenticationData());
    }

    static void write(ConnAck connAck, ProtocolVersion version, WireWriter out) {
        boolean flag = connAck.sessionPresent() && version != ProtocolVersion.MQTT_3_1;
        out.one(flag ? 1 : 0);
        if (version.hasProperties()) {
            out.one(connAck.reason().code());
            out.properties(connAck.properties(), ConnAckCodec::writeProperties);
            return;
        }
        int code = connAck.reason().connectReturnCode();
        if (code < 0) {
            throw new IllegalArgumentException(
                    "no return code says " + connAck.reason() + " [MQTT3-3.2.2-6]");
        }
        out.one(code);
    }

    private static void writeProperties(ConnAck.Properties properties, WireWriter out) {
        out.number(Property.SESSION_EXPIRY_INTERVAL, properties.sessionExpiryInterval(), -1);
        out.number(Property.RECEIVE_MAXIMUM, properties.receiveMaximum(), 65_535);
        out.number(Property.MAXIMUM_QOS, properties.maximumQoS().level(), 2);
        out.flag(Property.RETAIN_AVAILABLE, properties.retainAvailable(), true);
        out.number(Property.MAXIMUM_PACKET_SIZE, properties.maximumPacketSize(), 0);
        out.text(Property.ASSIGNED_CLIENT_IDENTIFIER, properties.assignedClientIdentifier());
        out.number(Property.TOPIC_ALIAS_MAXIMUM, properties.topicAliasMaximum(), 0);
        out.flag(
                Property.WILDCARD_SUBSCRIPTION_AVAILABLE,
                properties.wildcardSubscriptionAvailable(),
                true);
        out.flag(
                Property.SUBSCRIPTION_IDENTIFIERS_AVAILABLE,
                properties.subscriptionIdentifiersAvailable(),
                true);
        out.flag(
                Property.SHARED_SUBSCRIPTION_AVAILABLE,
                properties.sharedSubscriptionAvailable(),
                true);
        out.number(Property.SERVER_KEEP_ALIVE, properties.serverKeepAlive(), -1);
        out.text(Property.RESPONSE_INFORMATION, properties.responseInformation());
        out.text(Property.SERVER_REFERENCE, properties.serverReference());
        out.text(Property.AUTHENTICATION_METHOD, properties.authenticationMethod());
        out.data(Property.AUTHENTICATION_DATA, properties.authenticationData());
        out.diagnostics(properties.diagnostics());
    }
}
