package io.sotto.mqtt;

/// The three dialects that Sotto speaks. The version belongs to a connection, never to a packet.
public enum ProtocolVersion {
    /// MQTT 3.1, named `MQIsdp` on the wire.
    MQTT_3_1(3, "MQIsdp"),
    /// MQTT 3.1.1.
    MQTT_3_1_1(4, "MQTT"),
    /// MQTT 5.0.
    MQTT_5(5, "MQTT");

    private final int level;
    private final String protocolName;

    ProtocolVersion(int level, String protocolName) {
        this.level = level;
        this.protocolName = protocolName;
    }

    /// The protocol level byte of CONNECT.
    public int level() {
        return level;
    }

    /// The protocol name field of CONNECT.
    public String protocolName() {
        return protocolName;
    }

    /// Whether packets of this version carry properties and reason codes.
    public boolean hasProperties() {
        return this == MQTT_5;
    }
}
