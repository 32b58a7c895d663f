package io.sotto.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/// What is kept of a password: Argon2id with a salt (RFC 9106), in the PHC string format
/// `$argon2id$v=19$m=19456,t=2,p=1$salt$hash`.
public final class PasswordHash {
    /// The memory of new hashes in KiB; with two passes this is the second choice of the OWASP
    /// password storage sheet, whose first needs more memory for the same time.
    private static final int MEMORY = 19_456;

    private static final int PASSES = 2;
    private static final int SALT_BYTES = 16;
    private static final int HASH_BYTES = 32;
    private static final int LARGEST_MEMORY = 1 << 20;
    private static final int MOST_PASSES = 64;
    private static final int MOST_LANES = 64;

    private static final Pattern PHC =
            Pattern.compile(
                    "\\$argon2id\\$v=19\\$m=(\\d{1,9}),t=(\\d{1,9}),p=(\\d{1,9})"
                            + "\\$([A-Za-z0-9+/]{11,86})\\$([A-Za-z0-9+/]{22,86})");

    private final Cost cost;
    private final byte[] salt;
    private final byte[] hash;

    private PasswordHash(Cost cost, byte[] salt, byte[] hash) {
        this.cost = cost;
        this.salt = salt;
        this.hash = hash;
    }

    /// What one computation takes.
    ///
    /// @param memory in KiB
    private record Cost(int memory, int passes, int lanes) {}

    /// Hashes a password with a fresh salt.
    public static PasswordHash of(String password, SecureRandom random) {
        byte[] salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        Cost cost = new Cost(MEMORY, PASSES, 1);
        byte[] bytes = password.getBytes(StandardCharsets.UTF_8);
        return new PasswordHash(cost, salt, compute(cost, salt, HASH_BYTES, bytes));
    }

    /// Reads the PHC string format.
    ///
    /// @throws IllegalArgumentException with a clause that says what is wrong
    public static PasswordHash parse(String text) {
        Matcher parts = PHC.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException(
                    "is not an Argon2id hash ($argon2id$v=19$m=...,t=...,p=...$salt$hash)");
        }
        Cost cost = new Cost(number(parts, 1), number(parts, 2), number(parts, 3));
        within("m", cost.memory(), 8 * Math.max(1, cost.lanes()), LARGEST_MEMORY);
        within("t", cost.passes(), 1, MOST_PASSES);
        within("p", cost.lanes(), 1, MOST_LANES);
        try {
            Base64.Decoder base64 = Base64.getDecoder();
            return new PasswordHash(
                    cost, base64.decode(parts.group(4)), base64.decode(parts.group(5)));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("has a salt or hash that is not Base64", e);
        }
    }

    private static int number(Matcher parts, int group) {
        return Integer.parseInt(parts.group(group));
    }

    private static void within(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    "has " + name + "=" + value + ", which is not within " + least + " to " + most);
        }
    }

    /// A hash that no password is known for, and that costs as much to try as this one.
    PasswordHash decoy(SecureRandom random) {
        byte[] otherSalt = new byte[salt.length];
        byte[] otherHash = new byte[hash.length];
        random.nextBytes(otherSalt);
        random.nextBytes(otherHash);
        return new PasswordHash(cost, otherSalt, otherHash);
    }

    /// A decoy for when there is nobody to be like.
    static PasswordHash decoyOfNobody(SecureRandom random) {
        Cost cost = new Cost(MEMORY, PASSES, 1);
        return new PasswordHash(cost, new byte[SALT_BYTES], new byte[HASH_BYTES]).decoy(random);
    }

    /// Whether this is the password. Takes tens of milliseconds and tens of MiB, on purpose.
    public boolean matches(byte[] password) {
        return MessageDigest.isEqual(hash, compute(cost, salt, hash.length, password));
    }

    private static byte[] compute(Cost cost, byte[] salt, int size, byte[] password) {
        Argon2BytesGenerator argon2 = new Argon2BytesGenerator();
        argon2.init(
                new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                        .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                        .withMemoryAsKB(cost.memory())
                        .withIterations(cost.passes())
                        .withParallelism(cost.lanes())
                        .withSalt(salt)
                        .build());
        byte[] computed = new byte[size];
        argon2.generateBytes(password, computed);
        return computed;
    }

    /// The PHC string.
    @Override
    public String toString() {
        Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
        return "$argon2id$v=19$m=%d,t=%d,p=%d$%s$%s"
                .formatted(
                        cost.memory(),
                        cost.passes(),
                        cost.lanes(),
                        base64.encodeToString(salt),
                        base64.encodeToString(hash));
    }
}
