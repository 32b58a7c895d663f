package io.sotto.testkit.table;

import io.sotto.mqtt.Payload;
import io.sotto.mqtt.ProtocolVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A good packet as the fields that the standard gives it, so that it can be damaged field by
/// field.
///
/// @param firstByte type and flags
/// @param reaction to the whole packet
/// @param shorter where the packet may end early, by the number of fields that are there: what
///   comes of it then. An end anywhere else is malformed
record Sample(
        String title,
        int firstByte,
        List<Field> fields,
        Reaction reaction,
        Map<Integer, Ending> shorter) {

    /// What a field is.
    enum Kind {
        NUMBER,
        PACKET_ID,
        TEXT,
        TOPIC,
        FILTER,
        DATA,
        PROPERTIES,
        /// Whatever is left of the packet.
        REST
    }

    record Field(String name, Kind kind, Payload value) {
        byte[] bytes() {
            return value.toByteArray();
        }
    }

    /// What becomes of a packet that ends early.
    ///
    /// @param fault the reason code with which a decoder refuses it, or 0
    record Ending(int fault, Reaction reaction) {}

    static Field field(String name, Kind kind, byte[] bytes) {
        return new Field(name, kind, Payload.copyOf(bytes));
    }

    byte[] packet() {
        return Wire.packet(firstByte, body());
    }

    byte[] body() {
        return Wire.join(fields.stream().map(Field::bytes).toList());
    }

    /// The packet with other bytes in place of a field.
    byte[] with(Field replaced, byte[] bytes) {
        List<byte[]> parts = new ArrayList<>();
        for (Field field : fields) {
            parts.add(field.equals(replaced) ? bytes : field.bytes());
        }
        return Wire.packet(firstByte, Wire.join(parts));
    }

    /// A packet whose fields depend on the version, as it is written down.
    static final class Builder {
        private final List<Field> fields = new ArrayList<>();
        private final boolean modern;

        Builder(ProtocolVersion version) {
            this.modern = Wire.is5(version);
        }

        Builder add(String name, Kind kind, byte[] bytes) {
            fields.add(field(name, kind, bytes));
            return this;
        }

        /// A set of properties, in 5.0.
        Builder properties(byte[]... properties) {
            return properties("properties", properties);
        }

        Builder properties(String name, byte[]... properties) {
            return modern ? add(name, Kind.PROPERTIES, Wire.properties(properties)) : this;
        }

        Sample build(String title, int firstByte, Reaction reaction, Map<Integer, Ending> shorter) {
            return new Sample(title, firstByte, List.copyOf(fields), reaction, shorter);
        }
    }
}
