package io.sotto.mqtt.codec;

import io.sotto.mqtt.ProtocolException;

/// The properties that a packet may hold (5.0, table 2-4).
enum PropertySet {
    CONNECT(
            Property.SESSION_EXPIRY_INTERVAL,
            Property.AUTHENTICATION_METHOD,
            Property.AUTHENTICATION_DATA,
            Property.REQUEST_PROBLEM_INFORMATION,
            Property.REQUEST_RESPONSE_INFORMATION,
            Property.RECEIVE_MAXIMUM,
            Property.TOPIC_ALIAS_MAXIMUM,
            Property.MAXIMUM_PACKET_SIZE),
    WILL(
            Property.PAYLOAD_FORMAT_INDICATOR,
            Property.MESSAGE_EXPIRY_INTERVAL,
            Property.CONTENT_TYPE,
            Property.RESPONSE_TOPIC,
            Property.CORRELATION_DATA,
            Property.WILL_DELAY_INTERVAL),
    CONNACK(
            Property.SESSION_EXPIRY_INTERVAL,
            Property.ASSIGNED_CLIENT_IDENTIFIER,
            Property.SERVER_KEEP_ALIVE,
            Property.AUTHENTICATION_METHOD,
            Property.AUTHENTICATION_DATA,
            Property.RESPONSE_INFORMATION,
            Property.SERVER_REFERENCE,
            Property.REASON_STRING,
            Property.RECEIVE_MAXIMUM,
            Property.TOPIC_ALIAS_MAXIMUM,
            Property.MAXIMUM_QOS,
            Property.RETAIN_AVAILABLE,
            Property.MAXIMUM_PACKET_SIZE,
            Property.WILDCARD_SUBSCRIPTION_AVAILABLE,
            Property.SUBSCRIPTION_IDENTIFIERS_AVAILABLE,
            Property.SHARED_SUBSCRIPTION_AVAILABLE),
    PUBLISH_OF_CLIENT(
            Property.PAYLOAD_FORMAT_INDICATOR,
            Property.MESSAGE_EXPIRY_INTERVAL,
            Property.CONTENT_TYPE,
            Property.RESPONSE_TOPIC,
            Property.CORRELATION_DATA,
            Property.TOPIC_ALIAS),
    PUBLISH_OF_SERVER(
            Property.PAYLOAD_FORMAT_INDICATOR,
            Property.MESSAGE_EXPIRY_INTERVAL,
            Property.CONTENT_TYPE,
            Property.RESPONSE_TOPIC,
            Property.CORRELATION_DATA,
            Property.TOPIC_ALIAS,
            Property.SUBSCRIPTION_IDENTIFIER),
    /// Of PUBACK, PUBREC, PUBREL, PUBCOMP, SUBACK and UNSUBACK.
    ACK(Property.REASON_STRING),
    SUBSCRIBE(Property.SUBSCRIPTION_IDENTIFIER),
    UNSUBSCRIBE(),
    DISCONNECT(Property.SESSION_EXPIRY_INTERVAL, Property.SERVER_REFERENCE, Property.REASON_STRING),
    AUTH(Property.AUTHENTICATION_METHOD, Property.AUTHENTICATION_DATA, Property.REASON_STRING);

    private final long bits;

    PropertySet(Property... properties) {
        long all = Property.USER_PROPERTY.bit();
        for (Property property : properties) {
            all |= property.bit();
        }
        this.bits = all;
    }

    boolean contains(Property property) {
        return (bits & property.bit()) != 0;
    }

    /// What to say of a property that is not contained. Table 2-4 gives the subscription identifier
    /// to PUBLISH, so there it is a matter of who sends it [MQTT-3.3.4-6].
    ProtocolException misplaced(Property property) {
        return this == PUBLISH_OF_CLIENT && property == Property.SUBSCRIPTION_IDENTIFIER
                ? ProtocolException.protocolError(
                        "subscription identifier in a client's PUBLISH [MQTT-3.3.4-6]")
                : property.misplaced();
    }

    /// Whether the property may stand there twice: user properties everywhere, subscription
    /// identifiers in a server's PUBLISH only.
    boolean repeats(Property property) {
        return property == Property.USER_PROPERTY
                || property == Property.SUBSCRIPTION_IDENTIFIER && this == PUBLISH_OF_SERVER;
    }
}
