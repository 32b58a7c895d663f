package io.sotto.server.config;

import static io.sotto.server.config.Quantity.count;
import static io.sotto.server.config.Quantity.seconds;

import com.nimbusds.jose.jwk.JWK;
import io.sotto.access.http.HttpLoginSettings;
import io.sotto.access.http.HttpTarget;
import io.sotto.access.jwt.JwtKeys;
import io.sotto.access.jwt.JwtSettings;
import io.sotto.access.jwt.JwtSettings.AtAddress;
import io.sotto.access.jwt.JwtSettings.Checks;
import io.sotto.access.jwt.JwtSettings.Claims;
import io.sotto.access.jwt.JwtSettings.Expiry;
import io.sotto.access.jwt.JwtSettings.InFile;
import io.sotto.access.jwt.JwtSettings.Keys;
import io.sotto.access.jwt.JwtSettings.UserName;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The keys of tokens and of who is asked over HTTP; each stands in the doc comment of its
/// component.
final class LoginKeys {
    private static final int DAY = 24 * 3600;

    private LoginKeys() {}

    /// How tokens are judged, or null without a section `jwt`.
    static @Nullable JwtSettings jwt(Settings settings) {
        boolean isGiven = settings.has("jwt.");
        List<String> algorithms =
                settings.texts("jwt.algorithms", "list of algorithms of RFC 7518", List.of());
        boolean atAddress = settings.isGiven("jwt.jwks-url");
        boolean sound = isGiven && checkAlgorithms(settings, algorithms, atAddress);
        Keys keys = keys(settings, isGiven, sound ? Set.copyOf(algorithms) : null);
        Checks checks =
                new Checks(
                        settings.text("jwt.issuer", "text", "none"),
                        Set.copyOf(settings.texts("jwt.audience", "list of texts", List.of())),
                        settings.integer("jwt.leeway", seconds(0, 600), Checks.LEEWAY),
                        settings.choice("jwt.expiry", Expiry.REQUIRED));
        Claims claims = claims(settings);
        return isGiven && sound && keys != null
                ? new JwtSettings(keys, Set.copyOf(algorithms), checks, claims)
                : null;
    }

    private static boolean checkAlgorithms(
            Settings settings, List<String> algorithms, boolean atAddress) {
        if (algorithms.isEmpty()) {
            settings.fault(
                    settings.lineOf("jwt.algorithms"),
                    "jwt.algorithms",
                    "is missing: say what tokens are signed with, such as RS256, ES256 or HS256");
            return false;
        }
        try {
            JwtKeys.checkAlgorithms(algorithms, atAddress);
            return true;
        } catch (IllegalArgumentException e) {
            settings.fault(
                    settings.lineOf("jwt.algorithms"),
                    "jwt.algorithms",
                    String.valueOf(e.getMessage()));
            return false;
        }
    }

    /// @param algorithms null when they are not sound
    private static @Nullable Keys keys(
            Settings settings, boolean isGiven, @Nullable Set<String> algorithms) {
        String file = settings.text("jwt.key-file", "file", "none");
        HttpTarget target =
                target(settings, "jwt.jwks-url", "jwt.jwks-ca", null, "jwt.jwks-timeout");
        int refresh = settings.integer("jwt.jwks-refresh", seconds(60, DAY), AtAddress.REFRESH);
        int pause = settings.integer("jwt.jwks-pause", seconds(1, 3600), AtAddress.PAUSE);
        int outage = settings.integer("jwt.jwks-outage", seconds(0, 7 * DAY), AtAddress.OUTAGE);
        if (pause >= refresh) {
            settings.fault(
                    settings.lineOf("jwt.jwks-pause"),
                    "jwt.jwks-pause",
                    "is to be shorter than jwt.jwks-refresh");
            return null;
        }
        boolean atAddress = settings.isGiven("jwt.jwks-url");
        if (isGiven && (file == null) == !atAddress) {
            settings.fault(
                    settings.lineOf("jwt.key-file"),
                    "jwt.key-file",
                    file == null
                            ? "is missing, and there is no jwt.jwks-url instead"
                            : "is given beside jwt.jwks-url; one of both");
            return null;
        }
        if (target != null) {
            return new AtAddress(target, refresh, pause, outage);
        }
        List<JWK> read =
                file == null || algorithms == null ? null : read(settings, file, algorithms);
        return read == null ? null : new InFile(read);
    }

    private static @Nullable List<JWK> read(
            Settings settings, String file, Set<String> algorithms) {
        byte[] content = OtherFile.bytes(settings, "jwt.key-file", file);
        try {
            return content == null ? null : JwtKeys.read(content, algorithms);
        } catch (IllegalArgumentException e) {
            settings.fault(
                    settings.lineOf("jwt.key-file"),
                    "jwt.key-file",
                    "'" + file + "' " + e.getMessage());
            return null;
        }
    }

    private static Claims claims(Settings settings) {
        Claims fallback = Claims.DEFAULT;
        return new Claims(
                textOr(settings, "jwt.user-claim", fallback.user()),
                settings.choice("jwt.user-name", UserName.MATCH),
                settings.text("jwt.client-id-claim", "text", "none"),
                textOr(settings, "jwt.publish-claim", fallback.publish()),
                textOr(settings, "jwt.subscribe-claim", fallback.subscribe()));
    }

    private static String textOr(Settings settings, String key, String fallback) {
        String text = settings.text(key, "text", fallback);
        return text == null ? fallback : text;
    }

    /// Who is asked over HTTP, or null without a section `http-login`.
    static @Nullable HttpLoginSettings http(Settings settings) {
        boolean isGiven = settings.has("http-login.");
        HttpTarget target =
                target(
                        settings,
                        "http-login.url",
                        "http-login.ca",
                        "http-login.token-file",
                        "http-login.timeout");
        int cache =
                settings.integer(
                        "http-login.cache",
                        seconds(1, DAY).or("never", 0),
                        HttpLoginSettings.CACHE);
        int cacheSize =
                settings.integer(
                        "http-login.cache-size",
                        count(1, 10_000_000),
                        HttpLoginSettings.CACHE_SIZE);
        int atOnce =
                settings.integer("http-login.at-once", count(1, 10_000), HttpLoginSettings.AT_ONCE);
        int waiting =
                settings.integer(
                        "http-login.waiting", count(0, 1_000_000), HttpLoginSettings.WAITING);
        if (isGiven && !settings.isGiven("http-login.url")) {
            settings.fault(settings.line(), "http-login.url", "is missing");
        }
        return isGiven && target != null
                ? new HttpLoginSettings(target, cache, cacheSize, atOnce, waiting)
                : null;
    }

    private static @Nullable HttpTarget target(
            Settings settings,
            String urlKey,
            String caKey,
            @Nullable String tokenKey,
            String timeoutKey) {
        String text = settings.text(urlKey, "address", "none");
        String ca = settings.text(caKey, "file", "those of the Java runtime");
        String tokenFile = tokenKey == null ? null : settings.text(tokenKey, "file", "none");
        int timeout = settings.integer(timeoutKey, seconds(1, 60), HttpLoginSettings.TIMEOUT);
        if (text == null) {
            return null;
        }
        try {
            URI address = HttpTarget.address(text);
            List<X509Certificate> authorities =
                    ca == null ? List.of() : authorities(settings, caKey, ca);
            String token =
                    tokenFile == null || tokenKey == null
                            ? null
                            : token(settings, tokenKey, tokenFile);
            return new HttpTarget(address, authorities, token, timeout);
        } catch (IllegalArgumentException e) {
            settings.fault(settings.lineOf(urlKey), urlKey, String.valueOf(e.getMessage()));
            return null;
        }
    }

    private static @Nullable String token(Settings settings, String key, String file) {
        String text = OtherFile.read(settings, key, file);
        try {
            return text == null ? null : HttpTarget.token(text);
        } catch (IllegalArgumentException e) {
            settings.fault(settings.lineOf(key), key, "'" + file + "' " + e.getMessage());
            return null;
        }
    }

    private static List<X509Certificate> authorities(Settings settings, String key, String file) {
        String text = OtherFile.read(settings, key, file);
        List<X509Certificate> read = new ArrayList<>();
        if (text == null) {
            return read;
        }
        try {
            CertificateFactory.getInstance("X.509")
                    .generateCertificates(
                            new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)))
                    .forEach(each -> read.add((X509Certificate) each));
        } catch (CertificateException e) {
            settings.fault(
                    settings.lineOf(key),
                    key,
                    "'" + file + "' has no certificates that can be read: " + e.getMessage());
            return read;
        }
        if (read.isEmpty()) {
            settings.fault(settings.lineOf(key), key, "'" + file + "' has no certificates");
        }
        return read;
    }
}
