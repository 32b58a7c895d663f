package io.sotto.mqtt.codec;

import io.sotto.mqtt.ProtocolException;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.ReasonCode;
import io.sotto.mqtt.RetainHandling;
import io.sotto.mqtt.Subscribe;
import io.sotto.mqtt.UserProperty;
import java.util.ArrayList;
import java.util.List;

/// SUBSCRIBE.
///
/// ```text
/// | 0x82 | length | packet id (2) | properties | filter | options (1) | filter | options (1) | ...
///                                 '- 5.0
///
/// options: | 0 | 0 | retain handling (2) | retain as published | no local | QoS (2) |
///                                        in 3.x these six are 0 -'
/// ```
final class SubscribeCodec {
    private static final int QOS = 0x03;
    private static final int NO_LOCAL = 0x04;
    private static final int RETAIN_AS_PUBLISHED = 0x08;
    private static final int RETAIN_HANDLING = 0x30;
    private static final int RETAIN_HANDLING_SHIFT = 4;
    private static final int RESERVED = 0xC0;
    private static final int RESERVED_3 = 0xFC;

    private SubscribeCodec() {}

    static Subscribe read(WireReader in, ProtocolVersion version) {
        int packetId = in.packetId();
        int identifier = 0;
        List<UserProperty> userProperties = List.of();
        if (version.hasProperties()) {
            PropertyValues values = PropertyValues.read(in, PropertySet.SUBSCRIBE);
            identifier =
                    values.has(Property.SUBSCRIPTION_IDENTIFIER)
                            ? values.subscriptionIdentifiers().getFirst()
                            : 0;
            userProperties = values.userProperties();
        }
        if (in.remaining() == 0) {
            throw ProtocolException.protocolError("SUBSCRIBE without a filter [MQTT-3.8.3-2]");
        }
        List<Subscribe.Request> requests = new ArrayList<>();
        while (in.remaining() > 0) {
            if (requests.size() == in.limits().filters()) {
                throw tooManyFilters();
            }
            requests.add(readRequest(in, version));
        }
        return new Subscribe(packetId, identifier, userProperties, requests);
    }

    static ProtocolException tooManyFilters() {
        return new ProtocolException(
                ReasonCode.QUOTA_EXCEEDED,
                "more filters in one packet than limits.filters-per-packet");
    }

    private static Subscribe.Request readRequest(WireReader in, ProtocolVersion version) {
        String filter = in.text();
        int options = in.one();
        if (!version.hasProperties()) {
            if ((options & RESERVED_3) != 0) {
                throw ProtocolException.malformed(
                        "a reserved bit of the requested QoS is set [MQTT3-3-8.3-4]");
            }
            return new Subscribe.Request(
                    filter, QoS.of(options), false, false, RetainHandling.SEND);
        }
        if ((options & RESERVED) != 0) {
            throw ProtocolException.malformed(
                    "a reserved subscription option is set [MQTT-3.8.3-5]");
        }
        if ((options & QOS) == QOS) {
            throw ProtocolException.protocolError("subscription with QoS 3 [5.0, 3.8.3.1]");
        }
        boolean noLocal = (options & NO_LOCAL) != 0;
        if (noLocal && filter.startsWith("$share/")) {
            throw ProtocolException.protocolError(
                    "no local on a shared subscription [MQTT-3.8.3-4]");
        }
        return new Subscribe.Request(
                filter,
                QoS.of(options & QOS),
                noLocal,
                (options & RETAIN_AS_PUBLISHED) != 0,
                retainHandling(options));
    }

    private static RetainHandling retainHandling(int options) {
        return switch ((options & RETAIN_HANDLING) >> RETAIN_HANDLING_SHIFT) {
            case 0 -> RetainHandling.SEND;
            case 1 -> RetainHandling.SEND_IF_NEW;
            case 2 -> RetainHandling.DO_NOT_SEND;
            default ->
                    throw ProtocolException.protocolError(
                            "subscription with retain handling 3 [5.0, 3.8.3.1]");
        };
    }

    private static int retainHandling(RetainHandling handling) {
        return switch (handling) {
            case SEND -> 0;
            case SEND_IF_NEW -> 1 << RETAIN_HANDLING_SHIFT;
            case DO_NOT_SEND -> 2 << RETAIN_HANDLING_SHIFT;
        };
    }

    static void write(Subscribe subscribe, ProtocolVersion version, WireWriter out) {
        out.two(subscribe.packetId());
        if (version.hasProperties()) {
            out.properties(subscribe, SubscribeCodec::writeProperties);
        }
        for (Subscribe.Request request : subscribe.requests()) {
            out.text(request.filter());
            out.one(options(request, version));
        }
    }

    private static void writeProperties(Subscribe subscribe, WireWriter out) {
        out.number(Property.SUBSCRIPTION_IDENTIFIER, subscribe.subscriptionIdentifier(), 0);
        out.userProperties(subscribe.userProperties());
    }

    private static int options(Subscribe.Request request, ProtocolVersion version) {
        int options = request.qos().level();
        if (!version.hasProperties()) {
            return options;
        }
        options |= request.noLocal() ? NO_LOCAL : 0;
        options |= request.retainAsPublished() ? RETAIN_AS_PUBLISHED : 0;
        return options | retainHandling(request.retainHandling());
    }
}
