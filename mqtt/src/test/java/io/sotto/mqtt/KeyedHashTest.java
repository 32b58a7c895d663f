package io.sotto.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class KeyedHashTest {
    private static int hash(String text, long key) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return KeyedHash.of(bytes, 0, bytes.length, key);
    }

    @Test
    void it_depends_on_the_bytes_alone_and_not_on_where_they_stand() {
        byte[] bytes = "a/temperature/b".getBytes(StandardCharsets.UTF_8);

        assertThat(KeyedHash.of(bytes, 2, 13, 5)).isEqualTo(hash("temperature", 5));
        assertThat(KeyedHash.of(bytes, 2, 12, 5)).isNotEqualTo(hash("temperature", 5));
    }

    @Test
    void other_keys_give_other_hashes() {
        Set<Integer> hashes = new HashSet<>();
        for (int key = 0; key < 1000; key++) {
            hashes.add(hash("temperature", key * 0x9E37_79B9_7F4A_7C15L));
        }

        assertThat(hashes).hasSizeGreaterThan(990);
    }

    @Test
    void names_that_differ_little_spread_over_all_bits() {
        int[] lowBits = new int[32];
        int[] highBits = new int[32];
        for (int i = 0; i < 32_000; i++) {
            int hash = hash("device-" + i, 0x1234_5678_9ABC_DEF1L);
            lowBits[hash & 31]++;
            highBits[hash >>> 27]++;
        }

        assertThat(IntStream.of(lowBits).boxed())
                .allSatisfy(count -> assertThat(count).isBetween(800, 1200));
        assertThat(IntStream.of(highBits).boxed())
                .allSatisfy(count -> assertThat(count).isBetween(800, 1200));
    }
}
