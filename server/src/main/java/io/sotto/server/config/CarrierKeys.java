package io.sotto.server.config;

import static io.sotto.server.config.Quantity.bytes;
import static io.sotto.server.config.Quantity.count;
import static io.sotto.server.config.Quantity.seconds;

import io.sotto.transport.Carriers;
import io.sotto.transport.Compression;
import io.sotto.transport.Networks;
import io.sotto.transport.ProxySettings;
import io.sotto.transport.TlsSettings;
import io.sotto.transport.TlsSettings.Clients;
import io.sotto.transport.TlsSettings.Engine;
import io.sotto.transport.TlsSettings.Handshakes;
import io.sotto.transport.TlsSettings.Identity;
import io.sotto.transport.TlsSettings.Need;
import io.sotto.transport.TlsSettings.Pair;
import io.sotto.transport.TlsSettings.Upkeep;
import io.sotto.transport.WebSocketSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The keys of what may carry MQTT at a listener; each stands in the doc comment of its component.
final class CarrierKeys {
    private static final List<String> PROTOCOLS = List.of("mqtt", "ws");
    private static final long GIB = 1L << 30;
    private static final int DAY = 24 * 3600;
    private static final int TEN_YEARS = 3650 * DAY;

    private CarrierKeys() {}

    static Carriers read(Settings settings) {
        List<String> protocols =
                settings.texts("protocols", "list of mqtt and ws", List.of("mqtt"));
        if (protocols.isEmpty() || !PROTOCOLS.containsAll(protocols)) {
            settings.fault(
                    settings.lineOf("protocols"),
                    "protocols",
                    "is to be a list of mqtt and ws, not " + protocols);
        }
        WebSocketSettings webSocket = webSocket(settings);
        return new Carriers(
                protocols.contains("mqtt"),
                protocols.contains("ws") ? webSocket : null,
                tls(settings),
                proxy(settings));
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
                        "websocket.frames-per-message", count(1, 1_000_000), fallback.frames()),
                compression(settings));
    }

    private static Compression compression(Settings settings) {
        Compression fallback = Compression.NONE;
        return new Compression(
                settings.flag("websocket.compression", fallback.allowed()),
                settings.integer("websocket.compression-ratio", count(1, 2_000), fallback.ratio()),
                settings.integer(
                        "websocket.compression-contexts",
                        count(0, 1_000_000),
                        fallback.contexts()));
    }

    private static @Nullable TlsSettings tls(Settings settings) {
        boolean isGiven = settings.has("tls.");
        List<Pair> pairs = pairs(settings, isGiven);
        Clients clients = clients(settings);
        boolean plain = settings.flag("tls.plain", false);
        boolean oldVersion = settings.flag("tls.version-1.2", true);
        Engine engine = settings.choice("tls.engine", Engine.AUTO);
        List<String> ciphers = ciphers(settings);
        Handshakes handshakes =
                new Handshakes(
                        settings.integer(
                                "tls.handshake-timeout",
                                seconds(1, 3600),
                                Handshakes.DEFAULT.timeout()),
                        settings.integer(
                                "tls.handshakes",
                                count(1, 1_000_000),
                                Handshakes.DEFAULT.atOnce()));
        Upkeep upkeep =
                new Upkeep(
                        settings.integer("tls.watch", seconds(1, DAY), Upkeep.DEFAULT.watch()),
                        settings.integer(
                                "tls.expiry-warning",
                                seconds(0, TEN_YEARS),
                                Upkeep.DEFAULT.warning()));
        return isGiven
                ? new TlsSettings(
                        pairs, clients, plain, oldVersion, engine, handshakes, upkeep, ciphers)
                : null;
    }

    private static List<String> ciphers(Settings settings) {
        List<String> all = new ArrayList<>(TlsSettings.MODERN_CIPHERS);
        all.addAll(TlsSettings.CIPHERS);
        List<String> ciphers = settings.texts("tls.ciphers", "list of suites in IANA's names", all);
        if (!all.containsAll(ciphers)) {
            settings.fault(
                    settings.lineOf("tls.ciphers"),
                    "tls.ciphers",
                    "is to be a list of some of " + all);
        }
        return ciphers;
    }

    private static List<Pair> pairs(Settings settings, boolean isGiven) {
        List<Pair> pairs = new ArrayList<>();
        Pair first = pair(settings, "tls.", isGiven);
        if (first != null) {
            pairs.add(first);
        }
        for (Settings item : settings.items("tls.more")) {
            Pair more = pair(item, "", true);
            if (more != null) {
                pairs.add(more);
            }
            item.refuseTheRest();
        }
        return pairs;
    }

    /// The keys of one more certificate.
    static @Nullable Pair pair(Settings settings, String section, boolean isNeeded) {
        String must = "must be given with tls";
        Path certificate = file(settings, section + "certificate", must);
        Path key = file(settings, section + "key", must);
        Path passphrase = file(settings, section + "passphrase-file", "none");
        Path chain = file(settings, section + "chain", "none");
        if (certificate == null || key == null) {
            String missing = section + (certificate == null ? "certificate" : "key");
            if (isNeeded && !settings.isGiven(missing)) {
                settings.fault(settings.line(), missing, "is missing");
            }
            return null;
        }
        return new Pair(certificate, key, passphrase, chain);
    }

    private static @Nullable Path file(Settings settings, String key, String fallback) {
        String text = settings.text(key, "file", fallback);
        return text == null ? null : OtherFile.path(settings, key, text);
    }

    private static Clients clients(Settings settings) {
        Need need = settings.choice("tls.client-certificate", Need.NONE);
        Clients clients =
                new Clients(
                        need,
                        files(settings, "tls.client-ca"),
                        files(settings, "tls.crl"),
                        settings.choice("tls.identity", Identity.COMMON_NAME));
        if (need != Need.NONE && clients.authorities().isEmpty()) {
            settings.fault(
                    settings.lineOf("tls.client-certificate"),
                    "tls.client-ca",
                    "is missing: without it no client certificate counts");
        }
        if (need == Need.NONE
                && !(clients.authorities().isEmpty() && clients.revoked().isEmpty())) {
            settings.fault(
                    settings.lineOf("tls.client-ca"),
                    "tls.client-certificate",
                    "is to be optional or required where tls.client-ca or tls.crl is given");
        }
        return clients;
    }

    private static List<Path> files(Settings settings, String key) {
        return settings.texts(key, "list of files", List.of()).stream()
                .map(text -> OtherFile.path(settings, key, text))
                .filter(Objects::nonNull)
                .toList();
    }

    private static @Nullable ProxySettings proxy(Settings settings) {
        boolean isGiven = settings.has("proxy.");
        Networks sources = addresses(settings, "proxy.sources");
        boolean identity = settings.flag("proxy.identity", false);
        if (isGiven && sources.blocks().isEmpty()) {
            settings.fault(
                    settings.lineOf("proxy.identity"),
                    "proxy.sources",
                    "is missing: without it nobody gets in");
        }
        return isGiven ? new ProxySettings(sources, identity) : null;
    }

    private static Networks addresses(Settings settings, String key) {
        try {
            return Networks.of(settings.texts(key, "list of addresses", List.of()));
        } catch (IllegalArgumentException e) {
            settings.fault(settings.lineOf(key), key, String.valueOf(e.getMessage()));
            return Networks.NONE;
        }
    }
}
