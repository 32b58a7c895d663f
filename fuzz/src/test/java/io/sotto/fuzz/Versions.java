package io.sotto.fuzz;

import io.sotto.mqtt.ProtocolVersion;
import org.jspecify.annotations.Nullable;

/// The version of a connection by the low two bits of a choice.
final class Versions {
    private Versions() {}

    /// Null for a connection that has not begun.
    static @Nullable ProtocolVersion of(int choice) {
        return switch (choice & 3) {
            case 0 -> null;
            case 1 -> ProtocolVersion.MQTT_3_1;
            case 2 -> ProtocolVersion.MQTT_3_1_1;
            default -> ProtocolVersion.MQTT_5;
        };
    }
}
