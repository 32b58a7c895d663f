package io.sotto.testkit.table;

import io.sotto.mqtt.ProtocolVersion;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;

/// Bytes put together by hand, without the codec that they are to test.
final class Wire {
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private Wire() {}

    static byte[] join(byte[]... parts) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            joined.writeBytes(part);
        }
        return joined.toByteArray();
    }

    static byte[] join(List<byte[]> parts) {
        return join(parts.toArray(byte[][]::new));
    }

    /// Bytes in hex, with spaces where they help.
    static byte[] hex(String hex) {
        return HEX.parseHex(hex.replace(" ", ""));
    }

    static String hex(byte[] bytes) {
        return HEX.formatHex(bytes);
    }

    static byte[] one(int value) {
        return new byte[] {(byte) value};
    }

    static byte[] two(int value) {
        return new byte[] {(byte) (value >> 8), (byte) value};
    }

    /// Bytes with their length in two bytes.
    static byte[] data(byte... bytes) {
        return join(two(bytes.length), bytes);
    }

    static byte[] text(String text) {
        return data(text.getBytes(StandardCharsets.UTF_8));
    }

    /// A variable byte integer in as few bytes as possible.
    static byte[] variable(int value) {
        return variable(value, value < 0x80 ? 1 : value < 0x4000 ? 2 : value < 0x20_0000 ? 3 : 4);
    }

    /// A variable byte integer in this many bytes, needed or not.
    static byte[] variable(int value, int bytes) {
        byte[] encoded = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            encoded[i] = (byte) (value >> 7 * i & 0x7F | (i < bytes - 1 ? 0x80 : 0));
        }
        return encoded;
    }

    /// A set of properties with its length.
    static byte[] properties(byte[]... properties) {
        byte[] all = join(properties);
        return join(variable(all.length), all);
    }

    static byte[] packet(int firstByte, byte[]... parts) {
        byte[] body = join(parts);
        return join(one(firstByte), variable(body.length), body);
    }

    static boolean is5(ProtocolVersion version) {
        return version == ProtocolVersion.MQTT_5;
    }

    /// The empty set of properties, where the version has them.
    static byte[] noProperties(ProtocolVersion version) {
        return is5(version) ? one(0) : new byte[0];
    }

    /// Protocol name and level.
    static byte[] protocol(ProtocolVersion version) {
        return switch (version) {
            case MQTT_3_1 -> join(text("MQIsdp"), one(3));
            case MQTT_3_1_1 -> join(text("MQTT"), one(4));
            case MQTT_5 -> join(text("MQTT"), one(5));
        };
    }
}
