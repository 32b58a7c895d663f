package io.sotto.cli;

import io.sotto.client.Transport;
import io.sotto.client.Wire;
import java.net.URLDecoder;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// A broker with all that is needed to use it, as one word.
///
/// @param address host and port; of no meaning for a unix socket
/// @param rest what follows the address: the topic of `mqtt`, the path of `ws`, the file of `unix`;
///   empty for none
record BrokerUrl(
        Scheme scheme,
        @Nullable String user,
        @Nullable String password,
        BrokerAddress address,
        String rest) {
    static final String FORM =
            "mqtt[s]://[USER[:PASSWORD]@]HOST[:PORT][/TOPIC], ws[s]://[USER[:PASSWORD]@]HOST[:PORT]"
                    + "[/PATH] or unix:FILE";

    private static final BrokerAddress NOWHERE = new BrokerAddress("", 0);
    private static final String USUAL_PATH = "/mqtt";
    private static final Pattern NET =
            Pattern.compile(
                    "(?<scheme>mqtts?|wss?)://(?:(?<user>[^:/]*)(?::(?<password>[^/]*))?@)?"
                            + "(?<address>[^@/]+)(?:/(?<rest>.*))?");
    private static final Pattern UNIX = Pattern.compile("unix:(?://(?=/))?(?<file>.+)");
    private static final Pattern ANY_SCHEME = Pattern.compile("[a-z]+://.*|unix:.*");

    /// What is spoken, and where unless told otherwise.
    enum Scheme {
        MQTT(1883, 8883),
        WS(80, 443),
        UNIX(0, 0),
        MQTTS(8883, 8883),
        WSS(443, 443);

        private final int port;
        private final int securePort;

        Scheme(int port, int securePort) {
            this.port = port;
            this.securePort = securePort;
        }

        boolean isSecure() {
            return this == MQTTS || this == WSS;
        }

        boolean isWebSocket() {
            return this == WS || this == WSS;
        }
    }

    /// A broker without more than an address, over plain MQTT.
    static BrokerUrl of(String host, int port) {
        return new BrokerUrl(Scheme.MQTT, null, null, new BrokerAddress(host, port), "");
    }

    /// A unix socket.
    static BrokerUrl of(Path file) {
        return new BrokerUrl(Scheme.UNIX, null, null, NOWHERE, file.toString());
    }

    /// The topic and the path are taken as they are written; `%40` and the like count in user and
    /// password.
    static BrokerUrl parse(String text) {
        Matcher unix = UNIX.matcher(text);
        if (unix.matches()) {
            return of(Path.of(unix.group("file")));
        }
        Matcher parts = NET.matcher(text);
        if (!parts.matches()) {
            // Not the text itself: it may hold a password.
            throw new IllegalArgumentException("a URL is " + FORM);
        }
        String rest = parts.group("rest");
        return new BrokerUrl(
                Scheme.valueOf(parts.group("scheme").toUpperCase(Locale.ROOT)),
                decoded(parts.group("user")),
                decoded(parts.group("password")),
                BrokerAddress.parse(parts.group("address")),
                rest == null ? "" : rest);
    }

    private static @Nullable String decoded(@Nullable String text) {
        if (text == null || text.indexOf('%') < 0) {
            return text;
        }
        // A plus stands for itself here, unlike in forms.
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /// The topic that the URL names, or null.
    @Nullable String topic() {
        boolean names = scheme == Scheme.MQTT || scheme == Scheme.MQTTS;
        return names && !rest.isEmpty() ? rest : null;
    }

    /// The port that was given, or the usual one.
    int port(boolean tls) {
        return address.port() != 0 ? address.port() : tls ? scheme.securePort : scheme.port;
    }

    /// The way there.
    ///
    /// @param bind the own address, or null for any
    /// @param security null for none
    Transport.Connector connector(@Nullable String bind, Sockets.@Nullable Security security) {
        if (scheme == Scheme.UNIX) {
            return Transport.unix(Path.of(rest));
        }
        int port = port(security != null);
        Transport.Connector socket = Sockets.tcp(address.host(), port, bind, security);
        if (!scheme.isWebSocket()) {
            return socket;
        }
        return Transport.webSocket(socket, hostHeader(port, security != null), path());
    }

    /// The way there for who has one thread for many connections, as [#connector].
    Wire.Opener opener(@Nullable String bind, Sockets.@Nullable Security security) {
        if (scheme == Scheme.UNIX) {
            UnixDomainSocketAddress file = UnixDomainSocketAddress.of(rest);
            return _ -> Wire.over(SocketChannel.open(file));
        }
        int port = port(security != null);
        Wire.Opener socket = Sockets.wire(address.host(), port, bind, security);
        return scheme.isWebSocket()
                ? Wire.webSocket(socket, hostHeader(port, security != null), path())
                : socket;
    }

    private String path() {
        return rest.isEmpty() ? USUAL_PATH : "/" + rest;
    }

    private String hostHeader(int port, boolean tls) {
        String name = address.host().contains(":") ? "[" + address.host() + "]" : address.host();
        return port == (tls ? Scheme.WSS.port : Scheme.WS.port) ? name : name + ":" + port;
    }

    /// Without secrets.
    @Override
    public String toString() {
        if (scheme == Scheme.UNIX) {
            return "unix:" + rest;
        }
        String name = scheme.name().toLowerCase(Locale.ROOT) + "://" + address.host();
        return address.port() == 0 ? name : name + ":" + address.port();
    }

    /// Lets picocli read one.
    static final class Converter implements ITypeConverter<BrokerUrl> {
        @Override
        public BrokerUrl convert(String text) {
            try {
                return parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    /// Lets picocli read one, or `HOST[:PORT]`.
    static final class ShortConverter implements ITypeConverter<BrokerUrl> {
        @Override
        public BrokerUrl convert(String text) {
            try {
                if (ANY_SCHEME.matcher(text).matches()) {
                    return parse(text);
                }
                BrokerAddress address = BrokerAddress.parse(text);
                return of(address.host(), address.port());
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}
