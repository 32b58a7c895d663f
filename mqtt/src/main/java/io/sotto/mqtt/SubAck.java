package io.sotto.mqtt;

import java.util.List;

/// The answer to SUBSCRIBE: one code per filter, in their order [MQTT-3.9.3-1].
public record SubAck(int packetId, List<ReasonCode> reasons, Diagnostics diagnostics)
        implements Packet {
    public SubAck {
        reasons = List.copyOf(reasons);
    }
}
