package io.sotto.transport;

import io.sotto.transport.TlsSettings.Clients;
import io.sotto.transport.TlsSettings.Engine;
import io.sotto.transport.TlsSettings.Identity;
import io.sotto.transport.TlsSettings.Need;
import io.sotto.transport.TlsSettings.Pair;
import io.sotto.transport.TlsSettings.Upkeep;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/// The certificates of the tests, which `src/test/tls/make` made.
final class TestKeys {
    private TestKeys() {}

    static Path file(String name) {
        try {
            return Path.of(TestKeys.class.getResource("tls/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    static Pair pair(String name) {
        return new Pair(file(name + ".pem"), file(name + ".key"), null);
    }

    static TlsSettings settings(Engine engine, Clients clients, Pair... pairs) {
        return new TlsSettings(
                List.of(pairs),
                clients,
                false,
                true,
                engine,
                TlsSettings.Handshakes.DEFAULT,
                Upkeep.DEFAULT,
                TlsSettings.CIPHERS);
    }

    /// With files that are looked at every second.
    static TlsSettings watched(Engine engine, Clients clients, Pair pair) {
        return new TlsSettings(
                List.of(pair),
                clients,
                false,
                true,
                engine,
                TlsSettings.Handshakes.DEFAULT,
                new Upkeep(1, 0),
                TlsSettings.CIPHERS);
    }

    static Clients clients(Need need, @Nullable String revoked) {
        return new Clients(
                need,
                List.of(file("ca.pem")),
                revoked == null ? List.of() : List.of(file(revoked)),
                Identity.COMMON_NAME);
    }

    /// Of a client that trusts the authority of the tests.
    ///
    /// @param name of its own certificate, or null for none
    static SSLContext context(@Nullable String name) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("ca", Credentials.certificates(file("ca.pem")).getFirst());
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        KeyManager[] own =
                name == null ? null : new KeyManager[] {new Always(Credentials.read(pair(name)))};
        context.init(own, trust.getTrustManagers(), null);
        return context;
    }
}
