package io.sotto.broker.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.broker.spi.Message;
import io.sotto.broker.spi.Stored;
import io.sotto.broker.spi.Via;
import io.sotto.mqtt.Payload;
import io.sotto.mqtt.PublishProperties;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.TopicFilter;
import io.sotto.mqtt.TopicName;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
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
    void what_comes_in_any_order_is_brought_into_that_of_its_numbers() {
        Random random = new Random(13);
        Backlog backlog = new Backlog();
        List<Long> numbers = new ArrayList<>();
        for (long number = 1; number <= 100; number++) {
            numbers.add(number);
        }
        Collections.shuffle(numbers, random);
        for (long number : numbers) {
            QoS qos = number % 2 == 0 ? QoS.AT_LEAST_ONCE : QoS.EXACTLY_ONCE;
            Via via = number % 3 == 0 ? Via.PLAIN : new Via(List.of((int) number), null);
            Stored stored = new Stored(number, TopicName.of("t"), 1, Long.MAX_VALUE);
            backlog.add(stored, qos, number % 5 == 0, via);
        }

        backlog.sort();

        assertThat(backlog.size()).isEqualTo(100);
        for (int i = 0; i < 100; i++) {
            int number = i + 1;
            assertThat(backlog.held(i).id()).isEqualTo(number);
            assertThat(backlog.qos(i).level()).isEqualTo(number % 2 == 0 ? 1 : 2);
            assertThat(backlog.retain(i)).isEqualTo(number % 5 == 0);
            assertThat(backlog.via(i).identifiers()).hasSize(number % 3 == 0 ? 0 : 1);
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

    /// What waits for an absent member of a share group is looked at while it is away.
    @Test
    void whose_share_it_is_is_asked_once_for_a_run_and_only_while_there_is_any() {
        TopicFilter group = TopicFilter.of("$share/g/t");
        Backlog backlog = new Backlog();
        List<TopicFilter> asked = new ArrayList<>();
        Predicate<TopicFilter> unwanted = filter -> !asked.add(filter);
        for (int number = 1; number <= 100; number++) {
            Stored message = new Stored(number, TopicName.of("t"), 1, Long.MAX_VALUE);
            Via via = number % 2 == 0 ? new Via(List.of(), group) : Via.PLAIN;
            backlog.add(message, QoS.AT_LEAST_ONCE, false, via);
        }

        assertThat(backlog.holdsShared(unwanted)).isFalse();
        assertThat(asked).containsExactly(group);
        assertThat(backlog.held(0).id()).isEqualTo(1);
        assertThat(backlog.holdsShared(group::equals)).isTrue();

        backlog.remove(1);
        for (int left = 99; left > 0; left--) {
            backlog.removeFirst();
        }
        asked.clear();
        assertThat(backlog.holdsShared(unwanted)).isFalse();
        assertThat(asked).isEmpty();
    }
}
