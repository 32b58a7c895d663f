package io.sotto.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PasswordHashTest {
    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void the_password_matches_and_no_other() {
        PasswordHash hash = PasswordHash.of("gréen tea", new SecureRandom());

        assertThat(hash.matches(bytes("gréen tea"))).isTrue();
        assertThat(hash.matches(bytes("gréen te"))).isFalse();
        assertThat(hash.matches(bytes(""))).isFalse();
    }

    @Test
    void what_is_written_reads_back() {
        String text = PasswordHash.of("x", new SecureRandom()).toString();

        assertThat(text).startsWith("$argon2id$v=19$m=19456,t=2,p=1$");
        assertThat(PasswordHash.parse(text)).hasToString(text);
        assertThat(PasswordHash.parse(text).matches(bytes("x"))).isTrue();
    }

    @Test
    void a_hash_of_another_program_is_understood() {
        // argon2 1.0: echo -n password | argon2 somesalt -id -t 2 -k 65536 -p 1
        String text =
                "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ"
                        + "$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";

        assertThat(PasswordHash.parse(text).matches(bytes("password"))).isTrue();
    }

    @Test
    void hashes_of_mosquitto_passwd_are_understood() {
        // mosquitto_passwd 2.0.11 -H sha512, -H sha512-pbkdf2, -H sha512-pbkdf2 -I 1000
        List<String> texts =
                List.of(
                        "$6$uYZpBYqP/B1fQIx4$MJRgDaI1oYm9gYWpHN4GjGdvk8kbjg4X9RjoJ14SVT70PpqFIS1Y"
                                + "oPSDWF2/AXmSrXrQ6fv4QCUhKjE/ZaeHVw==",
                        "$7$101$MOcmtOBlqZWQVcYa$VcWDiqXT0IcgawOPKRL1QD3A9KwzGjAvCR3pxeqOZFt8e66Y"
                                + "uItJ/MGjuQ+ghd7wZnhZfR22/5wbl/kjfq9F+g==",
                        "$7$1000$cG7jvEt428yVe1DP$ao0ZX1b47ABvFXxpSQIED3uaDv934G9yuVfnHsDfl7GTOOHs"
                                + "QxOWNuQWqs7ykmn2cNmxQh/2oAxqB1+kzwgH+g==");

        for (String text : texts) {
            PasswordHash hash = PasswordHash.parse(text);
            assertThat(hash).hasToString(text);
            assertThat(hash.matches(bytes("pencil"))).as(text).isTrue();
            assertThat(hash.matches(bytes("pencils"))).as(text).isFalse();
        }
    }

    @Test
    void bcrypt_is_understood() {
        // crypt(3) of libxcrypt; beyond 72 bytes a password does not count.
        Map<String, String> passwords =
                Map.of(
                        "$2b$05$abcdefghijklmnopqrstuu680Yiaj5hFUaJTH/rTAcbA2PQEGfiZu",
                        "pencil",
                        "$2y$06$abcdefghijklmnopqrstuueHLWckpI7Ut91D6aWthlKy4VKsT9yUG",
                        "x".repeat(80),
                        "$2y$06$abcdefghijklmnopqrstuuGhJ0tr/oOHWssjqWVsRgW5knbl7Diae",
                        "x".repeat(71),
                        "$2a$06$abcdefghijklmnopqrstuuDqVCX9YSxXQXEJE1On1Ptib/W28qLxG",
                        "");

        passwords.forEach((text, password) -> {
            PasswordHash hash = PasswordHash.parse(text);
            assertThat(hash).hasToString(text);
            assertThat(hash.matches(bytes(password))).as(text).isTrue();
            assertThat(hash.matches(bytes("y" + password))).as(text).isFalse();
        });
    }

    @Test
    void a_hash_that_would_take_for_ever_is_refused() {
        String bcrypt = "$2b$31$abcdefghijklmnopqrstuu680Yiaj5hFUaJTH/rTAcbA2PQEGfiZu";
        String pbkdf2 = "$7$999999999$MOcmtOBlqZWQVcYa$" + "A".repeat(86) + "==";

        assertThatThrownBy(() -> PasswordHash.parse(bcrypt)).hasMessageContaining("cost=31");
        assertThatThrownBy(() -> PasswordHash.parse(pbkdf2))
                .hasMessageContaining("iterations=999999999");
    }

    @Test
    void what_is_no_hash_is_refused_with_a_reason() {
        assertThatThrownBy(() -> PasswordHash.parse("secret"))
                .hasMessageContaining("is no hash that is known")
                .hasMessageNotContaining("secret");
        assertThatThrownBy(() ->
                        PasswordHash.parse(
                                "$argon2id$v=19$m=99999999,t=2,p=1$c29tZXNhbHQ"
                                        + "$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"))
                .hasMessageContaining("m=99999999");
    }
}
