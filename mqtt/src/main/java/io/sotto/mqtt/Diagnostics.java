package io.sotto.mqtt;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What an answer of 5.0 may say beside its reason code. Left out where the peer asked for none
/// [MQTT-3.1.2-29] or where the packet would become too large for it.
public record Diagnostics(@Nullable String reasonString, List<UserProperty> userProperties) {
    public static final Diagnostics NONE = new Diagnostics(null, List.of());

    public Diagnostics {
        userProperties = List.copyOf(userProperties);
    }

    /// Just a sentence.
    public static Diagnostics of(String reasonString) {
        return new Diagnostics(reasonString, List.of());
    }

    public boolean isNone() {
        return reasonString == null && userProperties.isEmpty();
    }
}
