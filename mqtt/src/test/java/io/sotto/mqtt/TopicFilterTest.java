package io.sotto.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TopicFilterTest {
    private static final long SEED = 20_261_123;

    /// An independent matcher: level by level on lists, as the standard words it (section 4.7).
    private static boolean naive(String filter, String topic) {
        if (topic.startsWith("$") && (filter.startsWith("+") || filter.startsWith("#"))) {
            return false;
        }
        return naive(List.of(filter.split("/", -1)), List.of(topic.split("/", -1)));
    }

    private static boolean naive(List<String> filter, List<String> topic) {
        if (filter.isEmpty()) {
            return topic.isEmpty();
        }
        String level = filter.getFirst();
        if (level.equals("#")) {
            return true;
        }
        if (topic.isEmpty()) {
            return false;
        }
        return (level.equals("+") || level.equals(topic.getFirst()))
                && naive(filter.subList(1, filter.size()), topic.subList(1, topic.size()));
    }

    private static String random(SplittableRandom random, String[] levels) {
        StringBuilder text = new StringBuilder(levels[random.nextInt(levels.length)]);
        for (int i = random.nextInt(4); i > 0; i--) {
            text.append('/').append(levels[random.nextInt(levels.length)]);
        }
        return text.toString();
    }

    @Test
    void matching_agrees_with_a_naive_matcher() {
        SplittableRandom random = new SplittableRandom(SEED);
        String[] inFilters = {"a", "b", "ab", "", "+", "+", "$a"};
        String[] inTopics = {"a", "b", "ab", "", "$a", "é"};
        int matches = 0;
        for (int i = 0; i < 500_000; i++) {
            String filter = random(random, inFilters);
            if (random.nextInt(3) == 0) {
                filter = random.nextInt(4) == 0 ? "#" : filter + "/#";
            }
            String topic = random(random, inTopics);
            if (filter.isEmpty() || topic.isEmpty()) {
                continue;
            }
            boolean expected = naive(filter, topic);

            boolean actual = TopicFilter.of(filter).matches(TopicName.of(topic));

            if (actual != expected) {
                assertThat(actual).as("%s on %s", filter, topic).isEqualTo(expected);
            }
            matches += expected ? 1 : 0;
        }
        assertThat(matches).isGreaterThan(10_000);
    }

    @ParameterizedTest
    @CsvSource({
        "sport/#, sport, true",
        "sport/#, sport/, true",
        "sport/#, sports, false",
        "sport/+, sport, false",
        "sport/+, sport/, true",
        "+/+, /finance, true",
        "/+, /finance, true",
        "+, /finance, false",
        "#, $SYS/x, false",
        "+/x, $SYS/x, false",
        "$SYS/#, $SYS/x, true",
        "$SYS/+, $SYS/x, true",
        "a/+/#, a, false",
        "a/+/#, a/b, true",
        "a/+/c, a//c, true",
        "A, a, false"
    })
    void the_examples_of_the_standard_hold(String filter, String topic, boolean matches) {
        assertThat(TopicFilter.of(filter).matches(TopicName.of(topic))).isEqualTo(matches);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a#",
                "a/#/b",
                "#/",
                "a/##",
                "##",
                "a+",
                "+a/b",
                "a/b+/c",
                "++",
                "+#",
                "#+",
                "$share",
                "$share/",
                "$share/g",
                "$share//t",
                "$share/g/",
                "$share/g+/t",
                "$share/#/t",
                "$share/ab",
                "$share/g/a#",
                "a\u0000b"
            })
    void an_invalid_filter_is_refused(String filter) {
        ProtocolException fault =
                catchThrowableOfType(ProtocolException.class, () -> TopicFilter.of(filter));

        assertThat(fault).isNotNull();
        assertThat(fault.reason()).isEqualTo(ReasonCode.TOPIC_FILTER_INVALID);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "#",
                "+",
                "/",
                "+/+",
                "a/+/b/#",
                "/#",
                "//",
                "a/#",
                " ",
                "$SYS/#",
                "$shared/x"
            })
    void a_valid_filter_is_taken(String filter) {
        assertThat(TopicFilter.of(filter).effective()).isEqualTo(filter);
        assertThat(TopicFilter.of(filter).isShared()).isFalse();
    }

    @Test
    void a_shared_filter_keeps_its_group_apart() {
        TopicFilter filter = TopicFilter.of("$share/group 1//+/b");

        assertThat(filter.shareName()).isEqualTo("group 1");
        assertThat(filter.isShared()).isTrue();
        assertThat(filter.effective()).isEqualTo("/+/b");
        assertThat(filter.hasWildcard()).isTrue();
        assertThat(filter).hasToString("$share/group 1//+/b");
        assertThat(filter.matches(TopicName.of("/a/b"))).isTrue();
        assertThat(filter).isNotEqualTo(TopicFilter.of("/+/b"));
        assertThat(filter).isEqualTo(TopicFilter.of("$share/group 1//+/b"));
        assertThat(filter).hasSameHashCodeAs(TopicFilter.of("$share/group 1//+/b"));
    }

    @Test
    void a_shared_filter_does_not_reach_reserved_topics_by_a_wildcard() {
        assertThat(TopicFilter.of("$share/g/#").matches(TopicName.of("$SYS/x"))).isFalse();
        assertThat(TopicFilter.of("$share/g/$SYS/#").matches(TopicName.of("$SYS/x"))).isTrue();
    }

    @Test
    void a_filter_stays_within_the_limits() {
        TopicLimits limits = new TopicLimits(8, 3, false);

        for (String filter :
                List.of(
                        "a/b/cdefg",
                        "a/b/c/d",
                        "a\n",
                        "$share/\n/a",
                        "ßßßßß",
                        "$share/g/a/b/c/d")) {
            assertThat(
                            catchThrowableOfType(
                                    ProtocolException.class, () -> TopicFilter.of(filter, limits)))
                    .as(filter)
                    .isNotNull();
        }
        assertThat(TopicFilter.of("a/+/#", limits).size()).isEqualTo(5);
        assertThat(TopicFilter.of("a/b", limits).hasWildcard()).isFalse();
        assertThat(TopicFilter.of("a/b", limits).at(2)).isEqualTo((byte) 'b');
        assertThat(TopicFilter.of("a/b", limits).slice(0, 1)).containsExactly('a');
    }
}
