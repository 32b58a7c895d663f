package io.sotto.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SpanTest {
    @Test
    void what_counts_begins_behind_the_warm_up_and_ends_with_the_span() {
        long begin = Clock.now();
        Span span =
                Span.startingAt(
                        begin,
                        new Load.Times(
                                Duration.ofSeconds(2), Duration.ofSeconds(3), Duration.ZERO));

        assertThat(span.counts(begin)).isZero();
        assertThat(span.counts(begin + 1_999_999_999L)).isZero();
        assertThat(span.counts(begin + 2_000_000_000L)).isEqualTo(1);
        assertThat(span.counts(begin + 2_000_000_001L)).isEqualTo(1);
        assertThat(span.counts(begin + 4_999_999_999L)).isEqualTo(1);
        assertThat(span.counts(begin + 5_000_000_000L)).isZero();
        assertThat(span.counts(begin + 5_000_000_001L)).isZero();
    }

    @Test
    void nothing_counts_before_it_is_known_when() {
        assertThat(Span.NONE.counts(Clock.now())).isZero();
    }
}
