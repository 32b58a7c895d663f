package io.sotto.server.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/// A port at which clients arrive.
///
/// @param anonymous whether clients without credentials are admitted, or null when that was not
///   said
public record ListenerConfig(
        String name, String host, int port, @Nullable Boolean anonymous, int line) {
    /// What there is without a configuration: this machine only.
    static final ListenerConfig DEFAULT = new ListenerConfig("tcp", "127.0.0.1", 1883, null, 0);

    static ListenerConfig read(Settings settings, int index) {
        String name = settings.text("name", "text", "tcp, tcp-2, ...");
        String host = settings.text("host", "address or name of this machine", DEFAULT.host());
        int port = settings.integer("port", Quantity.count(0, 65_535), DEFAULT.port());
        Boolean anonymous =
                settings.flagIfGiven("anonymous", "true on loopback while there are no users");
        settings.refuseTheRest();
        return new ListenerConfig(
                name != null ? name : index == 0 ? "tcp" : "tcp-" + (index + 1),
                host != null ? host : DEFAULT.host(),
                port,
                anonymous,
                settings.line());
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
                line);
    }

    ListenerConfig admitting(boolean unnamed) {
        return new ListenerConfig(name, host, port, unnamed, line);
    }
}
