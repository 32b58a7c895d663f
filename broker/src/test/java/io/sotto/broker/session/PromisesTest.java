package io.sotto.broker.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.broker.spi.MemoryJournal;
import io.sotto.mqtt.Diagnostics;
import io.sotto.mqtt.PubAck;
import io.sotto.mqtt.ReasonCode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PromisesTest {
    private final SlowJournal journal = new SlowJournal();
    private final Promises promises = new Promises(journal);
    private final List<Integer> kept = new ArrayList<>();

    private static final class SlowJournal extends MemoryJournal {
        private long durable;

        @Override
        public long durable() {
            return durable;
        }
    }

    private void hold(long batch, int number) {
        promises.hold(
                batch,
                (packet, now) -> kept.add(packet instanceof PubAck ack ? ack.packetId() : -1),
                new PubAck(number, ReasonCode.SUCCESS, Diagnostics.NONE));
    }

    @Test
    void they_are_kept_in_order_however_many_wait() {
        List<Integer> all = new ArrayList<>();
        int held = 0;
        for (int round = 1; round <= 20; round++) {
            for (int i = 0; i < 3 * round; i++) {
                held++;
                all.add(held);
                hold(held, held);
            }
            // Some of them, so that the ring has turned when it grows.
            journal.durable = held / 2;
            promises.keep(0);
            assertThat(kept).isEqualTo(all.subList(0, held / 2));
        }

        journal.durable = held;
        promises.keep(0);

        assertThat(kept).isEqualTo(all);
        assertThat(promises.isEmpty()).isTrue();
    }

    @Test
    void one_that_is_kept_may_make_others() {
        promises.hold(1, (packet, now) -> hold(1, 7), null);
        journal.durable = 1;

        promises.keep(0);

        assertThat(kept).containsExactly(7);
    }
}
