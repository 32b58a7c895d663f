package io.sotto.testkit.table;

import io.sotto.mqtt.ProtocolVersion;
import io.sotto.testkit.table.Reaction.Dismissal;
import io.sotto.testkit.table.Reaction.End;
import io.sotto.testkit.table.Sample.Ending;
import io.sotto.testkit.table.Sample.Kind;
import java.util.List;
import java.util.Map;

/// A good packet of each type that clients send, with what a server answers that knows nobody else
/// and no message.
final class Samples {
    private static final byte[] REASON = Wire.hex("1F 0001 72");
    private static final byte[] USER = Wire.hex("26 0001 6B 0001 76");

    private final ProtocolVersion version;
    private final boolean modern;

    Samples(ProtocolVersion version) {
        this.version = version;
        this.modern = Wire.is5(version);
    }

    /// CONNECT.
    List<Sample> first() {
        return List.of(
                start(0x02).build("CONNECT", 0x10, Cases.welcome(), Map.of()), connectWithAll());
    }

    private Sample.Builder start(int flags) {
        return new Sample.Builder(version)
                .add("protocol", Kind.TEXT, protocolName())
                .add("level", Kind.NUMBER, Wire.one(level()))
                .add("flags", Kind.NUMBER, Wire.one(flags))
                .add("keep alive", Kind.NUMBER, Wire.two(60))
                .properties(Wire.hex("21 0014"), USER)
                .add("client id", Kind.TEXT, Wire.text("id"));
    }

    private byte[] protocolName() {
        return Wire.text(version == ProtocolVersion.MQTT_3_1 ? "MQIsdp" : "MQTT");
    }

    private int level() {
        return version == ProtocolVersion.MQTT_3_1 ? 3 : modern ? 5 : 4;
    }

    private Sample connectWithAll() {
        Sample.Builder builder =
                start(0xEE)
                        .properties("will properties", Wire.hex("18 00000001"), USER)
                        .add("will topic", Kind.TOPIC, Wire.text("w"))
                        .add("will payload", Kind.DATA, Wire.data((byte) 1, (byte) 2))
                        .add("user name", Kind.TEXT, Wire.text("u"))
                        .add("password", Kind.DATA, Wire.data((byte) 0, (byte) 0xFF));
        // 3.1 lets the length of the packet outweigh the flags of user name and password.
        Ending login = new Ending(0, Cases.welcome());
        Map<Integer, Ending> shorter =
                version == ProtocolVersion.MQTT_3_1 ? Map.of(7, login, 8, login) : Map.of();
        return builder.build(
                "CONNECT with will, user name and password", 0x10, Cases.welcome(), shorter);
    }

    /// All others.
    List<Sample> later() {
        return List.of(
                publish(0),
                publish(1),
                publish(2),
                ack("PUBACK", 0x40, Cases.silence()),
                ack("PUBREC", 0x50, modern ? Cases.answer("62 03 0007 92") : Cases.silence()),
                ack("PUBREL", 0x62, Cases.answer(modern ? "70 03 0007 92" : "70 02 0007")),
                ack("PUBCOMP", 0x70, Cases.silence()),
                subscribe(),
                unsubscribe(),
                new Sample.Builder(version).build("PINGREQ", 0xC0, Cases.answer("D000"), Map.of()),
                disconnect(),
                auth());
    }

    /// The packet of the type in these high four bits; null for the types that only servers send.
    static Sample ofType(List<Sample> samples, int type) {
        for (Sample sample : samples) {
            if (sample.firstByte() >> 4 == type) {
                return sample;
            }
        }
        throw new IllegalArgumentException("clients send no packet of type " + type);
    }

    private Sample publish(int qos) {
        Sample.Builder builder =
                new Sample.Builder(version).add("topic", Kind.TOPIC, Wire.text("a/b"));
        if (qos > 0) {
            builder.add("packet id", Kind.PACKET_ID, Wire.two(7));
        }
        builder.properties(Wire.hex("01 00"), USER).add("payload", Kind.REST, Wire.hex("CAFE"));
        Reaction reaction =
                switch (qos) {
                    case 0 -> Cases.silence();
                    case 1 -> Cases.answer(modern ? "40 03 0007 10" : "40 02 0007");
                    default -> Cases.answer(modern ? "50 03 0007 10" : "50 02 0007");
                };
        int withoutPayload = 1 + (qos > 0 ? 1 : 0) + (modern ? 1 : 0);
        return builder.build(
                "PUBLISH at QoS " + qos,
                0x30 | qos << 1,
                reaction,
                Map.of(withoutPayload, new Ending(0, reaction)));
    }

    private Sample ack(String title, int firstByte, Reaction reaction) {
        Sample.Builder builder =
                new Sample.Builder(version).add("packet id", Kind.PACKET_ID, Wire.two(7));
        if (!modern) {
            return builder.build(title, firstByte, reaction, Map.of());
        }
        builder.add("reason", Kind.NUMBER, Wire.one(0)).properties(REASON, USER);
        Ending same = new Ending(0, reaction);
        return builder.build(title, firstByte, reaction, Map.of(1, same, 2, same));
    }

    private Sample subscribe() {
        Sample.Builder builder =
                new Sample.Builder(version)
                        .add("packet id", Kind.PACKET_ID, Wire.two(7))
                        .properties(Wire.hex("0B 03"), USER)
                        .add("filter", Kind.FILTER, Wire.text("a"))
                        .add("options", Kind.NUMBER, Wire.one(1))
                        .add("second filter", Kind.FILTER, Wire.text("b/+"))
                        .add("second options", Kind.NUMBER, Wire.one(0));
        int head = modern ? 2 : 1;
        return builder.build(
                "SUBSCRIBE",
                0x82,
                Cases.answer(modern ? "90 05 0007 00 01 00" : "90 04 0007 01 00"),
                Map.of(
                        head,
                        nothingAsked(),
                        head + 2,
                        new Ending(
                                0, Cases.answer(modern ? "90 04 0007 00 01" : "90 03 0007 01"))));
    }

    private Sample unsubscribe() {
        Sample.Builder builder =
                new Sample.Builder(version)
                        .add("packet id", Kind.PACKET_ID, Wire.two(7))
                        .properties(USER)
                        .add("filter", Kind.FILTER, Wire.text("a"))
                        .add("second filter", Kind.FILTER, Wire.text("b/+"));
        int head = modern ? 2 : 1;
        return builder.build(
                "UNSUBSCRIBE",
                0xA2,
                Cases.answer(modern ? "B0 05 0007 00 11 11" : "B0 02 0007"),
                Map.of(
                        head,
                        nothingAsked(),
                        head + 1,
                        new Ending(0, Cases.answer(modern ? "B0 04 0007 00 11" : "B0 02 0007"))));
    }

    /// No filter [MQTT-3.8.3-2] [MQTT-3.10.3-2] [MQTT3-3.8.3-3] [MQTT3-3.10.3-2].
    private Ending nothingAsked() {
        return new Ending(
                Cases.PROTOCOL_ERROR, modern ? new Dismissal(Cases.PROTOCOL_ERROR) : new End());
    }

    private Sample disconnect() {
        if (!modern) {
            return new Sample.Builder(version).build("DISCONNECT", 0xE0, Cases.end(), Map.of());
        }
        Ending same = new Ending(0, Cases.end());
        return new Sample.Builder(version)
                .add("reason", Kind.NUMBER, Wire.one(0))
                .properties(Wire.hex("11 00000000"), REASON, USER)
                .build("DISCONNECT", 0xE0, Cases.end(), Map.of(0, same, 1, same));
    }

    /// AUTH, which a client without a method of authentication may not send [MQTT-4.12.0-7].
    private Sample auth() {
        if (!modern) {
            return new Sample.Builder(version).build("AUTH", 0xF0, Cases.end(), Map.of());
        }
        Reaction reaction = new Dismissal(Cases.PROTOCOL_ERROR);
        // Without a body it says 0x00, which only a server says [MQTT-3.15.2-1].
        return new Sample.Builder(version)
                .add("reason", Kind.NUMBER, Wire.one(0x19))
                .properties(Wire.hex("15 0001 78"), REASON, USER)
                .build("AUTH", 0xF0, reaction, Map.of(0, new Ending(0x82, reaction)));
    }
}
