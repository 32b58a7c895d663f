package io.sotto.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What is kept of a password for SCRAM, in the format of RFC 5803:
/// `SCRAM-SHA-256$iterations:salt$StoredKey:ServerKey`.
///
/// Whoever reads it can neither log in with it nor see the password, but can try passwords against
/// it; each try costs the iterations.
public final class ScramCredential {
    /// The fewest iterations that RFC 7677 allows.
    public static final int FEWEST_ITERATIONS = 4_096;

    /// The most: each login costs its client as many, and nobody is to wait for minutes.
    public static final int MOST_ITERATIONS = 10_000_000;

    private static final int SALT_BYTES = 16;
    private static final Pattern FORMAT =
            Pattern.compile(
                    "(SCRAM-SHA-256|SCRAM-SHA-512)\\$(\\d{1,9}):([A-Za-z0-9+/=]{8,172})"
                            + "\\$([A-Za-z0-9+/=]{44,88}):([A-Za-z0-9+/=]{44,88})");
    private static final byte[] CLIENT_KEY = "Client Key".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SERVER_KEY = "Server Key".getBytes(StandardCharsets.US_ASCII);

    private final ScramMechanism mechanism;
    private final int iterations;
    private final byte[] salt;
    private final byte[] storedKey;
    private final byte[] serverKey;

    private ScramCredential(
            ScramMechanism mechanism,
            int iterations,
            byte[] salt,
            byte[] storedKey,
            byte[] serverKey) {
        this.mechanism = mechanism;
        this.iterations = iterations;
        this.salt = salt;
        this.storedKey = storedKey;
        this.serverKey = serverKey;
    }

    /// Derives what is kept of a password, with a fresh salt. Takes as long as the iterations ask.
    ///
    /// @throws IllegalArgumentException when the password has characters that SCRAM cannot take
    public static ScramCredential of(
            ScramMechanism mechanism, String password, int iterations, SecureRandom random) {
        byte[] salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        return of(mechanism, password, iterations, salt);
    }

    static ScramCredential of(
            ScramMechanism mechanism, String password, int iterations, byte[] salt) {
        byte[] salted = mechanism.salted(SaslPrep.prepared(password), salt, iterations);
        byte[] clientKey = mechanism.hmac(salted, CLIENT_KEY);
        return new ScramCredential(
                mechanism,
                iterations,
                salt.clone(),
                mechanism.hash(clientKey),
                mechanism.hmac(salted, SERVER_KEY));
    }

    /// Reads the format of RFC 5803.
    ///
    /// @throws IllegalArgumentException with a clause that says what is wrong
    public static ScramCredential parse(String text) {
        Matcher parts = FORMAT.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException(
                    "is no SCRAM credential (SCRAM-SHA-256$iterations:salt$StoredKey:ServerKey)");
        }
        ScramMechanism mechanism = mechanism(parts.group(1));
        int iterations = Integer.parseInt(parts.group(2));
        if (iterations < FEWEST_ITERATIONS || iterations > MOST_ITERATIONS) {
            throw new IllegalArgumentException(
                    "has %d iterations, which is not within %d to %d"
                            .formatted(iterations, FEWEST_ITERATIONS, MOST_ITERATIONS));
        }
        ScramCredential credential =
                new ScramCredential(
                        mechanism,
                        iterations,
                        decoded(parts.group(3)),
                        decoded(parts.group(4)),
                        decoded(parts.group(5)));
        if (credential.storedKey.length != mechanism.size()
                || credential.serverKey.length != mechanism.size()) {
            throw new IllegalArgumentException("has keys of another length than its hash");
        }
        return credential;
    }

    private static ScramMechanism mechanism(String method) {
        return Arrays.stream(ScramMechanism.values())
                .filter(known -> known.method().equals(method))
                .findFirst()
                .orElseThrow();
    }

    private static byte[] decoded(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("has a salt or key that is not Base64", e);
        }
    }

    /// A credential that costs as much to try as this one, and that no password is known for: the
    /// same for the same name, as a real one is, and not to be guessed without this server key.
    ScramCredential decoy(String name) {
        byte[] invented = mechanism.hmac(serverKey, name.getBytes(StandardCharsets.UTF_8));
        byte[] key = mechanism.hmac(serverKey, invented);
        return new ScramCredential(
                mechanism, iterations, Arrays.copyOf(invented, salt.length), key, key);
    }

    public ScramMechanism mechanism() {
        return mechanism;
    }

    int iterations() {
        return iterations;
    }

    String saltInBase64() {
        return Base64.getEncoder().encodeToString(salt);
    }

    /// Whether this proof is one that only who knows the password can give (RFC 5802, section 3).
    ///
    /// @param said the messages of the exchange, which the proof is about
    boolean isProvenBy(byte[] proof, byte[] said) {
        if (proof.length != mechanism.size()) {
            return false;
        }
        byte[] clientKey = mechanism.hmac(storedKey, said);
        for (int i = 0; i < clientKey.length; i++) {
            clientKey[i] ^= proof[i];
        }
        return MessageDigest.isEqual(storedKey, mechanism.hash(clientKey));
    }

    /// What shows the client that the server knows its credential.
    byte[] signature(byte[] said) {
        return mechanism.hmac(serverKey, said);
    }

    /// The format of RFC 5803.
    @Override
    public String toString() {
        Base64.Encoder base64 = Base64.getEncoder();
        return "%s$%d:%s$%s:%s"
                .formatted(
                        mechanism.method(),
                        iterations,
                        saltInBase64(),
                        base64.encodeToString(storedKey),
                        base64.encodeToString(serverKey));
    }
}
