package io.sotto.mqtt.codec;

import io.sotto.mqtt.ProtocolException;
import io.sotto.mqtt.ReasonCode;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The properties of 5.0 with what the standard says of their values (table 2-4).
enum Property {
    PAYLOAD_FORMAT_INDICATOR(0x01, Type.BYTE, 0, 1),
    MESSAGE_EXPIRY_INTERVAL(0x02, Type.FOUR_BYTES, 0, 0xFFFF_FFFFL),
    CONTENT_TYPE(0x03, Type.TEXT),
    RESPONSE_TOPIC(0x08, Type.TEXT),
    CORRELATION_DATA(0x09, Type.DATA),
    SUBSCRIPTION_IDENTIFIER(0x0B, Type.VARIABLE, 1, 268_435_455),
    SESSION_EXPIRY_INTERVAL(0x11, Type.FOUR_BYTES, 0, 0xFFFF_FFFFL),
    ASSIGNED_CLIENT_IDENTIFIER(0x12, Type.TEXT),
    SERVER_KEEP_ALIVE(0x13, Type.TWO_BYTES, 0, 0xFFFF),
    AUTHENTICATION_METHOD(0x15, Type.TEXT),
    AUTHENTICATION_DATA(0x16, Type.DATA),
    REQUEST_PROBLEM_INFORMATION(0x17, Type.BYTE, 0, 1),
    WILL_DELAY_INTERVAL(0x18, Type.FOUR_BYTES, 0, 0xFFFF_FFFFL),
    REQUEST_RESPONSE_INFORMATION(0x19, Type.BYTE, 0, 1),
    RESPONSE_INFORMATION(0x1A, Type.TEXT),
    SERVER_REFERENCE(0x1C, Type.TEXT),
    REASON_STRING(0x1F, Type.TEXT),
    RECEIVE_MAXIMUM(0x21, Type.TWO_BYTES, 1, 0xFFFF),
    TOPIC_ALIAS_MAXIMUM(0x22, Type.TWO_BYTES, 0, 0xFFFF),
    TOPIC_ALIAS(0x23, Type.TWO_BYTES, 1, 0xFFFF),
    MAXIMUM_QOS(0x24, Type.BYTE, 0, 1),
    RETAIN_AVAILABLE(0x25, Type.BYTE, 0, 1),
    USER_PROPERTY(0x26, Type.PAIR),
    MAXIMUM_PACKET_SIZE(0x27, Type.FOUR_BYTES, 1, 0xFFFF_FFFFL),
    WILDCARD_SUBSCRIPTION_AVAILABLE(0x28, Type.BYTE, 0, 1),
    SUBSCRIPTION_IDENTIFIERS_AVAILABLE(0x29, Type.BYTE, 0, 1),
    SHARED_SUBSCRIPTION_AVAILABLE(0x2A, Type.BYTE, 0, 1);

    /// How a value stands on the wire.
    enum Type {
        BYTE,
        TWO_BYTES,
        FOUR_BYTES,
        VARIABLE,
        TEXT,
        DATA,
        PAIR
    }

    private static final @Nullable Property[] BY_ID = new Property[0x2B];

    static {
        for (Property property : values()) {
            BY_ID[property.id] = property;
        }
    }

    private final int id;
    private final Type type;
    private final long minimum;
    private final long maximum;
    private final String words;

    Property(int id, Type type) {
        this(id, type, 0, 0);
    }

    Property(int id, Type type, long minimum, long maximum) {
        this.id = id;
        this.type = type;
        this.minimum = minimum;
        this.maximum = maximum;
        this.words = name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /// The property with this identifier.
    ///
    /// @throws ProtocolException with 0x81 when there is none
    static Property of(int id) {
        Property property = id < BY_ID.length ? BY_ID[id] : null;
        if (property == null) {
            throw ProtocolException.malformed("unknown property identifier [5.0, 2.2.2.2]");
        }
        return property;
    }

    int id() {
        return id;
    }

    Type type() {
        return type;
    }

    /// This property's bit in a set of properties.
    long bit() {
        return 1L << id;
    }

    /// The number, when it is one that the standard allows here.
    long checked(long value) {
        if (value < minimum || value > maximum) {
            throw this == TOPIC_ALIAS
                    ? new ProtocolException(
                            ReasonCode.TOPIC_ALIAS_INVALID, "topic alias 0 [MQTT-3.3.2-8]")
                    : ProtocolException.protocolError(
                            words + " is " + minimum + " to " + maximum + " [5.0, 2.2.2.2]");
        }
        return value;
    }

    ProtocolException repeated() {
        return ProtocolException.protocolError(words + " stands there twice [5.0, 2.2.2.2]");
    }

    /// What to say where its identifier is none of the packet.
    ProtocolException misplaced() {
        return ProtocolException.malformed(words + " is no property of this packet [5.0, 2.2.2.2]");
    }
}
