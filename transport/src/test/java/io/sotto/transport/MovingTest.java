package io.sotto.transport;

import static io.sotto.transport.RunningBroker.await;
import static io.sotto.transport.RunningBroker.settings;
import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.mqtt.ConnAck;
import io.sotto.mqtt.Disconnect;
import io.sotto.mqtt.Payload;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.Publish;
import io.sotto.mqtt.QoS;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Connections on their way from the loop that accepted them to that of their session; with four
/// loops, three of four move.
@Timeout(120)
@ParameterizedClass
@EnumSource(EachWire.class)
class MovingTest {
    private final EachWire wire;
    private static final int THREADS = 8;
    private static final int CONNECTS = 10_000;

    MovingTest(EachWire wire) {
        this.wire = wire;
    }

    @Test
    void ten_thousand_connections_find_the_loop_of_their_session() throws Exception {
        try (RunningBroker broker =
                new RunningBroker(settings(30, 1_000_000, 0), wire.carriers())) {
            inParallel((thread, i) -> {
                try (Peer peer = broker.peer()) {
                    peer.connect("client-" + thread + "-" + i);
                    peer.send(Disconnect.NORMAL);
                    assertThat(peer.isClosedByBroker()).isTrue();
                }
            });

            await("all to be gone", () -> broker.loops().connectionCount() == 0);
            await("no session to be left", () -> broker.sessions() == 0);
            assertThat(broker.balances()).isTrue();
        }
    }

    @Test
    void connections_that_die_at_any_moment_of_the_move_leave_nothing_behind() throws Exception {
        long seed = System.nanoTime();
        try (RunningBroker broker =
                new RunningBroker(settings(30, 1_000_000, 0), wire.carriers())) {
            inParallel((thread, i) -> {
                Random random = new Random(seed + thread * 100_000L + i);
                Peer peer = broker.peer();
                peer.send(everythingAtOnce("client-" + thread + "-" + random.nextInt(50)));
                for (int spin = random.nextInt(2_000); spin > 0; spin--) {
                    Thread.onSpinWait();
                }
                if (random.nextBoolean()) {
                    peer.reset();
                } else {
                    peer.close();
                }
            });

            await("all to be gone, seed " + seed, () -> broker.loops().connectionCount() == 0);
            await("no session to be left, seed " + seed, () -> broker.sessions() == 0);
            await("the books to close, seed " + seed, broker::balances);
        }
    }

    @Test
    void what_was_sent_before_the_move_is_served_behind_it() throws Exception {
        try (RunningBroker broker =
                new RunningBroker(settings(30, 1_000_000, 0), wire.carriers())) {
            for (int i = 0; i < 200; i++) {
                String clientId = "client-" + i;
                try (Peer peer = broker.peer()) {
                    peer.send(everythingAtOnce(clientId));

                    assertThat(peer.receive()).isInstanceOf(ConnAck.class);
                    peer.receive();
                    assertThat(peer.receive(Publish.class).payload())
                            .isEqualTo(Payload.of(clientId));
                }
            }
        }
    }

    private static byte[] everythingAtOnce(String clientId) throws IOException {
        ProtocolVersion version = ProtocolVersion.MQTT_5;
        byte[] payload = clientId.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.write(Peer.bytes(Peer.connectPacket(version, clientId, 0, null), version));
        all.write(Peer.bytes(Peer.subscribePacket(clientId, QoS.AT_MOST_ONCE), version));
        all.write(Peer.bytes(Peer.publishPacket(clientId, payload, QoS.AT_MOST_ONCE, 0), version));
        return all.toByteArray();
    }

    private interface Visit {
        void make(int thread, int index) throws IOException;
    }

    private static void inParallel(Visit visit) throws Exception {
        try (ExecutorService executor = Executors.newFixedThreadPool(THREADS)) {
            List<Future<?>> running = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                int number = thread;
                Callable<Boolean> visits =
                        () -> {
                            for (int i = 0; i < CONNECTS / THREADS; i++) {
                                visit.make(number, i);
                            }
                            return true;
                        };
                running.add(executor.submit(visits));
            }
            for (Future<?> one : running) {
                one.get();
            }
        }
    }
}
