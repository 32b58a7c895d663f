package io.sotto.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DeparturesTest {
    private final List<Integer> sent = new ArrayList<>();
    private final List<Integer> deferred = new ArrayList<>();
    private final Map<Integer, Long> sizes = new HashMap<>();
    private final Departures<Integer> departures = new Departures<>(this::send, deferred::add);

    private long send(Integer link) {
        sent.add(link);
        return sizes.getOrDefault(link, 0L);
    }

    private List<Integer> turn() {
        sent.clear();
        departures.depart();
        return List.copyOf(sent);
    }

    private void write(int from, int to) {
        IntStream.range(from, to).forEach(departures::add);
    }

    @Test
    void what_few_have_to_send_leaves_at_once() {
        write(0, 32);

        assertThat(departures.depart()).isFalse();

        assertThat(sent).hasSize(32);
        assertThat(deferred).isEmpty();
    }

    @Test
    void what_very_many_have_to_send_leaves_over_several_turns_and_in_order() {
        write(0, 1_000);

        List<Integer> all = new ArrayList<>();
        boolean more = true;
        while (more) {
            sent.clear();
            more = departures.depart();
            assertThat(sent).hasSizeBetween(1, 40);
            all.addAll(sent);
        }

        assertThat(all).isEqualTo(IntStream.range(0, 1_000).boxed().toList());
        assertThat(deferred).hasSize(1_000 - 32);
    }

    @Test
    void who_is_written_to_later_does_not_wait_for_the_many_before() {
        write(0, 1_000);
        turn();

        departures.add(5_000);

        assertThat(turn()).startsWith(5_000).hasSize(32);
    }

    @Test
    void who_had_to_wait_goes_on_however_much_is_written_in_each_turn() {
        write(0, 1_000);
        turn();
        write(1_000, 2_000);

        assertThat(turn()).contains(40, 41, 42);
    }

    @Test
    void large_things_count_for_many_small_ones() {
        sizes.put(0, 200L * 1024);
        sizes.put(1, 200L * 1024);
        write(0, 100);

        // The quarter of those who had to wait is 8 calls.
        assertThat(turn()).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    }

    @Test
    void who_has_sent_a_part_waits_behind_those_who_wait_already() {
        write(0, 100);
        turn();
        departures.later(0);
        while (departures.depart()) {}

        assertThat(sent).endsWith(0);
    }
}
