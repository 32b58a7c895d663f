package io.sotto.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class Utf8Test {
    private static final long SEED = 20_261_123;

    private final CharsetDecoder jdk = StandardCharsets.UTF_8.newDecoder();
    private final CharBuffer chars = CharBuffer.allocate(64);

    /// What the JDK's decoder says, with the rule about U+0000 on top.
    private boolean isText(byte[] bytes) {
        jdk.reset();
        chars.clear();
        CoderResult result = jdk.decode(ByteBuffer.wrap(bytes), chars, true);
        return result.isUnderflow() && chars.flip().chars().noneMatch(c -> c == 0);
    }

    private static boolean isDiscouragedByTheStandard(String text) {
        return text.codePoints()
                .anyMatch(point ->
                        point <= 0x1F
                                || point >= 0x7F && point <= 0x9F
                                || point >= 0xFDD0 && point <= 0xFDEF
                                || point % 0x1_0000 >= 0xFFFE);
    }

    private Utf8.Kind expected(byte[] bytes) {
        if (!isText(bytes)) {
            return Utf8.Kind.MALFORMED;
        }
        return isDiscouragedByTheStandard(new String(bytes, StandardCharsets.UTF_8))
                ? Utf8.Kind.DISCOURAGED
                : Utf8.Kind.CLEAN;
    }

    private void compare(byte[] bytes) {
        Utf8.Kind expected = expected(bytes);
        Utf8.Kind kind = Utf8.judge(bytes, 0, bytes.length);
        // Asserted only where it fails: a million texts are judged.
        if (kind != expected) {
            assertThat(kind).as(Arrays.toString(bytes)).isEqualTo(expected);
        }
        if (kind != Utf8.Kind.MALFORMED) {
            String text = new String(bytes, StandardCharsets.UTF_8);
            if (Utf8.isDiscouraged(text) != (kind == Utf8.Kind.DISCOURAGED)) {
                assertThat(kind).as("as a string: %s", Arrays.toString(bytes)).isNull();
            }
        }
    }

    @Test
    void every_byte_and_every_pair_of_bytes_is_judged_as_by_the_jdk() {
        compare(new byte[0]);
        for (int first = 0; first < 256; first++) {
            compare(new byte[] {(byte) first});
            for (int second = 0; second < 256; second++) {
                compare(new byte[] {(byte) first, (byte) second});
            }
        }
    }

    @Test
    void every_three_bytes_around_the_edges_are_judged_as_by_the_jdk() {
        int[] tails = {0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBE, 0xBF, 0xC0, 0xFF};
        for (int first = 0xC0; first < 256; first++) {
            for (int second = 0; second < 256; second++) {
                for (int third : tails) {
                    compare(new byte[] {(byte) first, (byte) second, (byte) third});
                    for (int fourth : tails) {
                        compare(
                                new byte[] {
                                    (byte) first, (byte) second, (byte) third, (byte) fourth
                                });
                    }
                }
            }
        }
    }

    @Test
    void every_code_point_is_judged_as_by_the_jdk() {
        for (int point = 0; point <= Character.MAX_CODE_POINT; point++) {
            if (point < Character.MIN_SURROGATE || point > Character.MAX_SURROGATE) {
                compare(Character.toString(point).getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    @Test
    void encoded_surrogates_are_malformed() {
        for (int point = Character.MIN_SURROGATE; point <= Character.MAX_SURROGATE; point++) {
            byte[] bytes = {
                (byte) (0xE0 | point >> 12),
                (byte) (0x80 | point >> 6 & 0x3F),
                (byte) (0x80 | point & 0x3F)
            };

            assertThat(Utf8.judge(bytes, 0, 3)).isEqualTo(Utf8.Kind.MALFORMED);
        }
    }

    @Test
    void random_bytes_are_judged_as_by_the_jdk() {
        SplittableRandom random = new SplittableRandom(SEED);
        byte[] letters = "aß€漢\uD83C\uDF21\u0001z".getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 200_000; i++) {
            byte[] bytes = Arrays.copyOf(letters, random.nextInt(letters.length + 1));
            for (int damage = random.nextInt(3); damage > 0 && bytes.length > 0; damage--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            compare(bytes);
        }
    }

    @Test
    void only_the_stretch_that_was_named_is_judged() {
        byte[] bytes = {(byte) 0xFF, 'a', (byte) 0xC3, (byte) 0xA4, 0};

        assertThat(Utf8.judge(bytes, 1, 4)).isEqualTo(Utf8.Kind.CLEAN);
        assertThat(Utf8.judge(bytes, 1, 3)).isEqualTo(Utf8.Kind.MALFORMED);
        assertThat(Utf8.judge(bytes, 2, 2)).isEqualTo(Utf8.Kind.CLEAN);
    }
}
