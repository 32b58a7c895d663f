package io.sotto.server.config;

import static io.sotto.server.config.Quantity.bytes;
import static io.sotto.server.config.Quantity.count;

import io.sotto.transport.Addresses;
import io.sotto.transport.Carriers;
import io.sotto.transport.WebSocketSettings;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A port at which clients arrive.
///
/// @param anonymous whether clients without credentials are admitted, or null when that was not
///   said
/// @param carriers what is spoken there; settings `listeners[].protocols` and those of each
public record ListenerConfig(
        String name,
        String host,
        int port,
        @Nullable Boolean anonymous,
        Carriers carriers,
        int line) {
    /// What there is without a configuration: this machine only.
    static final ListenerConfig DEFAULT =
            new ListenerConfig("tcp", "127.0.0.1", 1883, null, Carriers.PLAIN, 0);

    private static final long GIB = 1L << 30;

    static ListenerConfig read(Settings settings, int index) {
        String name = settings.text("name", "text", "tcp, tcp-2, ...");
        String host = settings.text("host", "address or name of this machine", DEFAULT.host());
        int port = settings.integer("port", count(0, 65_535), DEFAULT.port());
        Boolean anonymous =
                settings.flagIfGiven("anonymous", "true on loopback while there are no users");
        Carriers carriers = carriers(settings);
        settings.refuseTheRest();
        return new ListenerConfig(
                name != null ? name : index == 0 ? "tcp" : "tcp-" + (index + 1),
                host != null ? host : DEFAULT.host(),
                port,
                anonymous,
                carriers,
                settings.line());
    }

    private static Carriers carriers(Settings settings) {
        List<String> protocols =
                settings.texts("protocols", "list of mqtt and ws", List.of("mqtt"));
        if (protocols.isEmpty() || !List.of("mqtt", "ws").containsAll(protocols)) {
            settings.fault(
                    settings.lineOf("protocols"),
                    "protocols",
                    "is to be a list of mqtt and ws, not " + protocols);
        }
        WebSocketSettings webSocket = webSocket(settings);
        return new Carriers(
                protocols.contains("mqtt"), protocols.contains("ws") ? webSocket : null);
    }

    private static WebSocketSettings webSocket(Settings settings) {
        WebSocketSettings fallback = WebSocketSettings.DEFAULT;
        return new WebSocketSettings(
                settings.texts("websocket.paths", "list of paths", fallback.paths()),
                settings.texts("websocket.origins", "list of origins", fallback.origins()),
                settings.flag("websocket.subprotocol", fallback.subprotocol()),
                addresses(settings, "websocket.proxies"),
                settings.integer("websocket.frame-size", bytes(128, GIB), fallback.frame()),
                settings.integer("websocket.message-size", bytes(128, GIB), fallback.message()),
                settings.integer(
                        "websocket.frames-per-message", count(1, 1_000_000), fallback.frames()));
    }

    private static Addresses addresses(Settings settings, String key) {
        try {
            return Addresses.of(settings.texts(key, "list of addresses", List.of()));
        } catch (IllegalArgumentException e) {
            settings.fault(settings.lineOf(key), key, String.valueOf(e.getMessage()));
            return Addresses.NONE;
        }
    }

    /// Whether only this machine can reach it; a name that is not known is reached by nobody.
    boolean isLoopback() throws UnknownHostException {
        return InetAddress.getByName(host).isLoopbackAddress();
    }

    ListenerConfig at(@Nullable String otherHost, @Nullable Integer otherPort) {
        return new ListenerConfig(
                name,
                otherHost == null ? host : otherHost,
                otherPort == null ? port : otherPort,
                anonymous,
                carriers,
                line);
    }

    ListenerConfig admitting(boolean unnamed) {
        return new ListenerConfig(name, host, port, unnamed, carriers, line);
    }
}
