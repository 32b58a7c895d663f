package io.sotto.testkit.sim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopicsTest {
    @ParameterizedTest
    @CsvSource({
        "a/b, a/b, true",
        "a/b, a/c, false",
        "a/b, a, false",
        "a/+, a/b, true",
        "a/+, a/, true",
        "a/+, a, false",
        "+, a, true",
        "+, /a, false",
        "/+, /a, true",
        "a/#, a, true",
        "a/#, a/b/c, true",
        "#, a/b, true",
        "#, $x/a, false",
        "+/a, $x/a, false",
        "$x/#, $x/a, true",
        "$share/g/a/+, a/b, true",
        "$share/g/#, $x/a, false",
    })
    void a_filter_matches_as_the_standard_says(String filter, String topic, boolean matches) {
        assertThat(Topics.matches(filter, topic)).isEqualTo(matches);
    }
}
