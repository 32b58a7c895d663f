package io.sotto.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SaslPrepTest {
    /// RFC 4013, section 3.
    @ParameterizedTest
    @CsvSource({"I\u00ADX, IX", "user, user", "USER, USER", "\u00AA, a", "\u2168, IX"})
    void the_examples_of_the_rfc_come_out_as_there(String given, String prepared) {
        assertThat(SaslPrep.prepared(given)).isEqualTo(prepared);
    }

    /// RFC 4013, section 3: a control character, and digits behind Arabic.
    @ParameterizedTest
    @ValueSource(strings = {"\u0007", "\u06271"})
    void the_examples_that_the_rfc_prohibits_are_refused(String given) {
        assertThatThrownBy(() -> SaslPrep.prepared(given))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void any_space_is_the_one_space() {
        assertThat(SaslPrep.prepared("a\u00A0b\u3000c")).isEqualTo("a b c");
    }

    @Test
    void two_ways_to_write_an_accent_are_one() {
        assertThat(SaslPrep.prepared("gre\u0301en")).isEqualTo(SaslPrep.prepared("gr\u00E9en"));
    }

    @Test
    void text_from_the_right_stays_as_it_is() {
        assertThat(SaslPrep.isPrepared("\u0645\u0631\u062D\u0628\u0627")).isTrue();
        assertThat(SaslPrep.isPrepared("\u0645\u0631x\u0628\u0627")).isFalse();
    }
}
