package io.sotto.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class TopicNamesTest {
    private static TopicName read(TopicNames names, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        ByteBuffer in =
                ByteBuffer.allocateDirect(bytes.length + 1).put(bytes).put((byte) '!').flip();
        TopicName name = names.read(in, bytes.length);
        assertThat(in.remaining()).isEqualTo(1);
        return name;
    }

    @Test
    void a_name_that_comes_again_is_the_same_object() {
        TopicNames names = new TopicNames(16, TopicLimits.DEFAULT);

        TopicName first = read(names, "home/kitchen/temperature");

        assertThat(read(names, "home/kitchen/temperature")).isSameAs(first);
        assertThat(read(names, "home/kitchen/humidity")).isNotEqualTo(first);
        assertThat(read(names, "home/kitchen/temperature")).isSameAs(first);
    }

    @Test
    void names_are_read_right_however_many_share_a_small_table() {
        TopicNames names = new TopicNames(1, TopicLimits.DEFAULT);
        SplittableRandom random = new SplittableRandom(20_261_123);

        for (int i = 0; i < 100_000; i++) {
            String text = "t/" + random.nextInt(40);
            assertThat(read(names, text)).hasToString(text);
        }
    }

    @Test
    void names_of_one_hash_are_told_apart() {
        TopicNames names = new TopicNames(64, TopicLimits.DEFAULT);
        Map<Integer, TopicName> byHash = new HashMap<>();
        TopicName any = TopicName.of("t/0");
        for (int i = 1; !byHash.containsKey(any.hashCode()); i++) {
            byHash.put(any.hashCode(), any);
            any = TopicName.of("t/" + i);
        }
        String same = String.valueOf(byHash.get(any.hashCode()));

        TopicName one = read(names, any.toString());
        TopicName other = read(names, same);

        assertThat(one.hashCode()).isEqualTo(other.hashCode());
        assertThat(one).isNotEqualTo(other);
        assertThat(read(names, any.toString())).isSameAs(one);
        assertThat(read(names, same)).isSameAs(other);
    }

    @Test
    @SuppressWarnings("ReferenceEquality") // Remembered is what is the same object.
    void a_name_that_comes_often_is_remembered_among_many_that_come_once() {
        TopicNames names = new TopicNames(64, TopicLimits.DEFAULT);
        for (int i = 0; i < 1000; i++) {
            read(names, "before/" + i);
        }
        TopicName known = read(names, "often");

        int same = 0;
        for (int i = 0; i < 2000; i++) {
            read(names, "once/" + i);
            TopicName now = read(names, "often");
            same += now == known ? 1 : 0;
            known = now;
        }

        assertThat(same).isBetween(1600, 1999);
    }

    @Test
    void the_longest_name_is_read() {
        TopicNames names = new TopicNames(4, TopicLimits.DEFAULT);
        String longest = "x".repeat(65_535);

        assertThat(read(names, longest)).hasToString(longest);
        assertThat(read(names, "y".repeat(257))).hasToString("y".repeat(257));
    }

    @Test
    void an_invalid_name_is_refused_each_time() {
        TopicNames names = new TopicNames(4, TopicLimits.DEFAULT);

        for (int i = 0; i < 3; i++) {
            assertThat(
                            catchThrowableOfType(ProtocolException.class, () -> read(names, "a/#"))
                                    .reason())
                    .isEqualTo(ReasonCode.TOPIC_NAME_INVALID);
        }
    }
}
