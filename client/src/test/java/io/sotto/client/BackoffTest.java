package io.sotto.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private final Backoff backoff = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(60));

    @Test
    void each_wait_is_twice_the_last_up_to_the_maximum() {
        assertThat(backoff.delay(0, 1)).isEqualTo(Duration.ofSeconds(1));
        assertThat(backoff.delay(1, 1)).isEqualTo(Duration.ofSeconds(2));
        assertThat(backoff.delay(5, 1)).isEqualTo(Duration.ofSeconds(32));
        assertThat(backoff.delay(6, 1)).isEqualTo(Duration.ofSeconds(60));
        assertThat(backoff.delay(Integer.MAX_VALUE, 1)).isEqualTo(Duration.ofSeconds(60));
    }

    @Test
    void half_of_a_wait_is_chance() {
        assertThat(backoff.delay(0, 0)).isEqualTo(Duration.ofMillis(500));
        assertThat(backoff.delay(0, 0.5)).isEqualTo(Duration.ofMillis(750));
    }

    @Test
    void no_wait_at_all_is_refused() {
        assertThatThrownBy(() -> new Backoff(Duration.ZERO, Duration.ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
