package io.sotto.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
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
    void names_that_come_once_do_not_push_out_what_comes_again() {
        TopicNames names = new TopicNames(4, TopicLimits.DEFAULT);
        List<TopicName> known = new ArrayList<>();
        for (String text : List.of("a", "b", "c", "d")) {
            known.add(read(names, text));
        }

        for (int i = 0; i < 7; i++) {
            read(names, "once/" + i);
        }

        for (TopicName name : known) {
            assertThat(read(names, name.toString())).isSameAs(name);
        }
    }

    @Test
    void a_name_that_comes_often_finds_a_place_in_a_full_table() {
        TopicNames names = new TopicNames(4, TopicLimits.DEFAULT);
        for (String text : List.of("a", "b", "c", "d")) {
            read(names, text);
        }

        for (int i = 0; i < 8; i++) {
            read(names, "new");
        }

        assertThat(read(names, "new")).isSameAs(read(names, "new"));
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
