package io.sotto.transport;

import java.util.List;

/// How a listener speaks WebSocket.
///
/// @param paths where MQTT is, `*` for everywhere; setting `listeners[].websocket.paths`
/// @param origins which pages of browsers may connect, as their header `Origin` says it, or empty
///   for all; setting `listeners[].websocket.origins`
/// @param subprotocol whether a client has to ask for MQTT by its name; setting
///   `listeners[].websocket.subprotocol`
/// @param proxies whose header `X-Forwarded-For` is believed; setting
///   `listeners[].websocket.proxies`
/// @param frame bytes of one frame, 128 B to 1 GiB; setting `listeners[].websocket.frame-size`
/// @param message bytes of one message, also when it is inflated, 128 B to 1 GiB; setting
///   `listeners[].websocket.message-size`
/// @param frames frames of one message, 1 to 1,000,000; setting
///   `listeners[].websocket.frames-per-message`
/// @param compression whether and how messages are compressed
public record WebSocketSettings(
        List<String> paths,
        List<String> origins,
        boolean subprotocol,
        Networks proxies,
        int frame,
        int message,
        int frames,
        Compression compression) {
    /// `/mqtt`, pages of every origin, subprotocol needed, no proxies, 16 MiB, 1,024 frames, not
    /// compressed.
    public static final WebSocketSettings DEFAULT =
            new WebSocketSettings(
                    List.of("/mqtt"),
                    List.of(),
                    true,
                    Networks.NONE,
                    16 << 20,
                    16 << 20,
                    1_024,
                    Compression.NONE);

    private static final String ANY = "*";

    boolean hasPath(String path) {
        return paths.contains(path) || paths.contains(ANY);
    }
}
