package io.sotto.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sotto.server.config.SottoConfig.Overrides;
import java.util.List;
import org.junit.jupiter.api.Test;

class UserConfigTest {
    private static final String HASH =
            "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ"
                    + "$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
    private static final String SCRAM_256 =
            "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ=="
                    + "$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY="
                    + ":wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=";

    private static void isRefused(String text, String... lines) {
        assertThatThrownBy(() -> SottoConfig.read("sotto.yaml", text, Overrides.NONE))
                .isInstanceOfSatisfying(
                        ConfigException.class,
                        e -> {
                            List<String> sentences =
                                    String.valueOf(e.getMessage()).lines().toList();
                            assertThat(sentences).hasSameSizeAs(lines);
                            for (int i = 0; i < lines.length; i++) {
                                assertThat(sentences.get(i)).startsWith(lines[i]);
                            }
                        });
    }

    @Test
    void a_password_file_that_is_wrong_is_refused_with_its_lines() {
        isRefused(
                """
                users:
                  - name: bob
                    password: '%s'
                password-file: src/test/acl/passwords
                """
                        .formatted(HASH),
                "sotto.yaml:4: password-file has 'bob', who is among users too");
        isRefused(
                "password-file: src/test/acl/wrong-passwords\n",
                "src/test/acl/wrong-passwords:1: the password of 'ann' is no hash that is known");
        isRefused(
                "password-file: nowhere\n",
                "sotto.yaml:1: password-file 'nowhere' cannot be read: there is no such file");
    }

    @Test
    void a_user_proves_itself_by_something_that_was_made_for_it() {
        isRefused(
                "users:\n  - name: ann\n",
                "sotto.yaml:2: users[].password is missing, and there is no SCRAM instead");
        isRefused(
                "users:\n  - {name: ann, scram-sha-512: '" + SCRAM_256 + "'}\n",
                "sotto.yaml:2: users[].scram-sha-512 of 'ann' is one for SCRAM-SHA-256");
        isRefused(
                "users:\n  - {name: 'a\u00A0b', scram-sha-256: '" + SCRAM_256 + "'}\n",
                "sotto.yaml:2: users[].scram-sha-256 of 'a\u00A0b' is of a user name that clients");
        isRefused(
                "users:\n  - {name: ann, password: '%s'}\n  - {name: ann, password: '%s'}\n"
                        .formatted(HASH, HASH),
                "sotto.yaml:3: users[].name 'ann' is given twice");
    }
}
