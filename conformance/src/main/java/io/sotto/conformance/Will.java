package io.sotto.conformance;

/// The will of a CONNECT.
public record Will(String topic, String payload, int qos, boolean retain, String properties) {
    public static Will to(String topic, String payload) {
        return new Will(topic, payload, 0, false, "");
    }

    public Will qos(int level) {
        return new Will(topic, payload, level, retain, properties);
    }

    public Will retained() {
        return new Will(topic, payload, qos, true, properties);
    }

    /// Properties, written in notation; left out below MQTT 5.0.
    public Will with(String... list) {
        return new Will(topic, payload, qos, retain, String.join(" ", list));
    }

    int flags() {
        return 0x04 | qos << 3 | (retain ? 0x20 : 0);
    }

    String notation(Version version) {
        String list = version.hasProperties() ? Property.list(properties) : "";
        return "%s <%s> <%s> ".formatted(list, topic, payload);
    }
}
