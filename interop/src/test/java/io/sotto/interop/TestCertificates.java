package io.sotto.interop;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;

/// The certificates that the tests of `transport` have, which its `src/test/tls/make` made.
final class TestCertificates {
    private static final Path PLACE =
            Path.of(
                    "..",
                    "transport",
                    "src",
                    "test",
                    "resources",
                    "io",
                    "sotto",
                    "transport",
                    "tls");

    private TestCertificates() {}

    static Path file(String name) {
        Path file = PLACE.resolve(name).toAbsolutePath().normalize();
        if (!Files.isRegularFile(file)) {
            throw new AssertionError("no " + file);
        }
        return file;
    }

    /// Writes `client.pem` with its key as browsers take it, and returns the file.
    static Path clientAsPkcs12(Path to, String password) {
        try (InputStream certificate = Files.newInputStream(file("client.pem"));
                OutputStream out = Files.newOutputStream(to)) {
            String key = Files.readString(file("client.key")).replaceAll("-----[A-Z ]+-----", "");
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry(
                    "client",
                    KeyFactory.getInstance("EC")
                            .generatePrivate(
                                    new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(key))),
                    password.toCharArray(),
                    new Certificate[] {
                        CertificateFactory.getInstance("X.509").generateCertificate(certificate)
                    });
            store.store(out, password.toCharArray());
            return to;
        } catch (IOException | GeneralSecurityException e) {
            throw new AssertionError("no PKCS #12 file of client.pem", e);
        }
    }

    /// The lines of a listener for its own certificate.
    static String server() {
        return "certificate: %s, key: %s".formatted(file("server.pem"), file("server.key"));
    }
}
