package io.sotto.access.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.SignedJWT;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// Whether a token was signed with a key. The library needs another one for Ed25519, which the Java
/// runtime has itself.
final class JwtSignature {
    /// What stands before the point in the encoding of a public key (RFC 8410).
    private static final byte[] ED25519 = HexFormat.of().parseHex("302a300506032b6570032100");

    private JwtSignature() {}

    static boolean isBy(JWK key, SignedJWT token) {
        try {
            if (key instanceof OctetKeyPair pair) {
                return Curve.Ed25519.equals(pair.getCurve()) && isByEd25519(pair, token);
            }
            JWSVerifier verifier = verifier(key);
            return verifier != null && token.verify(verifier);
        } catch (JOSEException | GeneralSecurityException e) {
            // A key that the algorithm of the token is not for.
            return false;
        }
    }

    private static @Nullable JWSVerifier verifier(JWK key) throws JOSEException {
        return switch (key) {
            case RSAKey rsa -> new RSASSAVerifier(rsa.toRSAPublicKey());
            case ECKey ec -> new ECDSAVerifier(ec.toECPublicKey());
            case OctetSequenceKey secret -> new MACVerifier(secret.toByteArray());
            default -> null;
        };
    }

    private static boolean isByEd25519(OctetKeyPair pair, SignedJWT token)
            throws GeneralSecurityException {
        if (token.getHeader().getCriticalParams() != null
                || !token.getHeader().isBase64URLEncodePayload()) {
            return false;
        }
        byte[] point = pair.getDecodedX();
        byte[] encoded = new byte[ED25519.length + point.length];
        System.arraycopy(ED25519, 0, encoded, 0, ED25519.length);
        System.arraycopy(point, 0, encoded, ED25519.length, point.length);
        Signature signature = Signature.getInstance("Ed25519");
        signature.initVerify(
                KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded)));
        signature.update(token.getSigningInput());
        return signature.verify(token.getSignature().decode());
    }
}
