package io.sotto.mqtt.codec;

import io.sotto.mqtt.ProtocolException;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.Unsubscribe;
import io.sotto.mqtt.UserProperty;
import java.util.ArrayList;
import java.util.List;

/// UNSUBSCRIBE.
///
/// ```text
/// | 0xA2 | length | packet id (2) | properties | filter | filter | ...
///                                 '- 5.0
/// ```
final class UnsubscribeCodec {
    private UnsubscribeCodec() {}

    static Unsubscribe read(WireReader in, ProtocolVersion version) {
        int packetId = in.packetId();
        List<UserProperty> userProperties =
                version.hasProperties()
                        ? PropertyValues.read(in, PropertySet.UNSUBSCRIBE).userProperties()
                        : List.of();
        if (in.remaining() == 0) {
            throw ProtocolException.protocolError("UNSUBSCRIBE without a filter [MQTT-3.10.3-2]");
        }
        List<String> filters = new ArrayList<>();
        while (in.remaining() > 0) {
            if (filters.size() == in.limits().filters()) {
                throw SubscribeCodec.tooManyFilters();
            }
            filters.add(in.text());
        }
        return new Unsubscribe(packetId, userProperties, filters);
    }

    static void write(Unsubscribe unsubscribe, ProtocolVersion version, WireWriter out) {
        out.two(unsubscribe.packetId());
        if (version.hasProperties()) {
            out.properties(
                    unsubscribe.userProperties(),
                    (properties, to) -> to.userProperties(properties));
        }
        for (String filter : unsubscribe.filters()) {
            out.text(filter);
        }
    }
}
