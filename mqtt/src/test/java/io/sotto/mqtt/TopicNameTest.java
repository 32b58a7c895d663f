package io.sotto.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class TopicNameTest {
    private static ReasonCode refusal(String text, TopicLimits limits) {
        return catchThrowableOfType(ProtocolException.class, () -> TopicName.of(text, limits))
                .reason();
    }

    @Test
    void a_name_is_its_bytes() {
        TopicName name = TopicName.of("home/küche");
        ByteBuffer out = ByteBuffer.allocate(name.size());

        name.writeTo(out);

        assertThat(out.array()).isEqualTo("home/küche".getBytes(StandardCharsets.UTF_8));
        assertThat(name.at(4)).isEqualTo((byte) '/');
        assertThat(name.slice(0, 4)).isEqualTo("home".getBytes(StandardCharsets.UTF_8));
        assertThat(name).hasToString("home/küche");
    }

    @Test
    void names_are_equal_byte_by_byte_and_never_normalised() {
        assertThat(TopicName.of("a/b")).isEqualTo(TopicName.of("a/b"));
        assertThat(TopicName.of("a/b")).hasSameHashCodeAs(TopicName.of("a/b"));
        assertThat(TopicName.of("a/b")).isNotEqualTo(TopicName.of("a/B"));
        assertThat(TopicName.of("é")).isNotEqualTo(TopicName.of("e\u0301"));
        assertThat(TopicName.of("\uFEFFa")).isNotEqualTo(TopicName.of("a"));
        assertThat(TopicName.of("a/")).isNotEqualTo(TopicName.of("a"));
    }

    @Test
    void a_name_has_a_character_and_no_wildcard() {
        assertThat(refusal("", TopicLimits.NONE)).isEqualTo(ReasonCode.TOPIC_NAME_INVALID);
        assertThat(refusal("a/+", TopicLimits.NONE)).isEqualTo(ReasonCode.TOPIC_NAME_INVALID);
        assertThat(refusal("a#", TopicLimits.NONE)).isEqualTo(ReasonCode.TOPIC_NAME_INVALID);
        assertThat(TopicName.of("/")).hasToString("/");
        assertThat(TopicName.of("a b/ ")).hasToString("a b/ ");
    }

    @Test
    void a_name_stays_within_the_limits() {
        TopicLimits limits = new TopicLimits(8, 3, false);

        assertThat(TopicName.of("a/b/cdef", limits).size()).isEqualTo(8);
        assertThat(refusal("a/b/cdefg", limits)).isEqualTo(ReasonCode.TOPIC_NAME_INVALID);
        assertThat(refusal("a/b/c/d", limits)).isEqualTo(ReasonCode.TOPIC_NAME_INVALID);
        assertThat(refusal("a\n", limits)).isEqualTo(ReasonCode.TOPIC_NAME_INVALID);
        assertThat(TopicName.of("a\n", TopicLimits.NONE).size()).isEqualTo(2);
        assertThat(refusal("x".repeat(65_536), TopicLimits.NONE))
                .isEqualTo(ReasonCode.TOPIC_NAME_INVALID);
    }

    @Test
    void bytes_that_are_no_text_are_malformed() {
        byte[] bytes = {'a', (byte) 0xED, (byte) 0xA0, (byte) 0x80};

        ProtocolException fault =
                catchThrowableOfType(
                        ProtocolException.class,
                        () -> TopicName.validated(bytes, 4, TopicLimits.NONE));

        assertThat(fault.reason()).isEqualTo(ReasonCode.MALFORMED_PACKET);
        assertThat(TopicName.validated(bytes, 1, TopicLimits.NONE)).hasToString("a");
    }

    @Test
    void a_name_that_begins_with_a_dollar_is_reserved() {
        assertThat(TopicName.of("$SYS/x").isReserved()).isTrue();
        assertThat(TopicName.of("a/$SYS").isReserved()).isFalse();
        assertThat(TopicName.ABSENT.isReserved()).isFalse();
    }
}
