package io.sotto.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
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
    void what_is_no_hash_is_refused_with_a_reason() {
        assertThatThrownBy(() -> PasswordHash.parse("secret"))
                .hasMessageContaining("is not an Argon2id hash");
        assertThatThrownBy(() ->
                        PasswordHash.parse(
                                "$argon2id$v=19$m=99999999,t=2,p=1$c29tZXNhbHQ"
                                        + "$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"))
                .hasMessageContaining("m=99999999");
    }
}
