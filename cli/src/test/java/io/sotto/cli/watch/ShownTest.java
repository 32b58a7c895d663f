package io.sotto.cli.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShownTest {
    private static String payload(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
        return Shown.payload(bytes, bytes.length);
    }

    @Test
    void text_is_text_and_bytes_are_digits() {
        assertThat(payload("32 31 2e 35 c2 b0")).isEqualTo("21.5°");
        assertThat(payload("00 ff")).isEqualTo("0x00ff");
        assertThat(payload("ff".repeat(40))).isEqualTo("0x" + "ff".repeat(16) + "… (40 bytes)");
        assertThat(payload("")).isEqualTo("(empty)");
    }

    @Test
    void nothing_in_a_payload_moves_the_cursor_or_turns_the_line_around() {
        assertThat(payload("61 1b 5b 32 4a 0d 0a 07 62")).isEqualTo("a?[2J???b");
        assertThat(payload("61 c2 9b 32 4a")).isEqualTo("a?2J");
        assertThat(payload("61 e2 80 ae 62")).isEqualTo("a?b");
    }

    @Test
    void what_was_cut_off_within_a_character_is_still_text() {
        byte[] euros = "€".repeat(100).getBytes(StandardCharsets.UTF_8);
        for (int length = 4; length < 12; length++) {
            byte[] head = Arrays.copyOf(euros, length);

            assertThat(Shown.payload(head, euros.length)).isEqualTo("€".repeat(length / 3) + "…");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "abcdef, 6, abcdef",
        "abcdef, 5, abcd…",
        "温度計, 6, 温度計",
        "温度計, 5, 温度…",
        "温度計, 4, 温…"
    })
    void text_is_cut_to_columns(String text, int columns, String expected) {
        assertThat(Shown.cut(text, columns)).isEqualTo(expected);
        assertThat(Shown.width(Shown.cut(text, columns))).isLessThanOrEqualTo(columns);
    }

    @Test
    void rates_and_sizes_are_short() {
        assertThat(Shown.rate(0)).isEqualTo("-");
        assertThat(Shown.rate(0.25)).isEqualTo("0.3/s");
        assertThat(Shown.rate(12_345)).isEqualTo("12,345/s");
        assertThat(Shown.bytes(999)).isEqualTo("999 B");
        assertThat(Shown.bytes(1_500)).isEqualTo("1.5 kB");
        assertThat(Shown.bytes(2_500_000)).isEqualTo("2.5 MB");
    }
}
