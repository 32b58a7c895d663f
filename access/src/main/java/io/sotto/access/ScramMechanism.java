package io.sotto.access;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/// A hash function of SCRAM (RFC 5802, RFC 7677): the name of the authentication method, and what
/// is computed with it.
public enum ScramMechanism {
    SHA_256("SCRAM-SHA-256", "SHA-256", "HmacSHA256", 32),
    SHA_512("SCRAM-SHA-512", "SHA-512", "HmacSHA512", 64);

    private final String method;
    private final String hash;
    private final String mac;
    private final int size;

    ScramMechanism(String method, String hash, String mac, int size) {
        this.method = method;
        this.hash = hash;
        this.mac = mac;
        this.size = size;
    }

    /// The name that stands in the authentication method of CONNECT.
    public String method() {
        return method;
    }

    /// How many bytes a hash has.
    int size() {
        return size;
    }

    byte[] hash(byte[] input) {
        try {
            return MessageDigest.getInstance(hash).digest(input);
        } catch (GeneralSecurityException e) {
            throw missing(e);
        }
    }

    byte[] hmac(byte[] key, byte[] text) {
        try {
            Mac computed = Mac.getInstance(mac);
            computed.init(new SecretKeySpec(key, mac));
            return computed.doFinal(text);
        } catch (GeneralSecurityException e) {
            throw missing(e);
        }
    }

    /// `Hi` of RFC 5802, which is PBKDF2: slow on purpose, in proportion to the iterations.
    byte[] salted(String password, byte[] salt, int iterations) {
        try {
            PBEKeySpec spec =
                    new PBEKeySpec(password.toCharArray(), salt, iterations, size * Byte.SIZE);
            return SecretKeyFactory.getInstance("PBKDF2With" + mac)
                    .generateSecret(spec)
                    .getEncoded();
        } catch (GeneralSecurityException e) {
            throw missing(e);
        }
    }

    private static IllegalStateException missing(GeneralSecurityException e) {
        return new IllegalStateException("every Java runtime has these functions", e);
    }
}
