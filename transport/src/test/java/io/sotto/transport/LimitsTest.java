package io.sotto.transport;

import static io.sotto.transport.RunningBroker.await;
import static io.sotto.transport.RunningBroker.settings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.PooledByteBufAllocator;
import io.sotto.broker.spi.Terms;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.ReasonCode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
@ParameterizedClass
@EnumSource(EachWire.class)
class LimitsTest {
    private final EachWire wire;

    LimitsTest(EachWire wire) {
        this.wire = wire;
    }

    @Test
    void one_connection_too_many_is_closed_and_room_is_used_again() throws IOException {
        try (RunningBroker broker = new RunningBroker(settings(30, 2, 0), wire.carriers())) {
            try (Peer first = broker.peer();
                    Peer second = broker.peer()) {
                first.connect("first");
                second.connect("second");

                try (Peer third = broker.peer()) {
                    assertThat(third.isClosedByBroker()).isTrue();
                }
                assertThat(broker.events())
                        .anyMatch(event -> event.contains("limits.connections)"));

                second.leave();
                await("the place to be free", () -> broker.loops().connectionCount() == 1);
                try (Peer fourth = broker.peer()) {
                    assertThat(fourth.connect("fourth").reason()).isEqualTo(ReasonCode.SUCCESS);
                }
            }
        }
    }

    @Test
    void a_listener_may_have_a_bound_of_its_own() throws IOException {
        Listener.Place place =
                new Listener.Place(
                        "small",
                        new Endpoint.Port("127.0.0.1", 0),
                        true,
                        wire.carriers(),
                        1,
                        Terms.DEFAULT);
        try (RunningBroker broker = new RunningBroker(settings(30, 100, 0), place)) {
            try (Peer first = broker.peer()) {
                first.connect("first");

                try (Peer second = broker.peer()) {
                    assertThat(second.isClosedByBroker()).isTrue();
                }
                assertThat(broker.events())
                        .anyMatch(event -> event.contains("listeners[].connections"));
                first.leave();
            }
            await("the place to be free", () -> broker.loops().connectionCount() == 0);
            try (Peer third = broker.peer()) {
                assertThat(third.connect("third").reason()).isEqualTo(ReasonCode.SUCCESS);
            }
        }
    }

    @Test
    void one_address_has_its_share_only() throws IOException {
        try (RunningBroker broker = new RunningBroker(settings(30, 100, 1), wire.carriers())) {
            try (Peer first = broker.peer()) {
                first.connect("first");

                try (Peer second = broker.peer()) {
                    assertThat(second.isClosedByBroker()).isTrue();
                }
                assertThat(broker.loops().connectionCount()).isEqualTo(1);
                assertThat(broker.events())
                        .anyMatch(event -> event.contains("limits.connections-per-address"));
            }
        }
    }

    @Test
    void a_peer_that_takes_nothing_for_too_long_is_lost() throws IOException {
        try (RunningBroker broker = new RunningBroker(settings(1, 100, 0), wire.carriers())) {
            try (Peer deaf = broker.slowPeer();
                    Peer idle = broker.peer();
                    Peer writer = broker.peer()) {
                deaf.connect("deaf");
                deaf.subscribe("a", QoS.AT_MOST_ONCE);
                idle.connect("idle");
                writer.connect("writer");

                byte[] payload = new byte[100_000];
                for (int i = 0; i < 200; i++) {
                    writer.send(Peer.publishPacket("a", payload, QoS.AT_MOST_ONCE, 0));
                }

                await(
                        "the deaf one to be lost",
                        () ->
                                broker.events().stream()
                                        .anyMatch(e ->
                                                e.contains("client deaf") && e.contains("lost")));
                await("two to be left", () -> broker.loops().connectionCount() == 2);
            }
        }
    }

    @Test
    void a_payload_waits_for_slow_readers_by_reference() throws IOException {
        int readers = 100;
        long before = usedMemory();
        try (RunningBroker broker = new RunningBroker(settings(30, 1000, 0), wire.carriers())) {
            List<Peer> slow = new ArrayList<>();
            for (int i = 0; i < readers; i++) {
                Peer peer = broker.slowPeer();
                peer.connect("slow-" + i);
                peer.subscribe("a", QoS.AT_MOST_ONCE);
                slow.add(peer);
            }
            try (Peer writer = broker.peer()) {
                writer.connect("writer");
                // As much as the systems take, and more: 10 MB for each.
                for (int i = 0; i < 10; i++) {
                    writer.send(Peer.publishPacket("a", new byte[1_000_000], QoS.AT_MOST_ONCE, 0));
                }
                writer.subscribe("done", QoS.AT_MOST_ONCE);
                writer.publish("done", "");
                writer.receive();

                // 1 GB was to be sent; up to 192 KiB each is in the hands of the channels.
                assertThat(usedMemory() - before).isLessThan(readers * 256L * 1024 + (16 << 20));
            }
            for (Peer peer : slow) {
                peer.close();
            }
            await("all to be gone", () -> broker.loops().connectionCount() == 0);
        }
    }

    private static long usedMemory() {
        return PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
    }

    @Test
    void a_port_that_is_taken_is_told() throws IOException {
        try (RunningBroker broker = new RunningBroker(wire.carriers())) {
            int taken = broker.listener().port();
            Listener.Place place =
                    RunningBroker.place(
                            "second", new Endpoint.Port("127.0.0.1", taken), wire.carriers());

            assertThatThrownBy(() -> Listener.open(broker.loops(), place))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("in use");
        }
    }

    @Test
    void a_host_that_is_not_known_is_told() throws IOException {
        try (RunningBroker broker = new RunningBroker(wire.carriers())) {
            Listener.Place place =
                    RunningBroker.place(
                            "nowhere", new Endpoint.Port("no such host", 0), wire.carriers());

            assertThatThrownBy(() -> Listener.open(broker.loops(), place))
                    .isInstanceOf(IOException.class)
                    .hasMessage("the name no such host is not known");
        }
    }
}
