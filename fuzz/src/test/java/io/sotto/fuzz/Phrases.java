package io.sotto.fuzz;

import io.sotto.mqtt.ProtocolVersion;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Packets of clients by the grammar of the standard, mostly: few identifiers, topics and filters,
/// so that what several clients say has to do with each other.
final class Phrases {
    private static final List<String> CLIENT_IDS = List.of("a", "b", "c", "");
    private static final List<String> TOPICS = List.of("a", "a/b", "b", "a//b", "$x", "", "+", "é");
    private static final List<String> FILTERS =
            List.of(
                    "#",
                    "+",
                    "a/#",
                    "+/b",
                    "a",
                    "a/b",
                    "$share/g/#",
                    "$share/g/a",
                    "$share/h/+",
                    "$share/g",
                    "a#",
                    "",
                    "+/+/+",
                    "$x");
    private static final int[] REASONS = {0x00, 0x10, 0x80, 0x92, 0x87, 0x7F};

    private final Input input;
    private final ProtocolVersion version;
    private final boolean modern;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();

    Phrases(Input input, ProtocolVersion version) {
        this.input = input;
        this.version = version;
        this.modern = version == ProtocolVersion.MQTT_5;
    }

    /// Any packet but the first.
    byte[] next() {
        return switch (input.below(16)) {
            case 0, 1, 2, 3 -> publish();
            case 4, 5, 6 -> subscribe();
            case 7 -> unsubscribe();
            case 8, 9 -> ack(0x40);
            case 10 -> ack(0x50);
            case 11 -> ack(0x62);
            case 12 -> ack(0x70);
            case 13 -> packet(0xC0);
            case 14 -> disconnect();
            default -> input.flag() ? auth() : connect();
        };
    }

    byte[] connect() {
        int flags = input.one() & 0xFE;
        text(version == ProtocolVersion.MQTT_3_1 ? "MQIsdp" : "MQTT");
        one(version.level());
        one(flags);
        two(input.below(8));
        if (modern) {
            properties(0x11, 0x21, 0x22, 0x27, 0x17, 0x15);
        }
        text(input.pick(CLIENT_IDS));
        if ((flags & 4) != 0) {
            if (modern) {
                properties(0x18, 0x02, 0x01);
            }
            text(input.pick(TOPICS));
            text("will");
        }
        if ((flags & 0x80) != 0) {
            text("user");
        }
        if ((flags & 0x40) != 0) {
            text("password");
        }
        return packet(0x10);
    }

    private byte[] publish() {
        int flags = input.below(16);
        text(input.pick(TOPICS));
        if ((flags & 6) != 0) {
            two(input.below(6));
        }
        if (modern) {
            properties(0x23, 0x02, 0x01, 0x08, 0x0B);
        }
        body.writeBytes(input.some(input.below(64)));
        return packet(0x30 | flags);
    }

    private byte[] subscribe() {
        two(input.below(6));
        if (modern) {
            properties(0x0B);
        }
        for (int i = input.below(4); i >= 0; i--) {
            text(input.pick(FILTERS));
            one(modern ? input.one() & 0x3F : input.below(4));
        }
        return packet(0x82);
    }

    private byte[] unsubscribe() {
        two(input.below(6));
        if (modern) {
            properties();
        }
        for (int i = input.below(3); i >= 0; i--) {
            text(input.pick(FILTERS));
        }
        return packet(0xA2);
    }

    private byte[] ack(int firstByte) {
        two(input.below(6));
        if (modern && input.flag()) {
            one(REASONS[input.below(REASONS.length)]);
        }
        return packet(firstByte);
    }

    private byte[] disconnect() {
        if (modern && input.flag()) {
            one(input.below(6));
            properties(0x11);
        }
        return packet(0xE0);
    }

    private byte[] auth() {
        one(0x18 + input.below(2));
        properties(0x15);
        return packet(0xF0);
    }

    /// Some of these properties, with small values.
    private void properties(int... ids) {
        int chosen = input.one();
        ByteArrayOutputStream properties = new ByteArrayOutputStream();
        for (int i = 0; i < ids.length; i++) {
            if ((chosen >> i & 1) != 0) {
                properties.write(ids[i]);
                properties.writeBytes(value(ids[i]));
            }
        }
        one(properties.size());
        body.writeBytes(properties.toByteArray());
    }

    private byte[] value(int id) {
        byte low = (byte) input.one();
        return switch (id) {
            case 0x01, 0x17 -> new byte[] {(byte) (low & 1)};
            case 0x0B -> new byte[] {(byte) (low & 0x7F)};
            case 0x21, 0x22, 0x23 -> new byte[] {0, (byte) (low & 3)};
            case 0x08, 0x15 -> new byte[] {0, 1, 'x'};
            default -> new byte[] {0, 0, 0, low};
        };
    }

    private void one(int value) {
        body.write(value);
    }

    private void two(int value) {
        one(value >> 8);
        one(value);
    }

    private void text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        two(bytes.length);
        body.writeBytes(bytes);
    }

    /// All bodies are shorter than 16,384 bytes: the length has one byte or two.
    private byte[] packet(int firstByte) {
        ByteArrayOutputStream packet = new ByteArrayOutputStream();
        packet.write(firstByte);
        int size = body.size();
        if (size < 0x80) {
            packet.write(size);
        } else {
            packet.write(size & 0x7F | 0x80);
            packet.write(size >> 7);
        }
        packet.writeBytes(body.toByteArray());
        body.reset();
        return packet.toByteArray();
    }
}
