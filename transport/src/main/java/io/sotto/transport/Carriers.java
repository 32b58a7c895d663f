package io.sotto.transport;

import org.jspecify.annotations.Nullable;

/// What may carry MQTT at a listener, from the top down.
///
/// @param mqtt whether MQTT may come as it is; setting `listeners[].protocols`
/// @param webSocket how WebSocket may carry it, or null when it may not
/// @param tls how both are within TLS, or null when they are not
/// @param proxy the proxies that pass connections on, or null when they come directly
public record Carriers(
        boolean mqtt,
        @Nullable WebSocketSettings webSocket,
        @Nullable TlsSettings tls,
        @Nullable ProxySettings proxy) {
    /// MQTT as it is.
    public static final Carriers PLAIN = new Carriers(true, null, null, null);

    /// Whether a peer that is let in stands for others, and is to say for whom.
    boolean passesOn(String address) {
        return proxy != null || webSocket != null && webSocket.proxies().contains(address);
    }
}
