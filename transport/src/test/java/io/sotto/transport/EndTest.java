package io.sotto.transport;

import static io.sotto.transport.RunningBroker.await;
import static io.sotto.transport.RunningBroker.settings;
import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.mqtt.ConnAck;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.QoS;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Loops end one after the other while connections are still on their way between them.
@Timeout(60)
@ParameterizedClass
@EnumSource(EachWire.class)
class EndTest {
    private final EachWire wire;

    EndTest(EachWire wire) {
        this.wire = wire;
    }

    @Test
    void whoever_is_on_the_way_to_a_loop_that_has_ended_leaves_nothing_behind() throws Exception {
        try (RunningBroker broker = new RunningBroker(settings(30, 1000, 0), wire.carriers())) {
            assertThat(
                            broker.loops()
                                    .loop(3)
                                    .executor()
                                    .shutdownGracefully(0, 1, TimeUnit.SECONDS)
                                    .await(10, TimeUnit.SECONDS))
                    .isTrue();

            int served = 0;
            for (int i = 0; i < 64; i++) {
                try (Peer peer = broker.peer()) {
                    served += isServed(peer, "client-" + i) ? 1 : 0;
                }
            }
            assertThat(served).isBetween(1, 63);

            await("all to be gone", () -> broker.loops().connectionCount() == 0);
            await("all to be given back", () -> broker.loops().unfinished().taken() == 0);
        }
    }

    /// Who has left does not count any more, though it may still be between two loops.
    @Test
    void whoever_leaves_on_its_way_as_the_broker_stops_leaves_nothing_behind() throws IOException {
        for (int round = 0; round < 100; round++) {
            RunningBroker broker = new RunningBroker(settings(30, 1000, 0), wire.carriers());
            try (broker) {
                for (int i = 0; i < 8; i++) {
                    try (Peer peer = broker.peer()) {
                        peer.send(connectAndMore("client-" + i));
                    }
                }
                await("all to be gone", () -> broker.loops().connectionCount() == 0);
            }
            assertThat(broker.loops().unfinished().taken()).as("round %d", round).isZero();
            assertThat(broker.loops().connectionCount()).as("round %d", round).isZero();
        }
    }

    private static boolean isServed(Peer peer, String clientId) {
        try {
            peer.send(connectAndMore(clientId));
            return peer.receive() instanceof ConnAck;
        } catch (IOException e) {
            return false;
        }
    }

    /// CONNECT and the beginning of a message, in one piece.
    private static byte[] connectAndMore(String clientId) throws IOException {
        ProtocolVersion version = ProtocolVersion.MQTT_5;
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.write(Peer.bytes(Peer.connectPacket(version, clientId, 0, null), version));
        byte[] packet =
                Peer.bytes(Peer.publishPacket("a", new byte[1_000], QoS.AT_MOST_ONCE, 0), version);
        all.write(Arrays.copyOf(packet, 100));
        return all.toByteArray();
    }
}
