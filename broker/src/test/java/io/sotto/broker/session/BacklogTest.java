package io.sotto.broker.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.broker.spi.Message;
import io.sotto.broker.spi.Via;
import io.sotto.mqtt.Payload;
import io.sotto.mqtt.PublishProperties;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.TopicName;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BacklogTest {
    @Test
    void it_is_a_queue_that_weighs_what_it_holds() {
        Random random = new Random(9);
        Backlog backlog = new Backlog();
        Deque<Message> model = new ArrayDeque<>();
        for (int step = 0; step < 20_000; step++) {
            if (random.nextInt(5) < 3) {
                Message message =
                        new Message(
                                0,
                                TopicName.of("t/" + step),
                                Payload.of("x".repeat(random.nextInt(20))),
                                QoS.of(random.nextInt(3)),
                                random.nextBoolean(),
                                PublishProperties.NONE,
                                "p",
                                0,
                                null,
                                null);
                backlog.add(message, message.qos(), message.retain(), Via.PLAIN);
                model.addLast(message);
            } else if (!model.isEmpty()) {
                Message oldest = model.removeFirst();
                assertThat(backlog.held(0)).isEqualTo(oldest);
                assertThat(backlog.qos(0)).isEqualTo(oldest.qos());
                assertThat(backlog.retain(0)).isEqualTo(oldest.retain());
                backlog.removeFirst();
            }
            assertThat(backlog.size()).isEqualTo(model.size());
            assertThat(backlog.bytes()).isEqualTo(model.stream().mapToLong(Message::weight).sum());
        }
    }

    @Test
    void it_knows_whether_anything_in_it_may_have_expired() {
        Random random = new Random(11);
        Backlog backlog = new Backlog();
        Deque<Message> model = new ArrayDeque<>();
        for (int now = 0; now < 20_000; now++) {
            if (random.nextInt(5) < 3) {
                long interval = random.nextInt(4) == 0 ? 1 + random.nextInt(9) : -1;
                Message message =
                        new Message(
                                0,
                                TopicName.of("t"),
                                Payload.of(""),
                                QoS.AT_LEAST_ONCE,
                                false,
                                new PublishProperties(-1, interval, null, null, null, List.of()),
                                "p",
                                now,
                                null,
                                null);
                backlog.add(message, message.qos(), message.retain(), Via.PLAIN);
                model.addLast(message);
            } else if (!model.isEmpty()) {
                model.removeFirst();
                backlog.removeFirst();
            }
            int present = now;
            assertThat(backlog.mayHoldExpired(present))
                    .isEqualTo(model.stream().anyMatch(message -> message.isExpired(present)));
        }
    }
}
