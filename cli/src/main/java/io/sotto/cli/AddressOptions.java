package io.sotto.cli;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/// Where the broker is.
final class AddressOptions {
    private static final int TCP_PORT = 1883;
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
            converter = Url.Converter.class,
            description = "All at once: mqtt[s]://[USER[:PASSWORD]@]HOST[:PORT][/TOPIC].")
    @Nullable Url url;

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

    String host() {
        if (url != null) {
            return url.host();
        }
        return host == null ? "localhost" : host;
    }

    int port(boolean tls) {
        int given = url != null ? url.port() : port == null ? 0 : port;
        if (given < 0 || given > 65_535 || port != null && port == 0) {
            throw new IllegalArgumentException("a port is 1 to 65,535");
        }
        return given != 0 ? given : tls ? TLS_PORT : TCP_PORT;
    }

    /// Whether the address alone asks for TLS.
    boolean meansTls() {
        return url != null ? url.tls() : port != null && port == TLS_PORT;
    }

    /// A broker with all that is needed to use it.
    ///
    /// @param port 0 when none was given
    record Url(
            boolean tls,
            @Nullable String user,
            @Nullable String password,
            String host,
            int port,
            @Nullable String topic) {
        private static final Pattern TEXT =
                Pattern.compile(
                        "mqtt(?<tls>s?)://(?:(?<user>[^:/]*)(?::(?<password>[^/]*))?@)?"
                                + "(?<address>[^@/]+)(?:/(?<topic>.*))?");

        /// The topic is taken as it is written; `%40` and the like count in user and password.
        static Url parse(String text) {
            Matcher parts = TEXT.matcher(text);
            if (!parts.matches()) {
                throw new IllegalArgumentException(
                        "-L takes mqtt[s]://[USER[:PASSWORD]@]HOST[:PORT][/TOPIC]");
            }
            BrokerAddress address = BrokerAddress.parse(parts.group("address"));
            String topic = parts.group("topic");
            return new Url(
                    !parts.group("tls").isEmpty(),
                    decoded(parts.group("user")),
                    decoded(parts.group("password")),
                    address.host(),
                    address.port(),
                    topic == null || topic.isEmpty() ? null : topic);
        }

        private static @Nullable String decoded(@Nullable String text) {
            if (text == null || text.indexOf('%') < 0) {
                return text;
            }
            // A plus stands for itself here, unlike in forms.
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        }

        /// Lets picocli read one.
        static final class Converter implements ITypeConverter<Url> {
            @Override
            public Url convert(String text) {
                try {
                    return parse(text);
                } catch (IllegalArgumentException e) {
                    throw new TypeConversionException(e.getMessage());
                }
            }
        }
    }
}
