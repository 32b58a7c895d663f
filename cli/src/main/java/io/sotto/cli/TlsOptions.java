package io.sotto.cli;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How a connection is secured: the options, and what they come to. Files are PEM.
final class TlsOptions {
    private static final Pattern KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END");
    private static final char[] NO_PASSWORD = {};

    @Option(names = "--tls", description = "Connects with TLS; the default port is then 8883.")
    boolean tls;

    @Option(
            names = "--cafile",
            paramLabel = "FILE",
            description = "Trusts these certificates instead of those of the Java runtime.")
    @Nullable Path cafile;

    @Option(
            names = "--cert",
            paramLabel = "FILE",
            description = "The client's own certificate, with --key.")
    @Nullable Path cert;

    @Option(
            names = "--key",
            paramLabel = "FILE",
            description = "The private key to --cert, as PKCS #8 and not encrypted.")
    @Nullable Path key;

    @Option(
            names = "--insecure",
            description = "Trusts any certificate, of whatever name. For tests only.")
    boolean insecure;

    TlsOptions() {}

    boolean isAsked() {
        return tls || cafile != null || cert != null || key != null || insecure;
    }

    /// What the options come to.
    ///
    /// @throws IOException with a sentence, when a file is not what it should be
    BrokerCheck.Tls settle() throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys(), trust(), null);
            return new BrokerCheck.Tls(context, !insecure);
        } catch (GeneralSecurityException e) {
            throw new IOException("cannot prepare TLS: " + e.getMessage(), e);
        }
    }

    private TrustManager @Nullable [] trust() throws IOException, GeneralSecurityException {
        if (insecure) {
            return new TrustManager[] {new TrustAll()};
        }
        if (cafile == null) {
            return null;
        }
        KeyStore store = emptyStore();
        int count = 0;
        for (Certificate trusted : certificates(cafile)) {
            store.setCertificateEntry("trusted-" + count++, trusted);
        }
        TrustManagerFactory factory =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    private KeyManager @Nullable [] keys() throws IOException, GeneralSecurityException {
        if (cert == null && key == null) {
            return null;
        }
        if (cert == null || key == null) {
            throw new IOException("--cert and --key go together");
        }
        KeyStore store = emptyStore();
        Certificate[] chain = certificates(cert).toArray(Certificate[]::new);
        store.setKeyEntry("own", privateKey(key), NO_PASSWORD, chain);
        KeyManagerFactory factory =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, NO_PASSWORD);
        return factory.getKeyManagers();
    }

    private static KeyStore emptyStore() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        return store;
    }

    private static Collection<? extends Certificate> certificates(Path file)
            throws IOException, GeneralSecurityException {
        byte[] pem = content(file);
        try {
            Collection<? extends Certificate> found =
                    CertificateFactory.getInstance("X.509")
                            .generateCertificates(new ByteArrayInputStream(pem));
            if (!found.isEmpty()) {
                return found;
            }
        } catch (CertificateException e) {
            throw new IOException(file + " holds no certificate: " + e.getMessage(), e);
        }
        throw new IOException(file + " holds no certificate");
    }

    private static byte[] content(Path file) throws IOException {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new IOException("cannot read " + file + ": " + FileFaults.reason(e), e);
        }
    }

    private static PrivateKey privateKey(Path file) throws IOException, GeneralSecurityException {
        Matcher pem = KEY.matcher(new String(content(file), StandardCharsets.ISO_8859_1));
        if (!pem.find()) {
            throw new IOException(
                    file
                            + " holds no PKCS #8 key; `openssl pkcs8 -topk8 -nocrypt -in "
                            + file
                            + "` makes one");
        }
        PKCS8EncodedKeySpec spec =
                new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(pem.group(1)));
        for (String algorithm : List.of("EC", "RSA", "EdDSA")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(spec);
            } catch (InvalidKeySpecException e) {
                // of another algorithm, then
            }
        }
        throw new IOException(file + " holds a key that is neither EC, RSA nor EdDSA");
    }
}
