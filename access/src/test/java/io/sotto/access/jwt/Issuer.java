package io.sotto.access.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// Signs tokens with one algorithm and a key of its own.
final class Issuer {
    private static final byte[] SECRET =
            "a secret of a length that is enough for all three of the hash functions"
                    .getBytes(StandardCharsets.US_ASCII);

    private final JWSAlgorithm algorithm;
    private final @Nullable KeyPair keys;

    private Issuer(JWSAlgorithm algorithm, @Nullable KeyPair keys) {
        this.algorithm = algorithm;
        this.keys = keys;
    }

    static Issuer of(String name) {
        try {
            JWSAlgorithm algorithm = JWSAlgorithm.parse(name);
            return new Issuer(
                    algorithm,
                    switch (name.substring(0, 2)) {
                        case "RS", "PS" -> keys("RSA", 2048);
                        case "ES" ->
                                keys(
                                        "EC",
                                        name.equals("ES512")
                                                ? 521
                                                : Integer.parseInt(name.substring(2)));
                        case "Ed" -> KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
                        default -> null;
                    });
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyPair keys(String kind, int size) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(kind);
        generator.initialize(size);
        return generator.generateKeyPair();
    }

    KeyPair keys() {
        if (keys == null) {
            throw new IllegalStateException("it has a secret");
        }
        return keys;
    }

    /// What a broker needs to check its tokens.
    byte[] file() {
        return keys == null ? SECRET : pem().getBytes(StandardCharsets.US_ASCII);
    }

    String pem() {
        return "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(keys().getPublic().getEncoded())
                + "\n-----END PUBLIC KEY-----\n";
    }

    String sign(JWTClaimsSet claims) {
        return sign(claims, null);
    }

    String sign(JWTClaimsSet claims, @Nullable String keyId) {
        JWSHeader header = new JWSHeader.Builder(algorithm).keyID(keyId).build();
        try {
            if (algorithm.equals(JWSAlgorithm.EdDSA)) {
                String input = header.toBase64URL() + "." + claims.toPayload().toBase64URL();
                Signature signature = Signature.getInstance("Ed25519");
                signature.initSign(keys().getPrivate());
                signature.update(input.getBytes(StandardCharsets.US_ASCII));
                return input
                        + "."
                        + Base64.getUrlEncoder().withoutPadding().encodeToString(signature.sign());
            }
            SignedJWT token = new SignedJWT(header, claims);
            token.sign(signer());
            return token.serialize();
        } catch (GeneralSecurityException | JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private JWSSigner signer() throws JOSEException {
        if (keys == null) {
            return new MACSigner(SECRET);
        }
        PrivateKey key = keys.getPrivate();
        return key instanceof ECPrivateKey ec ? new ECDSASigner(ec) : new RSASSASigner(key);
    }
}
