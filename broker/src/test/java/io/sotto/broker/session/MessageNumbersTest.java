package io.sotto.broker.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageNumbersTest {
    private static final long TODAY = 1_795_000_000_000L;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 7, 1_024})
    void no_two_shards_give_the_same_and_each_gives_higher_ones(int shards) {
        Set<Long> given = new HashSet<>();
        for (int shard = 0; shard < shards; shard++) {
            MessageNumbers numbers = new MessageNumbers(shard, shards);
            long last = 0;
            for (int i = 0; i < 200; i++) {
                long number = numbers.next(TODAY + i / 50);
                assertThat(number).isGreaterThan(last);
                assertThat(given.add(number)).isTrue();
                last = number;
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 1_024})
    void what_begins_in_a_later_millisecond_is_higher_on_every_shard(int shards) {
        MessageNumbers first = new MessageNumbers(shards - 1, shards);
        MessageNumbers other = new MessageNumbers(0, shards);
        long highest = 0;
        for (int i = 0; i < 64; i++) {
            highest = first.next(TODAY);
        }

        assertThat(other.next(TODAY + 1)).isGreaterThan(highest);
    }

    @Test
    void what_follows_something_heard_of_is_higher_within_the_same_millisecond() {
        MessageNumbers first = new MessageNumbers(1, 2);
        MessageNumbers other = new MessageNumbers(0, 2);
        first.next(TODAY);
        long heard = first.next(TODAY);

        other.above(heard);

        assertThat(other.next(TODAY)).isGreaterThan(heard);
    }

    @Test
    void they_go_on_above_those_of_the_last_run_though_the_clock_was_set_back() {
        long highest = new MessageNumbers(6, 7).next(TODAY);
        MessageNumbers numbers = new MessageNumbers(0, 2);

        numbers.above(highest);

        long next = numbers.next(TODAY - 86_400_000);
        assertThat(next).isGreaterThan(highest);
        assertThat(numbers.next(TODAY - 86_400_000)).isGreaterThan(next);
    }
}
