package io.sotto.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LatencyTest {
    private final Latency latency = new Latency();

    @Test
    void what_does_not_count_is_in_no_figure() {
        latency.record(5_000_000, 10, 0);
        latency.record(1_000, 2, 1);

        assertThat(latency.interval().count()).isEqualTo(2);
        assertThat(latency.total().count()).isEqualTo(2);
        assertThat(latency.total().max()).isBetween(1_000L, 1_001L);
    }

    @Test
    void an_interval_is_what_came_since_the_last() {
        latency.record(1_000);
        latency.interval();
        latency.record(2_000);

        assertThat(latency.interval().count()).isEqualTo(1);
        assertThat(latency.total().count()).isEqualTo(2);
    }

    @Test
    void times_that_are_equal_are_kept_apart_by_whether_they_count() {
        Times times = new Times(latency);

        times.add(1_000, 0);
        times.add(1_000, 1);
        times.add(1_000, 1);
        times.flush();

        assertThat(latency.total().count()).isEqualTo(2);
    }
}
