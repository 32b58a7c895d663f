package io.sotto.broker.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReceivedIdsTest {
    @Test
    void it_does_what_a_set_does_over_all_identifiers() {
        Random random = new Random(3);
        ReceivedIds ids = new ReceivedIds();
        Set<Integer> model = new HashSet<>();
        for (int step = 0; step < 200_000; step++) {
            int id = 1 + random.nextInt(65_535);
            if (random.nextBoolean()) {
                assertThat(ids.add(id)).isEqualTo(model.add(id));
            } else {
                assertThat(ids.remove(id)).isEqualTo(model.remove(id));
            }
            assertThat(ids.size()).isEqualTo(model.size());
        }
        for (int id = 1; id <= 65_535; id++) {
            assertThat(ids.contains(id)).isEqualTo(model.contains(id));
        }
    }
}
