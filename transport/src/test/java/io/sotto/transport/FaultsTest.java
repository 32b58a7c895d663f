package io.sotto.transport;

import static io.sotto.transport.RunningBroker.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.mqtt.Disconnect;
import io.sotto.mqtt.PingReq;
import io.sotto.mqtt.PingResp;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.QoS;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Faults of ours, seeded where a loop meets them: each costs one connection or one step, and the
/// loop goes on for everybody else.
@Timeout(60)
@ParameterizedClass
@EnumSource(EachWire.class)
class FaultsTest {
    private final EachWire wire;

    FaultsTest(EachWire wire) {
        this.wire = wire;
    }

    private RunningBroker broker(int loops, int packetTimeout) throws IOException {
        return new RunningBroker(
                new TransportSettings(loops, 1 << 18, 30, 1000, 0, 0, 256L << 20, packetTimeout, 0),
                wire.carriers());
    }

    private static byte[] part() {
        byte[] packet =
                Peer.bytes(
                        Peer.publishPacket("a", new byte[1_000], QoS.AT_MOST_ONCE, 0),
                        ProtocolVersion.MQTT_5);
        return Arrays.copyOf(packet, 100);
    }

    private static void connectWithWill(Peer peer, String clientId) throws IOException {
        peer.send(
                Peer.connectPacket(ProtocolVersion.MQTT_5, clientId, 0, Peer.will("will", "gone")));
        peer.receive();
    }

    @Test
    void a_turn_that_is_cut_short_is_followed_by_others() throws IOException {
        try (RunningBroker broker = broker(1, 120);
                Peer peer = broker.peer()) {
            peer.connect("bystander");
            broker.forgive("seeded");

            broker.within(
                    0,
                    () -> {
                        throw new StackOverflowError("seeded");
                    });

            peer.send(PingReq.INSTANCE);
            assertThat(peer.receive()).isEqualTo(PingResp.INSTANCE);
            assertThat(tells(broker, "StackOverflowError")).isTrue();
        }
    }

    @Test
    void time_goes_on_for_all_behind_one_that_cannot_be_given_up_in_order() throws IOException {
        try (RunningBroker broker = broker(1, 1);
                Peer faulty = broker.peer();
                Peer endless = broker.peer()) {
            connectWithWill(faulty, "first");
            broker.failWills();
            faulty.send(part());
            await("the part to be there", () -> broker.loops().unfinished().taken() > 0);
            endless.connect("second");
            endless.send(part());

            assertThat(endless.receive(Disconnect.class).diagnostics().toString())
                    .contains("limits.packet-timeout");
            assertThat(tells(broker, "seeded")).isTrue();
        }
    }

    @Test
    void what_a_connection_held_is_given_back_when_its_end_meets_a_fault() throws IOException {
        try (RunningBroker broker = broker(1, 120)) {
            try (Peer faulty = broker.peer()) {
                connectWithWill(faulty, "third");
                broker.failWills();
                faulty.send(part());
                await("the part to be there", () -> broker.loops().unfinished().taken() > 0);
            }

            await("it to be gone", () -> broker.loops().connectionCount() == 0);
            await("all to be given back", () -> broker.loops().unfinished().taken() == 0);
        }
    }

    /// With four loops, three of four logins go on in another one than they began in.
    @Test
    void a_login_that_meets_a_fault_ends_its_connection_in_whatever_loop() throws IOException {
        try (RunningBroker broker = broker(4, 120)) {
            broker.forgive("seeded");
            for (int i = 0; i < 8; i++) {
                try (Peer peer = broker.peer()) {
                    peer.send(
                            Peer.connectPacket(
                                    ProtocolVersion.MQTT_5, RunningBroker.FAULTY + i, 0, null));
                    peer.socket().setSoTimeout(5_000);
                    assertThat(ends(peer)).isTrue();
                }
            }
            await("all to be gone", () -> broker.loops().connectionCount() == 0);
        }
    }

    /// Whether the broker closes, perhaps behind a refusal.
    private static boolean ends(Peer peer) throws IOException {
        return peer.socket().getInputStream().readAllBytes().length < 200;
    }

    private static boolean tells(RunningBroker broker, String words) {
        return broker.events().stream().anyMatch(event -> event.contains(words));
    }
}
