package io.sotto.mqtt;

import java.util.List;

/// The answer to UNSUBSCRIBE; codes are written for 5.0 only, one per filter, in their order
/// [MQTT-3.11.3-1].
public record UnsubAck(int packetId, List<ReasonCode> reasons, Diagnostics diagnostics)
        implements Packet {
    public UnsubAck {
        reasons = List.copyOf(reasons);
    }
}
