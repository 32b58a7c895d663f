package io.sotto.testkit.table;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// A line of table 2-4 of 5.0, with what the sections of the packets say of the values.
///
/// @param packets where the property may stand, by the names of [PropertyHost]
/// @param value a good value
/// @param bad values of the right form that may not be, with the reason code for each
record PropertyRow(
        int id,
        String name,
        Form form,
        List<String> packets,
        String value,
        Map<String, Integer> bad) {

    /// The forms of section 1.5.
    enum Form {
        NUMBER,
        VARIABLE,
        TEXT,
        DATA,
        PAIR
    }

    private static final List<String> MESSAGE = List.of("PUBLISH", "will");
    private static final List<String> LOGIN = List.of("CONNECT", "CONNACK", "AUTH");
    private static final List<String> ANSWERS =
            List.of(
                    "CONNACK",
                    "PUBACK",
                    "PUBREC",
                    "PUBREL",
                    "PUBCOMP",
                    "SUBACK",
                    "UNSUBACK",
                    "DISCONNECT",
                    "AUTH");
    private static final List<String> OF_SERVERS = List.of("CONNACK");
    private static final int WRONG = Cases.PROTOCOL_ERROR;

    static List<PropertyRow> table() {
        return Stream.of(ofMessages(), ofConnections(), ofServers()).flatMap(List::stream).toList();
    }

    /// What PUBLISH, wills and subscriptions have.
    private static List<PropertyRow> ofMessages() {
        return List.of(
                flag(0x01, "payload format indicator", MESSAGE),
                number(0x02, "message expiry interval", MESSAGE, "00000001"),
                text(0x03, "content type", MESSAGE),
                new PropertyRow(
                        0x08,
                        "response topic",
                        Form.TEXT,
                        MESSAGE,
                        "0001 72",
                        Map.of("0001 23", WRONG, "0003 61 2F 2B", WRONG, "0000", WRONG)),
                new PropertyRow(
                        0x09, "correlation data", Form.DATA, MESSAGE, "0002 00FF", Map.of()),
                new PropertyRow(
                        0x0B,
                        "subscription identifier",
                        Form.VARIABLE,
                        List.of("PUBLISH", "SUBSCRIBE"),
                        "03",
                        Map.of("00", WRONG)),
                number(0x18, "will delay interval", List.of("will"), "00000001"),
                new PropertyRow(
                        0x23,
                        "topic alias",
                        Form.NUMBER,
                        List.of("PUBLISH"),
                        "0001",
                        Map.of("0000", Cases.TOPIC_ALIAS_INVALID)));
    }

    /// What CONNECT, AUTH, DISCONNECT and the answers have.
    private static List<PropertyRow> ofConnections() {
        return List.of(
                number(
                        0x11,
                        "session expiry interval",
                        List.of("CONNECT", "CONNACK", "DISCONNECT"),
                        "00000000"),
                text(0x15, "authentication method", LOGIN),
                new PropertyRow(0x16, "authentication data", Form.DATA, LOGIN, "0001 64", Map.of()),
                flag(0x17, "request problem information", List.of("CONNECT")),
                flag(0x19, "request response information", List.of("CONNECT")),
                text(0x1C, "server reference", List.of("CONNACK", "DISCONNECT")),
                text(0x1F, "reason string", ANSWERS),
                new PropertyRow(
                        0x21,
                        "receive maximum",
                        Form.NUMBER,
                        List.of("CONNECT", "CONNACK"),
                        "0001",
                        Map.of("0000", WRONG)),
                number(0x22, "topic alias maximum", List.of("CONNECT", "CONNACK"), "0001"),
                new PropertyRow(
                        0x26,
                        "user property",
                        Form.PAIR,
                        PropertyHost.NAMES,
                        "0001 6B 0001 76",
                        Map.of()),
                new PropertyRow(
                        0x27,
                        "maximum packet size",
                        Form.NUMBER,
                        List.of("CONNECT", "CONNACK"),
                        "00010000",
                        Map.of("00000000", WRONG)));
    }

    /// What no client sends.
    private static List<PropertyRow> ofServers() {
        return List.of(
                text(0x12, "assigned client identifier", OF_SERVERS),
                number(0x13, "server keep alive", OF_SERVERS, "0001"),
                text(0x1A, "response information", OF_SERVERS),
                flag(0x24, "maximum QoS", OF_SERVERS),
                flag(0x25, "retain available", OF_SERVERS),
                flag(0x28, "wildcard subscription available", OF_SERVERS),
                flag(0x29, "subscription identifier available", OF_SERVERS),
                flag(0x2A, "shared subscription available", OF_SERVERS));
    }

    private static PropertyRow flag(int id, String name, List<String> packets) {
        return new PropertyRow(
                id, name, Form.NUMBER, packets, "01", Map.of("02", WRONG, "FF", WRONG));
    }

    private static PropertyRow number(int id, String name, List<String> packets, String value) {
        return new PropertyRow(id, name, Form.NUMBER, packets, value, Map.of());
    }

    private static PropertyRow text(int id, String name, List<String> packets) {
        return new PropertyRow(id, name, Form.TEXT, packets, "0001 78", Map.of());
    }

    /// Identifier and value.
    byte[] bytes() {
        return with(value);
    }

    /// Identifier and another value.
    byte[] with(String hex) {
        return Wire.join(Wire.one(id), Wire.hex(hex));
    }
}
