package io.sotto.server.config;

import io.sotto.broker.spi.Durability;
import io.sotto.broker.spi.MountPoint;
import io.sotto.broker.spi.Terms;
import io.sotto.broker.spi.Terms.ClientIds;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.Utf8;
import io.sotto.transport.Carriers;
import io.sotto.transport.Endpoint;
import io.sotto.transport.Endpoint.Port;
import io.sotto.transport.Endpoint.UnixSocket;
import io.sotto.transport.TlsSettings;
import io.sotto.transport.TlsSettings.Identity;
import io.sotto.transport.TlsSettings.Need;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A port or a socket at which clients arrive.
///
/// @param endpoint where it is; settings `listeners[].host` and `.port`, or `.path` and `.mode`
/// @param anonymous whether clients without credentials are admitted, or null when that was not
///   said
/// @param carriers what is spoken there; settings `listeners[].protocols` and those of each
/// @param connections how many there may be at once, 0 for no bound of its own; setting
///   `listeners[].connections`
/// @param aclFile rules for this listener alone, in a file of Mosquitto's, or null; setting
///   `listeners[].acl-file`
/// @param durability how surely its clients' sessions and messages are kept, null for as usual;
///   setting `listeners[].durability`
/// @param ways how clients log in, in the order in which that is tried; setting
///   `listeners[].authentication`
/// @param terms what is asked of clients
public record ListenerConfig(
        String name,
        Endpoint endpoint,
        @Nullable Boolean anonymous,
        Carriers carriers,
        int connections,
        @Nullable String aclFile,
        @Nullable Durability durability,
        List<LoginWay> ways,
        Terms terms,
        int line) {
    private static final Port HERE = new Port("127.0.0.1", 1883);
    private static final int MODE = 0660;
    private static final int LONGEST_PREFIX = 100;
    private static final int LONGEST_MOUNT_POINT = 1_000;

    /// What there is without a configuration: this machine only.
    static final ListenerConfig DEFAULT =
            new ListenerConfig(
                    "tcp",
                    HERE,
                    null,
                    Carriers.PLAIN,
                    0,
                    null,
                    null,
                    LoginWay.ALL,
                    Terms.DEFAULT,
                    0);

    static ListenerConfig read(Settings settings, int index) {
        String name = settings.text("name", "text", "tcp, tcp-2, ...");
        Endpoint endpoint = endpoint(settings);
        Boolean anonymous =
                settings.flagIfGiven("anonymous", "true on loopback while there are no users");
        Carriers carriers = CarrierKeys.read(settings);
        int connections =
                settings.integer(
                        "connections", Quantity.count(1, 10_000_000).or("unlimited", 0), 0);
        String aclFile = settings.text("acl-file", "file", "none");
        Durability durability = settings.choiceIfGiven("durability", Durability.class);
        List<LoginWay> ways = ways(settings);
        Terms terms = terms(settings);
        settings.refuseTheRest();
        return new ListenerConfig(
                name != null ? name : index == 0 ? "tcp" : "tcp-" + (index + 1),
                endpoint,
                anonymous,
                carriers,
                connections,
                aclFile,
                durability,
                ways,
                terms,
                settings.line());
    }

    private static Terms terms(Settings settings) {
        Map<String, ProtocolVersion> known = new LinkedHashMap<>();
        known.put("3.1", ProtocolVersion.MQTT_3_1);
        known.put("3.1.1", ProtocolVersion.MQTT_3_1_1);
        known.put("5.0", ProtocolVersion.MQTT_5);
        List<String> all = List.copyOf(known.keySet());
        List<String> words = settings.texts("versions", "list of 3.1, 3.1.1 and 5.0", all);
        if (words.isEmpty() || !known.keySet().containsAll(words)) {
            settings.fault(
                    settings.lineOf("versions"),
                    "versions",
                    "is to be a list of 3.1, 3.1.1 and 5.0, not " + words);
            words = all;
        }
        ClientIds clientIds = settings.choice("client-id", ClientIds.OWN);
        String prefix = settings.text("assigned-id-prefix", "text", Terms.DEFAULT.idPrefix());
        if (prefix != null && (Utf8.isDiscouraged(prefix) || prefix.length() > LONGEST_PREFIX)) {
            settings.fault(
                    settings.lineOf("assigned-id-prefix"),
                    "assigned-id-prefix",
                    "is to be up to %d characters, none of them a control character"
                            .formatted(LONGEST_PREFIX));
        }
        return new Terms(
                words.stream().map(known::get).collect(Collectors.toSet()),
                clientIds,
                prefix == null ? Terms.DEFAULT.idPrefix() : prefix,
                mountPoint(settings),
                beginnings(settings));
    }

    private static List<String> beginnings(Settings settings) {
        List<String> beginnings =
                settings.texts("client-id-prefixes", "list of beginnings", List.of());
        if (beginnings.contains("")) {
            settings.fault(
                    settings.lineOf("client-id-prefixes"),
                    "client-id-prefixes",
                    "has a beginning without a character, which all ids have; leave it out for"
                            + " all");
        }
        return beginnings;
    }

    /// A beginning of topics. One with `$` could make share groups or the broker's own topics of
    /// what clients say.
    private static MountPoint mountPoint(Settings settings) {
        String prefix = settings.text("mount-point", "text", "none");
        if (prefix == null) {
            return MountPoint.NONE;
        }
        boolean bad =
                prefix.isEmpty()
                        || prefix.startsWith("$")
                        || prefix.contains("+")
                        || prefix.contains("#")
                        || Utf8.isDiscouraged(prefix)
                        || prefix.length() > LONGEST_MOUNT_POINT;
        if (bad) {
            settings.fault(
                    settings.lineOf("mount-point"),
                    "mount-point",
                    "is to be 1 to %,d characters, without + and #, without a $ at the beginning and without control characters"
                            .formatted(LONGEST_MOUNT_POINT));
            return MountPoint.NONE;
        }
        return new MountPoint(prefix);
    }

    private static List<LoginWay> ways(Settings settings) {
        List<String> all = LoginWay.ALL.stream().map(LoginWay::word).toList();
        List<String> words = settings.texts("authentication", "list of jwt, users and http", all);
        if (words.isEmpty() || !all.containsAll(words) || Set.copyOf(words).size() < words.size()) {
            settings.fault(
                    settings.lineOf("authentication"),
                    "authentication",
                    "is to be a list of jwt, users and http, each at most once, not " + words);
            return LoginWay.ALL;
        }
        return words.stream().map(word -> LoginWay.ALL.get(all.indexOf(word))).toList();
    }

    private static Endpoint endpoint(Settings settings) {
        boolean hasPort = settings.has("host") || settings.has("port");
        String host = settings.text("host", "address or name of this machine", HERE.host());
        int port = settings.integer("port", Quantity.count(0, 65_535), HERE.port());
        String path = settings.text("path", "file", "none");
        String mode = settings.text("mode", "three octal digits", "660");
        if (host != null && host.isEmpty()) {
            settings.fault(settings.lineOf("host"), "host", "is empty; 0.0.0.0 is every address");
        }
        if (path == null) {
            if (mode != null) {
                settings.fault(settings.lineOf("mode"), "mode", "is for a listener with a path");
            }
            return new Port(host == null ? HERE.host() : host, port);
        }
        if (hasPort) {
            settings.fault(
                    settings.lineOf("path"),
                    "path",
                    "is given beside a host or a port; one of both");
        }
        if (mode != null && !mode.matches("[0-7]{3}")) {
            settings.fault(
                    settings.lineOf("mode"),
                    "mode",
                    "is to be three octal digits such as 660, not '" + mode + "'");
            mode = null;
        }
        Path file = OtherFile.path(settings, "path", path);
        return file == null
                ? HERE
                : new UnixSocket(file, mode == null ? MODE : Integer.parseInt(mode, 8));
    }

    /// Whether only this machine can reach it; a name that is not known is reached by nobody.
    boolean isLoopback() throws UnknownHostException {
        return switch (endpoint) {
            case Port port -> InetAddress.getByName(port.host()).isLoopbackAddress();
            case UnixSocket ignored -> true;
        };
    }

    /// Whether whoever gets in has shown who it is.
    boolean knowsEverybody() {
        TlsSettings tls = carriers.tls();
        return tls != null
                && !tls.plain()
                && tls.clients().need() == Need.REQUIRED
                && tls.clients().identity() != Identity.NONE;
    }

    /// The same at another port; a socket in the file system has none and stays where it is.
    ListenerConfig at(@Nullable String otherHost, @Nullable Integer otherPort) {
        return endpoint instanceof Port(String host, int port)
                ? new ListenerConfig(
                        name,
                        new Port(
                                otherHost == null ? host : otherHost,
                                otherPort == null ? port : otherPort),
                        anonymous,
                        carriers,
                        connections,
                        aclFile,
                        durability,
                        ways,
                        terms,
                        line)
                : this;
    }

    ListenerConfig admitting(boolean unnamed) {
        return new ListenerConfig(
                name,
                endpoint,
                unnamed,
                carriers,
                connections,
                aclFile,
                durability,
                ways,
                terms,
                line);
    }
}
