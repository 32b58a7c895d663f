package io.sotto.conformance;

/// A protocol version, as a CONNECT announces it.
public enum Version {
    V31(3, "MQIsdp", "3.1"),
    V311(4, "MQTT", "3.1.1"),
    V5(5, "MQTT", "5.0");

    private final int level;
    private final String protocolName;
    private final String text;

    Version(int level, String protocolName, String text) {
        this.level = level;
        this.protocolName = protocolName;
        this.text = text;
    }

    public int level() {
        return level;
    }

    public String protocolName() {
        return protocolName;
    }

    public boolean hasProperties() {
        return this == V5;
    }

    @Override
    public String toString() {
        return text;
    }
}
