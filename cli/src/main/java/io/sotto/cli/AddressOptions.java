package io.sotto.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Where the broker is.
final class AddressOptions {
    private static final int TLS_PORT = 8883;

    @Option(
            names = {"-h", "--host"},
            paramLabel = "HOST",
            description = "The broker's host; localhost unless told otherwise.")
    @Nullable String host;

    @Option(
            names = {"-p", "--port"},
            paramLabel = "PORT",
            description = "Its port; 1883, or 8883 with TLS, unless told otherwise.")
    @Nullable Integer port;

    @Option(
            names = {"-L", "--url"},
            paramLabel = "URL",
            converter = BrokerUrl.Converter.class,
            description = "All at once: " + BrokerUrl.FORM + ".")
    @Nullable BrokerUrl url;

    @Option(
            names = "--unix",
            paramLabel = "FILE",
            description = "A unix socket instead of host and port.")
    @Nullable Path unix;

    @Option(
            names = {"-A", "--bind"},
            paramLabel = "ADDRESS",
            description = "The address of this machine to connect from.")
    @Nullable String bind;

    // Every small packet is sent at once anyway.
    @Option(names = "--nodelay", hidden = true)
    boolean noDelay;

    AddressOptions() {}

    /// Where that is.
    ///
    /// @throws IllegalArgumentException with a sentence, when it cannot be
    BrokerUrl settle() {
        if (port != null && (port < 1 || port > 65_535)) {
            throw new IllegalArgumentException("a port is 1 to 65,535");
        }
        if (host != null && host.isEmpty()) {
            throw new IllegalArgumentException("-h is empty: a host has a name or an address");
        }
        if (url != null) {
            return url;
        }
        if (unix != null) {
            return BrokerUrl.of(unix);
        }
        return BrokerUrl.of(host == null ? "localhost" : host, port == null ? 0 : port);
    }

    /// Whether the address alone asks for TLS.
    boolean meansTls() {
        return url != null ? url.scheme().isSecure() : port != null && port == TLS_PORT;
    }
}
