package io.sotto.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sotto.broker.spi.Message;
import io.sotto.broker.spi.Principal;
import io.sotto.broker.spi.Recovery;
import io.sotto.broker.spi.SessionStore.Grant;
import io.sotto.broker.spi.SessionStore.Owner;
import io.sotto.broker.spi.Stored;
import io.sotto.broker.spi.Via;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.RetainHandling;
import io.sotto.mqtt.TopicFilter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class ReadAheadTest {
    private static final int MANY = 50_000;
    private static final Message MESSAGE = Messages.message(7, QoS.AT_LEAST_ONCE, 3);

    private static Recovery.Copy copy(long session) {
        return new Recovery.Copy(session, Stored.of(MESSAGE), QoS.AT_LEAST_ONCE, false, Via.PLAIN);
    }

    private static void tellAll(Recovery.Listener listener) {
        Owner owner = new Owner("lamp", new Principal("ann"));
        listener.totals(Map.of("received", 4L));
        listener.retained(MESSAGE);
        listener.session(new Recovery.KeptSession(1, owner, 60, null, 8, 9, false));
        listener.subscribed(
                1,
                new Grant(
                        TopicFilter.of("a/#"),
                        QoS.AT_LEAST_ONCE,
                        false,
                        false,
                        RetainHandling.SEND,
                        0));
        listener.received(1, 5);
        listener.sent(new Recovery.Sent(1, 6, 7, 8, true));
        for (int i = 1; i <= MANY; i++) {
            listener.queued(copy(i));
        }
    }

    @Test
    void all_is_told_in_the_order_in_which_it_was_read() {
        Noted direct = new Noted();
        tellAll(direct);
        Noted ahead = new Noted();

        new ReadAhead(ReadAheadTest::tellAll).tell(ahead);

        assertThat(ahead.told).hasSize(MANY + 6).isEqualTo(direct.told);
    }

    @Test
    void what_the_reading_meets_is_met_by_whoever_asked() {
        UncheckedIOException damaged = new UncheckedIOException(new IOException("damaged"));
        Noted noted = new Noted();
        Recovery failing =
                listener -> {
                    listener.queued(copy(1));
                    throw damaged;
                };

        assertThatThrownBy(() -> new ReadAhead(failing).tell(noted)).isSameAs(damaged);
        assertThat(noted.told).containsExactly(copy(1));
    }

    @Test
    void the_reading_has_ended_when_a_listener_fails() throws InterruptedException {
        CountDownLatch ended = new CountDownLatch(1);
        Recovery endless =
                listener -> {
                    try {
                        for (int i = 1; i > 0; i++) {
                            listener.queued(copy(i));
                        }
                    } finally {
                        ended.countDown();
                    }
                };
        Noted failing =
                new Noted() {
                    @Override
                    public void queued(Recovery.Copy copy) {
                        throw new IllegalStateException("no more");
                    }
                };

        assertThatThrownBy(() -> new ReadAhead(endless).tell(failing)).hasMessage("no more");
        assertThat(ended.getCount()).isZero();
    }

    /// Notes what it is told.
    private static class Noted implements Recovery.Listener {
        private final List<Object> told = new ArrayList<>();

        @Override
        public void totals(Map<String, Long> totals) {
            told.add(totals);
        }

        @Override
        public void retained(Message message) {
            told.add(message);
        }

        @Override
        public void session(Recovery.KeptSession session) {
            told.add(session);
        }

        @Override
        public void subscribed(long session, Grant grant) {
            told.add(List.of(session, grant));
        }

        @Override
        public void received(long session, int packetId) {
            told.add(List.of(session, packetId));
        }

        @Override
        public void sent(Recovery.Sent sent) {
            told.add(sent);
        }

        @Override
        public void queued(Recovery.Copy copy) {
            told.add(copy);
        }
    }
}
