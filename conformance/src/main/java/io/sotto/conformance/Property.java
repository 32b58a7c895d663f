package io.sotto.conformance;

/// The properties of MQTT 5.0, each in the notation of [Bytes]: identifier, then value.
public final class Property {
    private Property() {}

    public static String payloadFormat(int value) {
        return "01 %02X ".formatted(value);
    }

    public static String messageExpiry(long seconds) {
        return "02 %08X ".formatted(seconds);
    }

    public static String contentType(String type) {
        return "03 <%s> ".formatted(type);
    }

    public static String responseTopic(String topic) {
        return "08 <%s> ".formatted(topic);
    }

    /// Correlation data, given as hexadecimal digits without blanks.
    public static String correlationData(String hex) {
        return "09 %04X %s ".formatted(hex.length() / 2, hex);
    }

    public static String subscriptionId(int id) {
        return "0B %s ".formatted(Bytes.variableInteger(id));
    }

    public static String sessionExpiry(long seconds) {
        return "11 %08X ".formatted(seconds);
    }

    public static String authenticationMethod(String method) {
        return "15 <%s> ".formatted(method);
    }

    /// Authentication data, given as text.
    public static String authenticationData(String text) {
        return "16 <%s> ".formatted(text);
    }

    public static String willDelay(long seconds) {
        return "18 %08X ".formatted(seconds);
    }

    public static String requestProblemInformation(int value) {
        return "17 %02X ".formatted(value);
    }

    public static String requestResponseInformation(int value) {
        return "19 %02X ".formatted(value);
    }

    public static String reasonString(String reason) {
        return "1F <%s> ".formatted(reason);
    }

    public static String receiveMaximum(int count) {
        return "21 %04X ".formatted(count);
    }

    public static String topicAliasMaximum(int count) {
        return "22 %04X ".formatted(count);
    }

    public static String topicAlias(int alias) {
        return "23 %04X ".formatted(alias);
    }

    public static String userProperty(String key, String value) {
        return "26 <%s> <%s> ".formatted(key, value);
    }

    public static String maximumPacketSize(long bytes) {
        return "27 %08X ".formatted(bytes);
    }

    /// Properties one after another, preceded by their length.
    public static String list(String... properties) {
        String joined = String.join(" ", properties);
        return Bytes.variableInteger(Bytes.of(joined).size()) + " " + joined;
    }
}
