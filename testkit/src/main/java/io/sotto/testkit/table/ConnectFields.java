package io.sotto.testkit.table;

import io.sotto.mqtt.ProtocolVersion;
import java.util.List;

/// CONNECT with every value of its flags and of its protocol name and level, and with client ids
/// and wills that are well-formed and not accepted.
final class ConnectFields {
    private static final int WILL = 0x04;
    private static final int USER_NAME = 0x80;
    private static final int PASSWORD = 0x40;

    private final Cases cases;

    private ConnectFields(Cases cases) {
        this.cases = cases;
    }

    static void addTo(Cases cases) {
        if (!cases.isFirst()) {
            return;
        }
        ConnectFields fields = new ConnectFields(cases);
        for (int flags = 0; flags < 256; flags++) {
            fields.flags(flags);
        }
        for (int level = 0; level < 256; level++) {
            fields.level(level);
        }
        fields.names();
        fields.clientIds();
        fields.willTopics();
    }

    /// A CONNECT with just the fields that the flags announce.
    private byte[] connect(int flags, String clientId, String willTopic) {
        byte[] none = new byte[0];
        ProtocolVersion version = cases.version();
        boolean will = (flags & WILL) != 0;
        return Wire.packet(
                0x10,
                Wire.protocol(version),
                Wire.one(flags),
                Wire.two(60),
                Wire.noProperties(version),
                Wire.text(clientId),
                will ? Wire.noProperties(version) : none,
                will ? Wire.text(willTopic) : none,
                will ? Wire.text("gone") : none,
                (flags & USER_NAME) != 0 ? Wire.text("u") : none,
                (flags & PASSWORD) != 0 ? Wire.text("p") : none);
    }

    private void flags(int flags) {
        int willQos = flags >> 3 & 3;
        boolean will = (flags & WILL) != 0;
        boolean retain = (flags & 0x20) != 0;
        boolean alone = (flags & PASSWORD) != 0 && (flags & USER_NAME) == 0;
        // [MQTT-3.1.2-3] [MQTT-3.1.2-11] [MQTT-3.1.2-12] [MQTT-3.1.2-13] [MQTT3-3.1.2-22]
        boolean bad =
                (flags & 1) != 0
                        || !will && (willQos != 0 || retain)
                        || willQos == 3
                        || alone && !Wire.is5(cases.version());
        cases.judged(
                "CONNECT with flags %02X".formatted(flags),
                connect(flags, "id", "w"),
                bad ? Cases.MALFORMED : 0,
                Cases.welcome());
    }

    /// Every level under the name of this version [MQTT-3.1.2-2] [MQTT3-3.1.2-2]. The top bit marks
    /// a bridge of 3.x.
    private void level(int level) {
        boolean old = cases.version() == ProtocolVersion.MQTT_3_1;
        boolean served =
                switch (cases.version()) {
                    case MQTT_3_1 -> (level & 0x7F) == 3;
                    case MQTT_3_1_1 -> (level & 0x7F) == 4;
                    case MQTT_5 -> level == 5;
                };
        boolean ofAnother = !old && ((level & 0x7F) == 4 || level == 5);
        byte[] packet =
                Wire.packet(
                        0x10,
                        Wire.text(old ? "MQIsdp" : "MQTT"),
                        Wire.one(level),
                        Wire.one(2),
                        Wire.two(60),
                        Wire.noProperties(cases.version()),
                        Wire.text("id"));
        String title = "CONNECT of level " + level;
        if (served) {
            cases.good(title, packet, Cases.welcome());
        } else if (!ofAnother) {
            // What is later than 5.0 is told in the form of 5.0, the rest in that of 3.1.1.
            cases.unserved(title, packet, !old && level > 5 ? Cases.UNSUPPORTED_VERSION : 1);
        }
    }

    /// Whoever names another protocol would not understand an answer [MQTT-3.1.2-1].
    private void names() {
        byte[] protocol = Wire.protocol(cases.version());
        byte[] level = Wire.one(protocol[protocol.length - 1]);
        for (String name :
                List.of(
                        "", "M", "MQT", "mqtt", "Mqtt", "MQTTT", "MQTT ", "MQIsd", "MQISDP",
                        "HTTP")) {
            byte[] packet =
                    Wire.packet(
                            0x10,
                            Wire.text(name),
                            level,
                            Wire.one(2),
                            Wire.two(60),
                            Wire.noProperties(cases.version()),
                            Wire.text("id"));
            cases.untold("CONNECT named '" + name + "'", packet, Cases.UNSUPPORTED_VERSION);
        }
    }

    private void clientIds() {
        boolean old = cases.version() == ProtocolVersion.MQTT_3_1;
        boolean modern = Wire.is5(cases.version());
        // [MQTT-3.1.3-6] [MQTT3-3.1.3-8]; 3.1 wants at least one character.
        clientId("no client id, clean", connect(2, "", ""), !old);
        clientId("no client id, not clean", connect(0, "", ""), modern);
        clientId("a client id of 23 letters", connect(2, "a".repeat(23), ""), true);
        clientId("a client id of 24 letters", connect(2, "a".repeat(24), ""), true);
        clientId("a client id with a control character", connect(2, "a\u0001", ""), false);
        clientId("a client id with a non-character", connect(2, "a\uFFFF", ""), false);
        clientId("a client id of wildcards", connect(2, "#/+", ""), true);
        clientId("a client id with a mark of byte order", connect(2, "\uFEFFa", ""), true);
    }

    private void clientId(String title, byte[] packet, boolean taken) {
        cases.good(
                "CONNECT with " + title, packet, taken ? Cases.welcome() : cases.refusal(0x85, 2));
    }

    /// What is reserved may not be published, by a will neither.
    private void willTopics() {
        for (String topic : List.of("$SYS/x", "$SYS", "$share/g/t")) {
            cases.good(
                    "CONNECT with the will topic " + topic,
                    connect(WILL | 2, "id", topic),
                    cases.refusal(0x87, 5));
        }
        cases.good("CONNECT with the will topic /", connect(WILL, "id", "/"), Cases.welcome());
        cases.bad(
                "CONNECT with a control character in the will topic",
                connect(WILL | 2, "id", "a\u001F"),
                Cases.TOPIC_NAME_INVALID);
    }
}
