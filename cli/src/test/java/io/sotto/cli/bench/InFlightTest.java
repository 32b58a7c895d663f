package io.sotto.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class InFlightTest {
    private final InFlight inFlight = new InFlight();

    @Test
    void an_identifier_stands_for_the_time_of_its_message() {
        int first = inFlight.add(10);
        int second = inFlight.add(20);

        assertThat(inFlight.remove(second)).isEqualTo(20);
        assertThat(inFlight.remove(first)).isEqualTo(10);
    }

    @Test
    void what_is_not_in_use_has_no_time() {
        int id = inFlight.add(10);
        inFlight.remove(id);

        assertThat(inFlight.remove(id)).isEqualTo(-1);
        assertThat(inFlight.remove(0)).isEqualTo(-1);
        assertThat(inFlight.remove(65_535)).isEqualTo(-1);
    }

    @Test
    void every_identifier_can_be_in_use() {
        for (int i = 0; i < 60_000; i++) {
            assertThat(inFlight.add(i)).isEqualTo(i + 1);
        }

        for (int i = 0; i < 60_000; i++) {
            assertThat(inFlight.remove(i + 1)).isEqualTo(i);
        }
    }

    @Test
    void acknowledgements_out_of_order_free_what_they_name() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        Map<Integer, Long> model = new HashMap<>();
        for (long time = 0; time < 300_000; time++) {
            if (model.size() < 1_000 && random.nextInt(3) > 0) {
                int id = inFlight.add(time);
                assertThat(id).as("seed %d", seed).isBetween(1, 65_535);
                assertThat(model.put(id, time)).as("seed %d", seed).isNull();
            } else {
                int id = 1 + random.nextInt(65_535);
                Long known = model.remove(id);
                assertThat(inFlight.remove(id))
                        .as("seed %d", seed)
                        .isEqualTo(known == null ? -1 : known);
            }
        }
    }
}
