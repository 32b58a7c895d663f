package io.sotto.mqtt.codec;

import io.sotto.mqtt.Diagnostics;
import io.sotto.mqtt.Payload;
import io.sotto.mqtt.ProtocolException;
import io.sotto.mqtt.PublishProperties;
import io.sotto.mqtt.ReasonCode;
import io.sotto.mqtt.UserProperty;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The properties of one packet as they were read, between the wire and the records.
///
/// ```text
/// | property length (1-4) | identifier (1) | value | identifier (1) | value | ...
/// ```
final class PropertyValues {
    private static final PropertyValues NONE = new PropertyValues();

    private long seen;
    private @Nullable Entry last;
    private List<UserProperty> userProperties = List.of();
    private List<Integer> subscriptionIdentifiers = List.of();

    private PropertyValues() {}

    /// One value and those that were read before it: a packet has few.
    private record Entry(
            Property property, long number, @Nullable Object object, @Nullable Entry next) {}

    /// Reads the property length and what it covers.
    static PropertyValues read(WireReader in, PropertySet allowed) {
        if (in.remaining() == 0) {
            throw ProtocolException.malformed("the property length is missing [MQTT-2.2.2-1]");
        }
        int length = in.variable();
        if (length == 0) {
            return NONE;
        }
        if (length > in.remaining()) {
            throw ProtocolException.malformed("properties longer than the packet [MQTT-2.2.2-1]");
        }
        PropertyValues values = new PropertyValues();
        // A property that is cut must not be completed by what follows the properties.
        int behind = in.narrow(length);
        while (in.remaining() > 0) {
            values.readOne(in, allowed);
        }
        in.widen(behind);
        return values;
    }

    private void readOne(WireReader in, PropertySet allowed) {
        Property property = Property.of(in.variable());
        if (!allowed.contains(property)) {
            throw allowed.misplaced(property);
        }
        if (has(property) && !allowed.repeats(property)) {
            throw property.repeated();
        }
        seen |= property.bit();
        switch (property.type()) {
            case BYTE -> add(property, in.one());
            case TWO_BYTES -> add(property, in.two());
            case FOUR_BYTES -> add(property, in.four());
            case VARIABLE -> add((int) property.checked(in.variable()));
            case TEXT -> last = new Entry(property, 0, in.text(), last);
            case DATA -> last = new Entry(property, 0, in.data(), last);
            case PAIR -> add(in.text(), in.text(), in.limits().userProperties());
        }
    }

    private void add(Property property, long number) {
        last = new Entry(property, property.checked(number), null, last);
    }

    private void add(int subscriptionIdentifier) {
        if (subscriptionIdentifiers.isEmpty()) {
            subscriptionIdentifiers = new ArrayList<>(2);
        }
        subscriptionIdentifiers.add(subscriptionIdentifier);
    }

    private void add(String name, String value, int limit) {
        if (userProperties.isEmpty()) {
            userProperties = new ArrayList<>(4);
        }
        if (userProperties.size() == limit) {
            throw new ProtocolException(
                    ReasonCode.QUOTA_EXCEEDED, "more user properties than limits.user-properties");
        }
        userProperties.add(new UserProperty(name, value));
    }

    boolean isEmpty() {
        return seen == 0;
    }

    boolean has(Property property) {
        return (seen & property.bit()) != 0;
    }

    private @Nullable Entry find(Property property) {
        if (!has(property)) {
            return null;
        }
        Entry entry = last;
        while (entry != null && entry.property != property) {
            entry = entry.next;
        }
        return entry;
    }

    long number(Property property, long absent) {
        Entry entry = find(property);
        return entry == null ? absent : entry.number;
    }

    int number(Property property, int absent) {
        return (int) number(property, (long) absent);
    }

    boolean flag(Property property, boolean absent) {
        Entry entry = find(property);
        return entry == null ? absent : entry.number == 1;
    }

    @Nullable String text(Property property) {
        Entry entry = find(property);
        return entry != null && entry.object instanceof String text ? text : null;
    }

    @Nullable Payload data(Property property) {
        Entry entry = find(property);
        return entry != null && entry.object instanceof Payload data ? data : null;
    }

    List<UserProperty> userProperties() {
        return userProperties;
    }

    List<Integer> subscriptionIdentifiers() {
        return List.copyOf(subscriptionIdentifiers);
    }

    Diagnostics diagnostics() {
        String reasonString = text(Property.REASON_STRING);
        return reasonString == null && userProperties.isEmpty()
                ? Diagnostics.NONE
                : new Diagnostics(reasonString, userProperties);
    }

    /// The authentication data, which need a method (5.0, 3.1.2.11.10, 3.2.2.3.18, 3.15.2.2.3).
    @Nullable Payload authenticationData() {
        if (has(Property.AUTHENTICATION_DATA) && !has(Property.AUTHENTICATION_METHOD)) {
            throw ProtocolException.protocolError(
                    "authentication data without authentication method [5.0, 3.1.2.11.10]");
        }
        return data(Property.AUTHENTICATION_DATA);
    }

    /// What PUBLISH and a will have in common.
    PublishProperties publishProperties() {
        String responseTopic = text(Property.RESPONSE_TOPIC);
        if (responseTopic != null) {
            checkResponseTopic(responseTopic);
        }
        return new PublishProperties(
                number(Property.PAYLOAD_FORMAT_INDICATOR, PublishProperties.ABSENT),
                number(Property.MESSAGE_EXPIRY_INTERVAL, (long) PublishProperties.ABSENT),
                text(Property.CONTENT_TYPE),
                responseTopic,
                data(Property.CORRELATION_DATA),
                userProperties);
    }

    private static void checkResponseTopic(String topic) {
        if (topic.isEmpty()) {
            throw ProtocolException.protocolError("the response topic is empty [MQTT-4.7.3-1]");
        }
        if (topic.indexOf('+') >= 0 || topic.indexOf('#') >= 0) {
            throw ProtocolException.protocolError("wildcard in response topic [MQTT-3.3.2-14]");
        }
    }
}
