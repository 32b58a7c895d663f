package io.sotto.conformance;

/// A PUBLISH to be sent.
public final class Publish {
    private final String topic;
    private final Bytes payload;
    private int qos;
    private int id = 1;
    private boolean dup;
    private boolean retain;
    private String properties = "";

    private Publish(String topic, Bytes payload) {
        this.topic = topic;
        this.payload = payload;
    }

    public static Publish to(String topic, String payload) {
        return new Publish(topic, Bytes.of("'" + payload + "'"));
    }

    public static Publish to(String topic, Bytes payload) {
        return new Publish(topic, payload);
    }

    /// QoS 1 or 2 with a packet identifier.
    public Publish qos(int level, int packetId) {
        qos = level;
        id = packetId;
        return this;
    }

    public Publish qos(int level) {
        return qos(level, id);
    }

    public Publish dup() {
        dup = true;
        return this;
    }

    public Publish retain() {
        retain = true;
        return this;
    }

    /// Properties, written in notation; left out below MQTT 5.0.
    public Publish with(String... list) {
        properties = String.join(" ", list);
        return this;
    }

    int qos() {
        return qos;
    }

    int id() {
        return id;
    }

    public Bytes bytes(Version version) {
        String packetId = qos > 0 ? "%04X".formatted(id) : "";
        String list = version.hasProperties() ? Property.list(properties) : "";
        int firstByte = 0x30 | (dup ? 8 : 0) | qos << 1 | (retain ? 1 : 0);
        return Bytes.packet(
                firstByte, Bytes.of("<%s> %s %s".formatted(topic, packetId, list)).plus(payload));
    }
}
