package io.sotto.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.cli.bench.Sequence.Arrival;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SequenceTest {
    @Test
    void what_comes_in_turn_is_in_order() {
        Sequence sequence = Sequence.whole();

        assertThat(sequence.add(0)).isEqualTo(Arrival.IN_ORDER);
        assertThat(sequence.add(1)).isEqualTo(Arrival.IN_ORDER);
        assertThat(sequence.missing(2)).isZero();
        assertThat(sequence.missing(5)).isEqualTo(3);
    }

    @Test
    void a_gap_is_missed_until_it_is_filled() {
        Sequence sequence = Sequence.whole();
        sequence.add(4);

        assertThat(sequence.missing()).isEqualTo(4);
        assertThat(sequence.add(2)).isEqualTo(Arrival.LATE);
        assertThat(sequence.add(2)).isEqualTo(Arrival.DOUBLED);
        assertThat(sequence.add(4)).isEqualTo(Arrival.DOUBLED);
        assertThat(sequence.missing()).isEqualTo(3);
    }

    @Test
    void a_sender_that_was_at_work_already_is_known_from_its_first_message_on() {
        Sequence sequence = Sequence.from(100);
        sequence.add(100);
        sequence.add(101);

        assertThat(sequence.missing()).isZero();
        assertThat(sequence.add(98)).isEqualTo(Arrival.LATE);
        assertThat(sequence.missing()).isEqualTo(1);
        assertThat(sequence.add(99)).isEqualTo(Arrival.LATE);
        assertThat(sequence.add(99)).isEqualTo(Arrival.DOUBLED);
        assertThat(sequence.missing()).isZero();
    }

    @Test
    void it_agrees_with_a_plain_set_of_numbers() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            boolean whole = random.nextBoolean();
            int first = random.nextInt(50);
            Sequence sequence = whole ? Sequence.whole() : Sequence.from(first);
            Set<Integer> model = new HashSet<>();
            int lowest = whole ? 0 : first;
            int highest = lowest - 1;
            for (int i = 0; i < 100; i++) {
                int number = random.nextInt(60);
                boolean doubled = !model.add(number);
                lowest = Math.min(lowest, number);
                highest = Math.max(highest, number);

                Arrival arrival = sequence.add(number);

                assertThat(arrival == Arrival.DOUBLED).as("seed %d", seed).isEqualTo(doubled);
                assertThat(sequence.missing())
                        .as("seed %d", seed)
                        .isEqualTo(highest + 1 - lowest - model.size());
            }
        }
    }
}
