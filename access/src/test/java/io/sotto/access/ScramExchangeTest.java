package io.sotto.access;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScramExchangeTest {
    private static final String FIRST = "n,,n=user,r=rOprNGfwEbeRWgbNEkqO";
    private static final String SERVER_NONCE = "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
    private static final String UNPROVEN = "c=biws,r=rOprNGfwEbeRWgbNEkqO" + SERVER_NONCE;
    private static final String PROOF = "dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=";

    private static ScramExchange exchange(ScramMechanism mechanism, String first)
            throws ScramException {
        byte[] salt = Base64.getDecoder().decode("W22ZaJ0SNY7soEsUEjb6gQ==");
        return new ScramExchange(
                ScramFirst.parse(first.getBytes(UTF_8)),
                ScramCredential.of(mechanism, "pencil", 4096, salt),
                SERVER_NONCE);
    }

    private static String conclude(String answer) throws ScramException {
        return exchange(ScramMechanism.SHA_256, FIRST).conclude(answer.getBytes(UTF_8));
    }

    @Test
    void the_exchange_of_rfc_7677_goes_as_there() throws ScramException {
        assertThat(exchange(ScramMechanism.SHA_256, FIRST).challenge())
                .isEqualTo(
                        "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
                                + "s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096");
        assertThat(conclude(UNPROVEN + ",p=" + PROOF))
                .isEqualTo("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
    }

    /// The proof and the signature are from a computation with Python's hashlib.
    @Test
    void with_sha_512_it_goes_as_another_program_computes_it() throws ScramException {
        String answer =
                UNPROVEN
                        + ",p=gMGXRcevScNtxZ6/8lQYpGtnsNAc3mGcmNomv+xnoOMw+3R2xNJdMNnzMlTN8PPC6wdp6dybEmDYXYTxwnYPJQ==";

        assertThat(exchange(ScramMechanism.SHA_512, FIRST).conclude(answer.getBytes(UTF_8)))
                .isEqualTo(
                        "v=ZQnYEgWQMFmmsM8aQMF0nDDCy/AgCzkwk8CmMZYcMg0vSVlKDanekLtifDSeVGT4+5ZxXnJq199RVG2rR7N7Zw==");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                UNPROVEN + ",p=AHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ= | wrong password",
                UNPROVEN + ",p=dHzbZapWIk4jUhN+ | wrong password",
                UNPROVEN + ",p= | wrong password",
                UNPROVEN + ",p=dHz== | not Base64",
                UNPROVEN + " | no SCRAM message",
                "c=eSws,r=rOprNGfwEbeRWgbNEkqO" + SERVER_NONCE + ",p=" + PROOF + " | contradicts",
                "c=biws,r=rOprNGfwEbeRWgbNEkqO,p=" + PROOF + " | not one to this challenge"
            })
    void an_answer_that_proves_nothing_is_refused(String answer, String why) {
        assertThatThrownBy(() -> conclude(answer)).hasMessageContaining(why);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "user",
                "n,,n=,r=abc",
                "n,,n=a=2Db,r=abc",
                "n,,n=user,r=",
                "n,,m=must,n=user,r=abc",
                "n,a=root,n=user,r=abc",
                "p=tls-unique,,n=user,r=abc",
                "n,,n=\u0007,r=abc"
            })
    void a_first_message_that_is_none_is_refused(String message) {
        assertThatThrownBy(() -> ScramFirst.parse(message.getBytes(UTF_8)))
                .isInstanceOf(ScramException.class);
    }

    @Test
    void commas_and_equals_signs_in_names_are_escaped() throws ScramException {
        ScramFirst first = ScramFirst.parse("y,a=a=2Cb=3Dc,n=a=2Cb=3Dc,r=x,z=more".getBytes(UTF_8));

        assertThat(first.name()).isEqualTo("a,b=c");
        assertThat(first.nonce()).isEqualTo("x");
        assertThat(first.bare()).isEqualTo("n=a=2Cb=3Dc,r=x,z=more");
    }
}
