package io.sotto.server;

import io.sotto.conformance.Carrier;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// What carries MQTT to a broker.
enum Ways {
    TCP,
    TLS,
    WEB_SOCKET,
    WEB_SOCKET_WITHIN_TLS;

    /// The certificates of the tests of `transport`.
    private static final Path PLACE =
            Path.of("..", "transport", "src/test/resources/io/sotto/transport/tls")
                    .toAbsolutePath()
                    .normalize();

    /// The lines of a configuration whose one listener takes this way and no other.
    String listener() {
        String tls =
                "tls: {certificate: %s, key: %s}"
                        .formatted(PLACE.resolve("server.pem"), PLACE.resolve("server.key"));
        return switch (this) {
            case TCP -> "listeners: [{}]\n";
            case TLS -> "listeners: [{%s}]\n".formatted(tls);
            case WEB_SOCKET -> "listeners: [{protocols: [ws]}]\n";
            case WEB_SOCKET_WITHIN_TLS -> "listeners: [{protocols: [ws], %s}]\n".formatted(tls);
        };
    }

    /// The way to that broker.
    Carrier to(InetSocketAddress address) {
        return switch (this) {
            case TCP -> Carrier.tcp(address);
            case TLS -> Carrier.tls(address, trust(), false);
            case WEB_SOCKET -> Carrier.webSocket(Carrier.tcp(address));
            case WEB_SOCKET_WITHIN_TLS -> Carrier.webSocket(Carrier.tls(address, trust(), false));
        };
    }

    private static SSLContext trust() {
        try (InputStream authority = Files.newInputStream(PLACE.resolve("ca.pem"))) {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            store.setCertificateEntry(
                    "ca", CertificateFactory.getInstance("X.509").generateCertificate(authority));
            TrustManagerFactory trust =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("the authority of the tests cannot be read", e);
        }
    }
}
