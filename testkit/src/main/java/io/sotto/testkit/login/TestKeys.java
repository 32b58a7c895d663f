package io.sotto.testkit.login;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/// The keys and certificates of the tests of `transport`, which its `src/test/tls/make` made, for
/// tests that run in the folder of any module.
public final class TestKeys {
    private static final Path PLACE =
            Path.of("..", "transport", "src/test/resources/io/sotto/transport/tls")
                    .toAbsolutePath()
                    .normalize();

    private TestKeys() {}

    /// One of the files, such as `server.pem`.
    public static Path file(String name) {
        Path file = PLACE.resolve(name);
        if (!Files.isRegularFile(file)) {
            throw new IllegalStateException("no " + file);
        }
        return file;
    }

    /// Settings of a listener that has the certificate for `localhost`, as they stand between
    /// braces.
    public static String server() {
        return "certificate: %s, key: %s".formatted(file("server.pem"), file("server.key"));
    }

    /// A client that trusts the authority of the tests.
    ///
    /// @param name of its own certificate, whose key is one for elliptic curves, or null for none
    public static SSLContext client(@Nullable String name) {
        try {
            KeyStore trusted = empty();
            trusted.setCertificateEntry("ca", certificate("ca"));
            TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
            trust.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            if (name == null) {
                context.init(null, trust.getTrustManagers(), null);
            } else {
                KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
                keys.init(store(name, new char[0]), new char[0]);
                context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
            }
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("the certificates of the tests cannot be read", e);
        }
    }

    /// A certificate of them with its key, for a password.
    public static KeyStore store(String name, char[] password)
            throws IOException, GeneralSecurityException {
        String pem = Files.readString(file(name + ".key")).replaceAll("-----[A-Z ]+-----", "");
        PrivateKey key =
                KeyFactory.getInstance("EC")
                        .generatePrivate(
                                new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(pem)));
        KeyStore store = empty();
        store.setKeyEntry("own", key, password, new X509Certificate[] {certificate(name)});
        return store;
    }

    private static KeyStore empty() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    private static X509Certificate certificate(String name)
            throws IOException, GeneralSecurityException {
        try (InputStream in = Files.newInputStream(file(name + ".pem"))) {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }
}
