package io.sotto.mqtt;

import org.jspecify.annotations.Nullable;

/// The last packet on a connection; a server sends it in 5.0 only.
///
/// @param sessionExpiryInterval in seconds, or -1 where that of CONNECT holds; never sent by a
///   server [MQTT-3.14.2-2]
public record Disconnect(
        ReasonCode reason,
        long sessionExpiryInterval,
        Diagnostics diagnostics,
        @Nullable String serverReference)
        implements Packet {

    /// A plain end.
    public static final Disconnect NORMAL =
            new Disconnect(ReasonCode.SUCCESS, -1, Diagnostics.NONE, null);

    /// A server's last word.
    public static Disconnect because(ReasonCode reason, String sentence) {
        return new Disconnect(reason, -1, Diagnostics.of(sentence), null);
    }
}
