package io.sotto.transport;

import io.sotto.transport.Pem.Block;
import io.sotto.transport.TlsSettings.Pair;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CRL;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A certificate with its chain, and the key that it belongs to.
///
/// @param chain the certificate first
record Credentials(PrivateKey key, List<X509Certificate> chain) {
    /// @throws IOException with a sentence that has the name of the file at fault
    static Credentials read(Pair pair) throws IOException {
        List<X509Certificate> chain = certificates(pair.certificate());
        if (pair.chain() != null) {
            complete(chain, certificates(pair.chain()));
        }
        PrivateKey key = PrivateKeys.read(pair.key(), passphrase(pair.passphrase()));
        if (!belongTogether(key, chain.getFirst())) {
            throw new IOException(
                    pair.key() + " is not the key of the certificate in " + pair.certificate());
        }
        return new Credentials(key, chain);
    }

    /// Adds who issued the last of a chain, and so on up to the root, which clients have
    /// themselves.
    private static void complete(List<X509Certificate> chain, List<X509Certificate> others) {
        List<X509Certificate> left = new ArrayList<>(others);
        left.removeAll(chain);
        while (!isRoot(chain.getLast())) {
            X509Certificate last = chain.getLast();
            X509Certificate issuer =
                    left.stream().filter(other -> issued(other, last)).findFirst().orElse(null);
            if (issuer == null || isRoot(issuer)) {
                return;
            }
            left.remove(issuer);
            chain.add(issuer);
        }
    }

    private static boolean isRoot(X509Certificate certificate) {
        return certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
    }

    private static boolean issued(X509Certificate issuer, X509Certificate certificate) {
        if (!issuer.getSubjectX500Principal().equals(certificate.getIssuerX500Principal())) {
            return false;
        }
        try {
            certificate.verify(issuer.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    X509Certificate certificate() {
        return chain.getFirst();
    }

    private static char @Nullable [] passphrase(@Nullable Path file) throws IOException {
        if (file == null) {
            return null;
        }
        String text = new String(Pem.bytes(file), StandardCharsets.UTF_8);
        return text.lines().findFirst().orElse("").toCharArray();
    }

    /// All certificates of a file.
    static List<X509Certificate> certificates(Path file) throws IOException {
        List<X509Certificate> certificates = new ArrayList<>();
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            for (Block block : Pem.read(file)) {
                if (block.label().endsWith("CERTIFICATE")) {
                    certificates.add(
                            (X509Certificate)
                                    factory.generateCertificate(
                                            new ByteArrayInputStream(block.bytes())));
                }
            }
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IOException(file + " has a certificate that is damaged", e);
        }
        if (certificates.isEmpty()) {
            throw new IOException(file + " has no certificate in PEM");
        }
        return certificates;
    }

    /// All revocation lists of a file, in PEM or as they are.
    static List<X509CRL> revocations(Path file) throws IOException {
        List<X509CRL> lists = new ArrayList<>();
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            List<byte[]> all = new ArrayList<>();
            for (Block block : Pem.read(file)) {
                if (block.label().equals("X509 CRL")) {
                    all.add(block.bytes());
                }
            }
            if (all.isEmpty()) {
                all.add(Pem.bytes(file));
            }
            for (byte[] bytes : all) {
                CRL list = factory.generateCRL(new ByteArrayInputStream(bytes));
                if (list instanceof X509CRL known) {
                    lists.add(known);
                }
            }
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IOException(file + " has no revocation list that can be read", e);
        }
        return lists;
    }

    private static boolean belongTogether(PrivateKey key, X509Certificate certificate) {
        String algorithm =
                switch (key.getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    default -> key.getAlgorithm();
                };
        try {
            Signature signature = Signature.getInstance(algorithm);
            byte[] text = {1, 2, 3};
            signature.initSign(key);
            signature.update(text);
            byte[] signed = signature.sign();
            signature.initVerify(certificate.getPublicKey());
            signature.update(text);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
