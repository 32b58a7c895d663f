package io.sotto.access;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What is kept of a password: a hash with its salt. New ones are Argon2id; those that other
/// programs wrote are understood too, and written back as they were.
public final class PasswordHash {
    /// The memory of new hashes in KiB; with two passes this is the second choice of the OWASP
    /// password storage sheet, whose first needs more memory for the same time.
    private static final int MEMORY = 19_456;

    private static final int PASSES = 2;
    private static final int SALT_BYTES = 16;
    private static final int HASH_BYTES = 32;
    private static final int SHA512_BYTES = 64;

    private static final Pattern ARGON2 =
            Pattern.compile(
                    "\\$argon2id\\$v=19\\$m=(\\d{1,9}),t=(\\d{1,9}),p=(\\d{1,9})"
                            + "\\$([A-Za-z0-9+/]{11,86})\\$([A-Za-z0-9+/]{22,86})");
    private static final Pattern SHA512 =
            Pattern.compile("\\$6\\$([A-Za-z0-9+/]{4,88}={0,2})\\$([A-Za-z0-9+/]{86}==)");
    private static final Pattern PBKDF2 =
            Pattern.compile(
                    "\\$7\\$(\\d{1,9})\\$([A-Za-z0-9+/]{4,88}={0,2})\\$([A-Za-z0-9+/]{86}==)");
    private static final Pattern BCRYPT =
            Pattern.compile("\\$(2[aby])\\$(\\d\\d)\\$([A-Za-z0-9./]{22})([A-Za-z0-9./]{31})");

    private final HashScheme scheme;
    private final byte[] salt;
    private final byte[] hash;

    private PasswordHash(HashScheme scheme, byte[] salt, byte[] hash) {
        this.scheme = scheme;
        this.salt = salt;
        this.hash = hash;
    }

    /// Hashes a password with a fresh salt.
    public static PasswordHash of(String password, SecureRandom random) {
        byte[] salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        HashScheme scheme = usual();
        byte[] hash = scheme.compute(salt, HASH_BYTES, HashScheme.bytes(password));
        return new PasswordHash(scheme, salt, hash);
    }

    private static HashScheme usual() {
        return new HashScheme.Argon2id(MEMORY, PASSES, 1);
    }

    /// Reads an Argon2id hash in the PHC string format, a `$6$` or `$7$` hash of mosquitto_passwd,
    /// or a bcrypt hash.
    ///
    /// @throws IllegalArgumentException with a clause that says what is wrong, and never has the
    ///   text in it: it may be a password that somebody wrote there as it is
    public static PasswordHash parse(String text) {
        Matcher argon2 = ARGON2.matcher(text);
        if (argon2.matches()) {
            return new PasswordHash(
                    new HashScheme.Argon2id(
                            number(argon2.group(1)),
                            number(argon2.group(2)),
                            number(argon2.group(3))),
                    Fields.bytes(argon2.group(4)),
                    Fields.bytes(argon2.group(5)));
        }
        Matcher pbkdf2 = PBKDF2.matcher(text);
        if (pbkdf2.matches()) {
            return sized(
                    new HashScheme.Pbkdf2(number(pbkdf2.group(1))),
                    pbkdf2.group(2),
                    pbkdf2.group(3));
        }
        Matcher sha512 = SHA512.matcher(text);
        if (sha512.matches()) {
            return sized(new HashScheme.Sha512(), sha512.group(1), sha512.group(2));
        }
        Matcher bcrypt = BCRYPT.matcher(text);
        if (bcrypt.matches()) {
            return new PasswordHash(
                    new HashScheme.Bcrypt(bcrypt.group(1), number(bcrypt.group(2))),
                    Fields.ownBytes(bcrypt.group(3)),
                    Fields.ownBytes(bcrypt.group(4)));
        }
        throw new IllegalArgumentException(
                "is no hash that is known: neither Argon2id ($argon2id$v=19$...), nor of"
                        + " mosquitto_passwd ($7$... or $6$...), nor bcrypt ($2b$...)");
    }

    private static PasswordHash sized(HashScheme scheme, String salt, String hash) {
        byte[] bytes = Fields.bytes(hash);
        if (bytes.length != SHA512_BYTES) {
            throw new IllegalArgumentException("has a hash that is not 64 bytes long");
        }
        return new PasswordHash(scheme, Fields.bytes(salt), bytes);
    }

    private static int number(String digits) {
        return Integer.parseInt(digits);
    }

    /// A hash that no password is known for, and that costs as much to try as this one.
    PasswordHash decoy(SecureRandom random) {
        byte[] otherSalt = new byte[salt.length];
        byte[] otherHash = new byte[hash.length];
        random.nextBytes(otherSalt);
        random.nextBytes(otherHash);
        return new PasswordHash(scheme, otherSalt, otherHash);
    }

    /// A decoy for when there is nobody to be like.
    static PasswordHash decoyOfNobody(SecureRandom random) {
        return new PasswordHash(usual(), new byte[SALT_BYTES], new byte[HASH_BYTES]).decoy(random);
    }

    /// Whether this is the password. With a good scheme that takes tens of milliseconds and tens of
    /// MiB, on purpose.
    public boolean matches(byte[] password) {
        return MessageDigest.isEqual(hash, scheme.compute(salt, hash.length, password));
    }

    /// As it was written.
    @Override
    public String toString() {
        return scheme.show(salt, hash);
    }

    /// Bytes as the formats write them.
    static final class Fields {
        private static final String USUAL =
                "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        private static final String OWN =
                "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

        private Fields() {}

        static String base64(byte[] bytes) {
            return Base64.getEncoder().encodeToString(bytes);
        }

        static byte[] bytes(String base64) {
            try {
                return Base64.getDecoder().decode(base64);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("has a salt or hash that is not Base64", e);
            }
        }

        /// bcrypt has the digits of Base64 in an order of its own.
        static String own(byte[] bytes) {
            return changed(Base64.getEncoder().withoutPadding().encodeToString(bytes), USUAL, OWN);
        }

        static byte[] ownBytes(String text) {
            return bytes(changed(text, OWN, USUAL));
        }

        private static String changed(String text, String from, String to) {
            StringBuilder changed = new StringBuilder(text.length());
            text.chars().forEach(c -> changed.append(to.charAt(from.indexOf(c))));
            return changed.toString();
        }
    }
}
