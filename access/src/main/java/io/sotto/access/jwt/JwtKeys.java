package io.sotto.access.jwt;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyType;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The keys in a file: public ones in PEM, or a secret that is the file as it is.
///
/// Which of both is settled by the algorithms alone, never by a token: so a public key, which
/// everybody may have, is never taken for a secret.
public final class JwtKeys {
    /// The algorithms that can be had, with how many bytes a secret needs, 0 for a public key.
    private static final Map<String, Integer> ALGORITHMS =
            Map.ofEntries(
                    Map.entry("HS256", 32),
                    Map.entry("HS384", 48),
                    Map.entry("HS512", 64),
                    Map.entry("RS256", 0),
                    Map.entry("RS384", 0),
                    Map.entry("RS512", 0),
                    Map.entry("PS256", 0),
                    Map.entry("PS384", 0),
                    Map.entry("PS512", 0),
                    Map.entry("ES256", 0),
                    Map.entry("ES384", 0),
                    Map.entry("ES512", 0),
                    Map.entry("EdDSA", 0));

    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----");

    /// How many bytes Ed25519 has for a point, at the end of its encoding.
    private static final int ED25519_POINT = 32;

    private static final int SMALLEST_RSA = 2048;

    private JwtKeys() {}

    /// Refuses algorithms that cannot be had, and such that would mix secrets and public keys.
    ///
    /// @throws IllegalArgumentException with a clause that says what is wrong
    public static void checkAlgorithms(List<String> algorithms, boolean atAddress) {
        for (String algorithm : algorithms) {
            if (!ALGORITHMS.containsKey(algorithm)) {
                throw new IllegalArgumentException(
                        "has '"
                                + algorithm
                                + "', which is none of "
                                + ALGORITHMS.keySet().stream().sorted().toList());
            }
        }
        long secret = algorithms.stream().filter(JwtKeys::isSecret).count();
        if (secret > 0 && atAddress) {
            throw new IllegalArgumentException(
                    "has an algorithm with a secret, which no address gives away");
        }
        if (secret > 0 && secret < algorithms.size()) {
            throw new IllegalArgumentException(
                    "mixes algorithms with a secret (HS...) and such with a public key");
        }
    }

    private static boolean isSecret(String algorithm) {
        return ALGORITHMS.getOrDefault(algorithm, 0) > 0;
    }

    /// The keys of a file.
    ///
    /// @throws IllegalArgumentException with a clause that says what is wrong
    public static List<JWK> read(byte[] file, Set<String> algorithms) {
        if (algorithms.stream().anyMatch(JwtKeys::isSecret)) {
            return List.of(secret(file, algorithms));
        }
        List<JWK> keys = new ArrayList<>();
        Matcher block = BLOCK.matcher(new String(file, StandardCharsets.ISO_8859_1));
        while (block.find()) {
            keys.add(key(block.group(1), block.group(2)));
        }
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("has no public key in PEM");
        }
        for (String algorithm : algorithms) {
            KeyType type = KeyType.forAlgorithm(JWSAlgorithm.parse(algorithm));
            if (keys.stream().noneMatch(key -> key.getKeyType().equals(type))) {
                throw new IllegalArgumentException("has no key for " + algorithm);
            }
        }
        return keys;
    }

    private static JWK secret(byte[] file, Set<String> algorithms) {
        if (new String(file, StandardCharsets.ISO_8859_1).contains("-----BEGIN ")) {
            throw new IllegalArgumentException(
                    "is PEM, and the algorithms are such with a secret: a public key is no secret");
        }
        int length = file.length;
        while (length > 0 && (file[length - 1] == '\n' || file[length - 1] == '\r')) {
            length--;
        }
        for (String algorithm : algorithms) {
            int needed = ALGORITHMS.getOrDefault(algorithm, 0);
            if (length < needed) {
                throw new IllegalArgumentException(
                        "has %d bytes, and %s needs a secret of %d"
                                .formatted(length, algorithm, needed));
            }
        }
        return new OctetSequenceKey.Builder(Arrays.copyOf(file, length)).build();
    }

    private static JWK key(String label, String base64) {
        try {
            byte[] der = Base64.getMimeDecoder().decode(base64);
            return switch (label) {
                case "PUBLIC KEY" -> key(publicKey(der));
                case "CERTIFICATE" ->
                        key(
                                CertificateFactory.getInstance("X.509")
                                        .generateCertificate(new ByteArrayInputStream(der))
                                        .getPublicKey());
                default ->
                        throw new IllegalArgumentException(
                                label.contains("PRIVATE")
                                        ? "has a private key; only its public key belongs here"
                                        : "has a " + label + ", which is no public key");
            };
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    "has a " + label + " that cannot be read: " + e.getMessage(), e);
        }
    }

    private static PublicKey publicKey(byte[] der) throws GeneralSecurityException {
        GeneralSecurityException last =
                new GeneralSecurityException("no kind of key that is known");
        for (String kind : List.of("RSA", "EC", "Ed25519")) {
            try {
                return KeyFactory.getInstance(kind).generatePublic(new X509EncodedKeySpec(der));
            } catch (GeneralSecurityException e) {
                last = e;
            }
        }
        throw last;
    }

    private static JWK key(PublicKey key) {
        if (key instanceof RSAPublicKey rsa) {
            if (rsa.getModulus().bitLength() < SMALLEST_RSA) {
                throw new IllegalArgumentException(
                        "has an RSA key of less than " + SMALLEST_RSA + " bits");
            }
            return new RSAKey.Builder(rsa).build();
        }
        if (key instanceof ECPublicKey ec) {
            Curve curve = Curve.forECParameterSpec(ec.getParams());
            if (curve == null) {
                throw new IllegalArgumentException("has an EC key on a curve that is not known");
            }
            return new ECKey.Builder(curve, ec).build();
        }
        byte[] encoded = key.getEncoded();
        if (!"EdDSA".equals(key.getAlgorithm())
                || encoded.length < ED25519_POINT
                || encoded.length > ED25519_POINT + 12) {
            throw new IllegalArgumentException("has a key that is none of RSA, EC and Ed25519");
        }
        byte[] point = Arrays.copyOfRange(encoded, encoded.length - ED25519_POINT, encoded.length);
        return new OctetKeyPair.Builder(Curve.Ed25519, Base64URL.encode(point)).build();
    }
}
