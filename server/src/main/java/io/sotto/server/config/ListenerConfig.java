package io.sotto.server.config;

import static io.sotto.server.config.Quantity.count;

import io.sotto.transport.Carriers;
import io.sotto.transport.TlsSettings;
import io.sotto.transport.TlsSettings.Identity;
import io.sotto.transport.TlsSettings.Need;
import java.net.InetAddress;
import java.net.UnknownHostException;
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

    static ListenerConfig read(Settings settings, int index) {
        String name = settings.text("name", "text", "tcp, tcp-2, ...");
        String host = settings.text("host", "address or name of this machine", DEFAULT.host());
        int port = settings.integer("port", count(0, 65_535), DEFAULT.port());
        Boolean anonymous =
                settings.flagIfGiven("anonymous", "true on loopback while there are no users");
        Carriers carriers = CarrierKeys.read(settings);
        settings.refuseTheRest();
        return new ListenerConfig(
                name != null ? name : index == 0 ? "tcp" : "tcp-" + (index + 1),
                host != null ? host : DEFAULT.host(),
                port,
                anonymous,
                carriers,
                settings.line());
    }

    /// Whether only this machine can reach it; a name that is not known is reached by nobody.
    boolean isLoopback() throws UnknownHostException {
        return InetAddress.getByName(host).isLoopbackAddress();
    }

    /// Whether whoever gets in has shown who it is.
    boolean knowsEverybody() {
        TlsSettings tls = carriers.tls();
        return tls != null
                && !tls.plain()
                && tls.clients().need() == Need.REQUIRED
                && tls.clients().identity() != Identity.NONE;
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
