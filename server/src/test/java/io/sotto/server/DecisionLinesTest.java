package io.sotto.server;

import static io.sotto.mqtt.ReasonCode.NOT_AUTHORIZED;
import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.broker.spi.DropReason;
import io.sotto.broker.spi.MemoryRecorder;
import io.sotto.broker.spi.Stored;
import io.sotto.mqtt.TopicName;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DecisionLinesTest {
    private static final String RIGHT = "may not publish to this topic";

    private final List<String> lines = new ArrayList<>();
    private final MemoryRecorder recorder = new MemoryRecorder(1000);
    private final DecisionLines decisions =
            new DecisionLines(
                    recorder, (severity, sentence) -> lines.add(severity + " " + sentence));

    private void drop(DropReason reason, String clientId, long now) {
        decisions.dropped(
                reason, clientId, new Stored(1, TopicName.of("t"), 1, Long.MAX_VALUE), now);
    }

    @Test
    void a_drop_and_a_refusal_are_said_with_their_reasons() {
        drop(DropReason.QUEUE_FULL, "k", 0);
        drop(DropReason.NO_MEMBER, "$share/g/t", 0);
        decisions.refused(NOT_AUTHORIZED, "b", "home/x", RIGHT, 0);

        assertThat(lines)
                .containsExactly(
                        "WARNING client k does not get a message to t: "
                                + "the queue of the session is full (queue.messages, queue.bytes)",
                        "WARNING $share/g/t does not get a message to t: "
                                + "no member of the share group is left",
                        "WARNING client b is refused home/x: may not publish to this topic");
    }

    @Test
    void the_same_is_said_once_a_minute_with_how_often_it_was() {
        for (int i = 0; i < 1201; i++) {
            decisions.refused(NOT_AUTHORIZED, "b", "home/x", RIGHT, 5);
        }
        decisions.refused(NOT_AUTHORIZED, "c", "home/x", RIGHT, 5);
        decisions.refused(NOT_AUTHORIZED, "b", "home/y", RIGHT, 5 + DecisionLines.PAUSE);

        assertThat(lines).hasSize(3);
        assertThat(lines.getLast())
                .isEqualTo(
                        "WARNING client b is refused home/y: may not publish to this topic"
                                + " (and 1,200 times since this was said last)");
        assertThat(recorder.decisions()).hasSize(1000);
    }

    @Test
    void so_many_clients_are_spoken_of_and_others_once_those_are_quiet() {
        for (int i = 0; i < 2 * DecisionLines.CLIENTS; i++) {
            drop(DropReason.SLOW_CONSUMER, "c" + i, 0);
        }
        int atFirst = lines.size();

        drop(DropReason.SLOW_CONSUMER, "another", DecisionLines.PAUSE);

        assertThat(atFirst).isEqualTo(DecisionLines.CLIENTS);
        assertThat(lines).hasSize(DecisionLines.CLIENTS + 1);
    }

    @Test
    void what_is_everyday_or_was_said_already_is_only_noted() {
        drop(DropReason.OFFLINE, "k", 0);
        drop(DropReason.EXPIRED, "k", 0);
        drop(DropReason.NOT_AUTHORIZED, "k", 0);
        drop(DropReason.SESSION_ENDED, "k", 0);
        decisions.refusedAndTold(NOT_AUTHORIZED, "k", "CONNECT", "wrong password", 0);

        assertThat(lines).isEmpty();
        assertThat(recorder.decisions()).hasSize(5);
    }
}
