package io.sotto.broker.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.broker.spi.Message;
import io.sotto.broker.spi.Via;
import io.sotto.mqtt.Payload;
import io.sotto.mqtt.PublishProperties;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.TopicName;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class InflightTest {
    private final Inflight inflight = new Inflight();

    private static Message message(int number) {
        return new Message(
                0,
                TopicName.of("t"),
                Payload.of("m" + number),
                QoS.AT_LEAST_ONCE,
                false,
                PublishProperties.NONE,
                "publisher",
                0,
                null,
                null);
    }

    private int add(int number) {
        return inflight.add(message(number), QoS.AT_LEAST_ONCE, false, Via.PLAIN);
    }

    @Test
    void identifiers_are_never_zero_and_never_shared_over_several_rounds() {
        Random random = new Random(5);
        List<Integer> open = new ArrayList<>();
        for (int i = 0; i < 300_000; i++) {
            int id = add(i);
            assertThat(id).isBetween(1, 65_535);
            assertThat(open).doesNotContain(id);
            open.add(id);
            if (open.size() > 20) {
                int freed = open.remove(/* index */ random.nextInt(open.size()));
                inflight.remove(freed);
                assertThat(inflight.contains(freed)).isFalse();
            }
        }
        assertThat(inflight.size()).isEqualTo(open.size());
        assertThat(inflight.inOrder())
                .containsExactlyInAnyOrder(open.stream().mapToInt(i -> i).toArray());
    }

    @Test
    void all_65535_identifiers_can_be_in_use_at_once() {
        for (int i = 0; i < 65_535; i++) {
            add(i);
        }
        assertThat(inflight.size()).isEqualTo(65_535);
        assertThat(inflight.inOrder()).doesNotHaveDuplicates().doesNotContain(0);

        inflight.remove(777);

        assertThat(add(1)).isEqualTo(777);
    }

    @Test
    void the_order_is_that_of_sending_however_identifiers_wrap() {
        for (int i = 0; i < 65_530; i++) {
            inflight.remove(add(i));
        }
        List<Integer> sent = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            sent.add(add(i));
        }

        assertThat(inflight.inOrder()).containsExactly(sent.stream().mapToInt(i -> i).toArray());
        assertThat(inflight.message(sent.get(3))).isEqualTo(message(3));
    }
}
