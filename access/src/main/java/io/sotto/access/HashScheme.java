package io.sotto.access;

import io.sotto.access.PasswordHash.Fields;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.bouncycastle.crypto.digests.SHA512Digest;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;
import org.bouncycastle.crypto.generators.PKCS5S2ParametersGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;
import org.bouncycastle.crypto.params.KeyParameter;

/// How a password becomes a hash, with all that says what one try costs, and how both are written.
sealed interface HashScheme {
    /// The hash of a password.
    ///
    /// @param size how many bytes of it
    byte[] compute(byte[] salt, int size, byte[] password);

    /// As it stands in a file.
    String show(byte[] salt, byte[] hash);

    private static void within(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    "has " + name + "=" + value + ", which is not within " + least + " to " + most);
        }
    }

    /// Argon2id (RFC 9106), in the PHC string format.
    ///
    /// @param memory in KiB
    record Argon2id(int memory, int passes, int lanes) implements HashScheme {
        private static final int LARGEST_MEMORY = 1 << 20;
        private static final int MOST_PASSES = 64;
        private static final int MOST_LANES = 64;

        public Argon2id {
            within("m", memory, 8 * Math.max(1, lanes), LARGEST_MEMORY);
            within("t", passes, 1, MOST_PASSES);
            within("p", lanes, 1, MOST_LANES);
        }

        @Override
        public byte[] compute(byte[] salt, int size, byte[] password) {
            Argon2BytesGenerator argon2 = new Argon2BytesGenerator();
            argon2.init(
                    new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                            .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                            .withMemoryAsKB(memory)
                            .withIterations(passes)
                            .withParallelism(lanes)
                            .withSalt(salt)
                            .build());
            byte[] computed = new byte[size];
            argon2.generateBytes(password, computed);
            return computed;
        }

        @Override
        public String show(byte[] salt, byte[] hash) {
            Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
            return "$argon2id$v=19$m=%d,t=%d,p=%d$%s$%s"
                    .formatted(
                            memory,
                            passes,
                            lanes,
                            base64.encodeToString(salt),
                            base64.encodeToString(hash));
        }
    }

    /// One round of SHA-512 over the password and then the salt, `$6$salt$hash`: what
    /// mosquitto_passwd wrote up to version 1.6. Quickly tried, and so quickly guessed.
    record Sha512() implements HashScheme {
        @Override
        public byte[] compute(byte[] salt, int size, byte[] password) {
            SHA512Digest digest = new SHA512Digest();
            digest.update(password, 0, password.length);
            digest.update(salt, 0, salt.length);
            byte[] computed = new byte[digest.getDigestSize()];
            digest.doFinal(computed, 0);
            return computed;
        }

        @Override
        public String show(byte[] salt, byte[] hash) {
            return "$6$" + Fields.base64(salt) + "$" + Fields.base64(hash);
        }
    }

    /// PBKDF2 with HMAC-SHA-512 (RFC 8018), `$7$iterations$salt$hash`: what mosquitto_passwd writes
    /// since 2.0.
    record Pbkdf2(int iterations) implements HashScheme {
        private static final int MOST_ITERATIONS = 10_000_000;

        public Pbkdf2 {
            within("iterations", iterations, 1, MOST_ITERATIONS);
        }

        @Override
        public byte[] compute(byte[] salt, int size, byte[] password) {
            PKCS5S2ParametersGenerator pbkdf2 = new PKCS5S2ParametersGenerator(new SHA512Digest());
            pbkdf2.init(password, salt, iterations);
            return ((KeyParameter) pbkdf2.generateDerivedMacParameters(size * 8)).getKey();
        }

        @Override
        public String show(byte[] salt, byte[] hash) {
            return "$7$" + iterations + "$" + Fields.base64(salt) + "$" + Fields.base64(hash);
        }
    }

    /// bcrypt, `$2b$cost$salt-and-hash`, as htpasswd and many web programs write it. Of a password
    /// only the first 72 bytes count.
    ///
    /// @param version `2a`, `2b` or `2y`, which mean the same
    /// @param cost the logarithm of the number of rounds
    record Bcrypt(String version, int cost) implements HashScheme {
        private static final int LOWEST = 4;
        private static final int HIGHEST = 18;
        private static final int PASSWORD_BYTES = 72;

        /// How many characters the hash has without its salt.
        private static final int DIGITS = 31;

        public Bcrypt {
            within("cost", cost, LOWEST, HIGHEST);
        }

        @Override
        public byte[] compute(byte[] salt, int size, byte[] password) {
            byte[] counting = Arrays.copyOf(password, Math.min(password.length, PASSWORD_BYTES));
            String text = OpenBSDBCrypt.generate(version, counting, salt, cost);
            return Fields.ownBytes(text.substring(text.length() - DIGITS));
        }

        @Override
        public String show(byte[] salt, byte[] hash) {
            String both = Fields.own(salt) + Fields.own(hash);
            return "$%s$%02d$%s".formatted(version, cost, both);
        }
    }

    /// UTF-8, as every scheme takes it.
    static byte[] bytes(String password) {
        return password.getBytes(StandardCharsets.UTF_8);
    }
}
