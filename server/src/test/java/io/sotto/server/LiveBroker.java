package io.sotto.server;

import io.sotto.access.ScramCredential;
import io.sotto.access.ScramMechanism;
import io.sotto.conformance.Carrier;
import io.sotto.server.Reload.Report;
import io.sotto.server.config.ConfigException;
import io.sotto.server.config.SottoConfig;
import io.sotto.server.config.SottoConfig.Overrides;
import io.sotto.testkit.login.TestKeys;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/// A server in this process, with a listener for TCP and one for TLS, whose configuration a test
/// rewrites and has read again.
final class LiveBroker implements AutoCloseable {
    private static final Pattern PORT = Pattern.compile(":(\\d+)");

    private final Path file;
    private final Map<String, String> places;
    private final Server server;
    private final Reload reload;
    private final Carrier tcp;
    private final Carrier tls;
    private String rest;

    /// @param rest of the configuration, beside its listeners
    LiveBroker(Path directory, String rest)
            throws IOException, ConfigException, GeneralSecurityException {
        this(directory, rest, Map.of());
    }

    /// @param places what stands for certain words of the configuration
    LiveBroker(Path directory, String rest, Map<String, String> places)
            throws IOException, ConfigException, GeneralSecurityException {
        this.places = places;
        this.file = directory.resolve("sotto.yaml");
        this.rest = rest;
        write(rest);
        Overrides overrides = new Overrides(file, null, null, directory.resolve("data"));
        SottoConfig config = SottoConfig.load(overrides);
        this.server = Server.start(config);
        this.reload = server.reload(Reload.Source.of(overrides), config);
        List<InetSocketAddress> addresses = new ArrayList<>();
        Matcher ports = PORT.matcher(server.places());
        while (ports.find()) {
            addresses.add(
                    new InetSocketAddress(
                            InetAddress.getLoopbackAddress(), Integer.parseInt(ports.group(1))));
        }
        this.tcp = Carrier.tcp(addresses.getFirst());
        this.tls = Carrier.tls(addresses.getLast(), TestKeys.client(null), false);
    }

    Carrier tcp() {
        return tcp;
    }

    Carrier tls() {
        return tls;
    }

    Path file() {
        return file;
    }

    private void write(String rest) throws IOException {
        String text = rest;
        for (Map.Entry<String, String> place : places.entrySet()) {
            text = text.replace(place.getKey(), place.getValue());
        }
        Files.writeString(
                file,
                """
                durability: memory
                log: {level: error}
                listeners:
                  - {name: plain, port: 0}
                  - name: secure
                    port: 0
                    tls: {%s}
                """
                                .formatted(TestKeys.server())
                        + text);
    }

    /// Has the broker go by this, unless it does already.
    void rewrite(String other) {
        if (!other.equals(rest)) {
            Report report = reload(other);
            if (report.status() != 0) {
                throw new IllegalStateException(String.join("\n", report.lines()));
            }
        }
    }

    /// Rewrites the file and has it read.
    Report reload(String other) {
        replace(other);
        return reload.apply();
    }

    /// Has the file read as it is.
    Report reload() {
        return reload.apply();
    }

    /// Rewrites the file and asks what that would do.
    Report preview(String other) {
        replace(other);
        return reload.preview();
    }

    private void replace(String other) {
        try {
            write(other);
            rest = other;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /// The lines of a user whose password costs next to nothing to try.
    static String user(String name, String password) {
        byte[] salt = name.getBytes(StandardCharsets.UTF_8);
        try {
            byte[] hash =
                    SecretKeyFactory.getInstance("PBKDF2WithHmacSHA512")
                            .generateSecret(new PBEKeySpec(password.toCharArray(), salt, 1, 512))
                            .getEncoded();
            Base64.Encoder base64 = Base64.getEncoder();
            return "  - name: %s\n    password: '$7$1$%s$%s'\n"
                    .formatted(name, base64.encodeToString(salt), base64.encodeToString(hash));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /// The lines of a user who logs in by SCRAM-SHA-256.
    static String scramUser(String name, String password) {
        ScramMechanism mechanism = ScramMechanism.SHA_256;
        ScramCredential credential =
                ScramCredential.of(
                        mechanism, password, ScramCredential.FEWEST_ITERATIONS, new SecureRandom());
        return "  - name: %s\n    %s: '%s'\n"
                .formatted(name, mechanism.method().toLowerCase(Locale.ROOT), credential);
    }

    @Override
    public void close() {
        server.stop();
    }
}
