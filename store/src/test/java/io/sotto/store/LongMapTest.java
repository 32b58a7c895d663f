package io.sotto.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LongMapTest {
    @Test
    void it_holds_what_a_map_holds_through_growth_and_removal() {
        Random random = new Random(4);
        LongMap counts = new LongMap();
        Map<Long, Integer> model = new HashMap<>();
        for (int step = 0; step < 200_000; step++) {
            long key = 1L + random.nextInt(step < 100_000 ? 20_000 : 50);
            if (random.nextInt(3) > 0) {
                int value = 1 + random.nextInt(9);
                counts.put(key, value);
                model.put(key, value);
            } else {
                counts.remove(key);
                model.remove(key);
            }
            assertThat(counts.get(key)).isEqualTo(model.getOrDefault(key, 0));
            assertThat(counts.size()).isEqualTo(model.size());
        }
        model.forEach((key, value) -> assertThat(counts.get(key)).isEqualTo(value));

        counts.clear();

        assertThat(counts.size()).isZero();
        assertThat(counts.get(7)).isZero();
    }
}
