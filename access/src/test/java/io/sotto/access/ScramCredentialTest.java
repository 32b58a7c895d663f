package io.sotto.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ScramCredentialTest {
    /// From RFC 7677: user "user", password "pencil".
    private static final String PENCIL =
            "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$"
                    + "WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=";

    @ParameterizedTest
    @EnumSource
    void what_is_written_reads_back(ScramMechanism mechanism) {
        String text = ScramCredential.of(mechanism, "x", 4096, new SecureRandom()).toString();

        assertThat(text).startsWith(mechanism.method() + "$4096:");
        assertThat(ScramCredential.parse(text)).hasToString(text);
    }

    @Test
    void a_credential_of_another_program_is_the_same() {
        byte[] salt = Base64.getDecoder().decode("W22ZaJ0SNY7soEsUEjb6gQ==");

        assertThat(ScramCredential.of(ScramMechanism.SHA_256, "pencil", 4096, salt))
                .hasToString(PENCIL);
    }

    @Test
    void two_salts_are_never_the_same() {
        SecureRandom random = new SecureRandom();

        assertThat(ScramCredential.of(ScramMechanism.SHA_256, "x", 4096, random).toString())
                .isNotEqualTo(
                        ScramCredential.of(ScramMechanism.SHA_256, "x", 4096, random).toString());
    }

    @Test
    void what_is_no_credential_is_refused_with_a_reason() {
        assertThatThrownBy(() -> ScramCredential.parse("secret"))
                .hasMessageContaining("is no SCRAM credential");
        assertThatThrownBy(() -> ScramCredential.parse(PENCIL.replace("4096", "4095")))
                .hasMessageContaining("4095 iterations");
        assertThatThrownBy(() -> ScramCredential.parse(PENCIL.replace("SHA-256", "SHA-512")))
                .hasMessageContaining("another length");
        assertThatThrownBy(() -> ScramCredential.parse(PENCIL.replace("gQ==", "gQ=g")))
                .hasMessageContaining("not Base64");
    }

    @Test
    void a_decoy_looks_like_a_credential_and_stays_the_same() {
        ScramCredential real = ScramCredential.parse(PENCIL);

        ScramCredential decoy = real.decoy("nobody");

        assertThat(decoy.iterations()).isEqualTo(real.iterations());
        assertThat(decoy.saltInBase64()).hasSameSizeAs(real.saltInBase64());
        assertThat(decoy).hasToString(real.decoy("nobody").toString());
        assertThat(decoy.saltInBase64()).isNotEqualTo(real.decoy("somebody").saltInBase64());
    }
}
