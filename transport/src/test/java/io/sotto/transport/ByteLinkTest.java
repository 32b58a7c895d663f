package io.sotto.transport;

import static io.sotto.transport.RunningBroker.await;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.mqtt.ConnAck;
import io.sotto.mqtt.Disconnect;
import io.sotto.mqtt.Payload;
import io.sotto.mqtt.PingReq;
import io.sotto.mqtt.PingResp;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.PubAck;
import io.sotto.mqtt.Publish;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.ReasonCode;
import io.sotto.mqtt.SubAck;
import io.sotto.mqtt.Will;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
@ParameterizedClass
@EnumSource(EachWire.class)
class ByteLinkTest {
    private final EachWire wire;
    private RunningBroker broker;

    ByteLinkTest(EachWire wire) {
        this.wire = wire;
    }

    @BeforeEach
    void start() throws IOException {
        broker = new RunningBroker(wire.carriers());
    }

    @AfterEach
    void stop() {
        broker.close();
        assertThat(broker.loops().connectionCount()).isZero();
        assertThat(broker.balances()).isTrue();
    }

    @Test
    void a_packet_may_come_byte_by_byte() throws IOException {
        try (Peer peer = broker.peer()) {
            for (byte one : connect("slow-typist")) {
                peer.send(new byte[] {one});
            }
            assertThat(peer.receive(ConnAck.class).reason()).isEqualTo(ReasonCode.SUCCESS);
            peer.subscribe("a", QoS.AT_MOST_ONCE);

            byte[] publish = bytes(publish("a", "letter".getBytes(UTF_8)));
            for (byte one : publish) {
                peer.send(new byte[] {one});
            }

            assertThat(peer.receive(Publish.class).payload()).isEqualTo(Payload.of("letter"));
        }
    }

    @Test
    void what_is_sent_behind_connect_is_served_after_the_login() throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.write(connect("impatient"));
        all.write(bytes(Peer.subscribePacket("a", QoS.AT_MOST_ONCE)));
        all.write(bytes(publish("a", "one".getBytes(UTF_8))));
        all.write(bytes(publish("a", "two".getBytes(UTF_8))));

        try (Peer peer = broker.peer()) {
            peer.send(all.toByteArray());

            assertThat(peer.receive()).isInstanceOf(ConnAck.class);
            assertThat(peer.receive()).isInstanceOf(SubAck.class);
            assertThat(peer.receive(Publish.class).payload()).isEqualTo(Payload.of("one"));
            assertThat(peer.receive(Publish.class).payload()).isEqualTo(Payload.of("two"));
        }
    }

    @Test
    void packets_cut_anywhere_arrive_whole_and_in_order() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        int count = 300;
        for (int i = 0; i < count; i++) {
            byte[] payload = new byte[random.nextInt(random.nextInt(100_000) + 4) + 4];
            Arrays.fill(payload, (byte) i);
            all.write(bytes(publish("cut", payload)));
        }
        byte[] stream = all.toByteArray();

        try (Peer reader = broker.peer();
                Peer writer = broker.peer()) {
            reader.connect("reader");
            reader.subscribe("cut", QoS.AT_MOST_ONCE);
            writer.connect("writer");
            // One after the other, so that nothing is dropped for a slow reader.
            int from = 0;
            int last = 0;
            for (int i = 0; i < count; i++) {
                int end = from + size(stream, from);
                while (last < end) {
                    int to = Math.min(stream.length, last + 1 + random.nextInt(30_000));
                    writer.send(Arrays.copyOfRange(stream, last, to));
                    last = to;
                }
                Publish got = reader.receive(Publish.class);
                byte[] payload = got.payload().toByteArray();
                assertThat(payload[0]).as("message %d, seed %d", i, seed).isEqualTo((byte) i);
                assertThat(payload[payload.length - 1]).isEqualTo((byte) i);
                from = end;
            }
        }
    }

    /// The size of the packet that begins there.
    private static int size(byte[] stream, int from) {
        int length = 0;
        int at = from + 1;
        for (int shift = 0; ; shift += 7) {
            length |= (stream[at] & 0x7F) << shift;
            if (stream[at++] >= 0) {
                return at - from + length;
            }
        }
    }

    @Test
    void a_large_packet_passes() throws IOException {
        byte[] payload = new byte[1_000_000];
        new Random(7).nextBytes(payload);
        try (Peer peer = broker.peer()) {
            peer.connect("large");
            peer.subscribe("a", QoS.AT_MOST_ONCE);

            peer.send(publish("a", payload));
            peer.publish("a", "small");

            assertThat(peer.receive(Publish.class).payload()).isEqualTo(Payload.copyOf(payload));
            assertThat(peer.receive(Publish.class).payload()).isEqualTo(Payload.of("small"));
        }
    }

    @Test
    void a_peer_that_sends_no_more_is_lost_and_its_will_published() throws IOException {
        Will will = Peer.will("will", "gone");
        try (Peer heir = broker.peer();
                Peer peer = broker.peer()) {
            heir.connect("heir");
            heir.subscribe("#", QoS.AT_MOST_ONCE);
            peer.send(Peer.connectPacket(ProtocolVersion.MQTT_5, "mortal", 0, will));
            peer.receive();

            peer.publish("last", "words");
            peer.socket().shutdownOutput();

            assertThat(heir.receive(Publish.class).payload()).isEqualTo(Payload.of("words"));
            assertThat(heir.receive(Publish.class).payload()).isEqualTo(Payload.of("gone"));
            assertThat(peer.isClosedByBroker()).isTrue();
        }
    }

    @Test
    void whoever_leaves_while_its_login_is_undecided_is_let_go() throws IOException {
        byte[] much = new byte[1_000_000];
        Arrays.fill(much, (byte) 0xC0);
        try (Peer patient = broker.peer();
                Peer resetting = broker.peer()) {
            for (Peer peer : List.of(patient, resetting)) {
                peer.send(connect(RunningBroker.UNDECIDED));
                peer.send(Arrays.copyOf(much, 100));
            }
            await("both to be there", () -> broker.loops().connectionCount() == 2);
            await("both to be judged", () -> broker.certified().size() == 2);

            patient.send(much);
            patient.socket().shutdownOutput();
            assertThat(patient.isClosedByBroker()).isTrue();
            resetting.reset();

            await("both to be gone", () -> broker.loops().connectionCount() == 0);
            await("all to be given back", () -> broker.loops().unfinished().taken() == 0);
        }
    }

    @Test
    void whoever_says_goodbye_gets_what_was_written_before_and_then_the_end() throws IOException {
        byte[] large = new byte[1_000_000];
        try (Peer peer = broker.slowPeer()) {
            peer.connect("leaver");
            peer.subscribe("large", QoS.AT_MOST_ONCE);

            // More than the system takes at once, so that the end has to wait for the peer.
            peer.send(publish("large", large));
            peer.send(Disconnect.NORMAL);

            assertThat(peer.receive(Publish.class).payload().size()).isEqualTo(large.length);
            assertThat(peer.isClosedByBroker()).isTrue();
        }
    }

    /// Little that waits does not make the wire full, which says no more of it then.
    @Test
    void whoever_says_goodbye_with_little_on_the_way_has_the_end_behind_it() throws IOException {
        TransportSettings small =
                new TransportSettings(1, 1 << 18, 30, 1000, 0, 0, 1 << 20, 120, 16 * 1024);
        try (RunningBroker other = new RunningBroker(small, wire.carriers())) {
            long quickest = Long.MAX_VALUE;
            for (int attempt = 0; attempt < 5; attempt++) {
                try (Peer peer = other.slowPeer()) {
                    peer.connect("leaver");
                    peer.subscribe("little", QoS.AT_MOST_ONCE);
                    peer.send(publish("little", new byte[100_000]));
                    peer.send(Disconnect.NORMAL);
                    long began = System.nanoTime();

                    assertThat(peer.receive(Publish.class).payload().size()).isEqualTo(100_000);
                    assertThat(peer.isClosedByBroker()).isTrue();

                    quickest = Math.min(quickest, System.nanoTime() - began);
                }
            }
            // A second is how long a peer has that does not take it.
            assertThat(quickest).isLessThan(TimeUnit.MILLISECONDS.toNanos(900));
        }
    }

    @Test
    void the_last_packet_arrives_although_the_peer_still_sends() throws IOException {
        try (Peer peer = broker.peer()) {
            peer.connect("talker");
            byte[] flood = new byte[4 << 20];
            Arrays.fill(flood, (byte) 0xFF);

            // PINGREQ with a wrong flag, and then much that nobody reads as packets.
            peer.send(new byte[] {(byte) 0xC1, 0});
            try {
                OutputStream out = peer.socket().getOutputStream();
                out.write(flood);
            } catch (SocketException e) {
                throw new AssertionError("reset while the farewell was under way", e);
            }

            assertThat(peer.receive(Disconnect.class).reason())
                    .isEqualTo(ReasonCode.MALFORMED_PACKET);
            assertThat(peer.isClosedByBroker()).isTrue();
        }
    }

    /// Of the smaller ones many buffers wait, more than leave with one call.
    @ParameterizedTest
    @ValueSource(ints = {2_100, 10_000})
    void a_slow_reader_gets_all_in_order_once_it_reads(int size) throws IOException {
        int count = 1_000;
        byte[] filler = new byte[size];
        try (Peer slow = broker.slowPeer();
                Peer writer = broker.peer()) {
            slow.connect("slow");
            slow.subscribe("a", QoS.AT_LEAST_ONCE);
            writer.connect("writer");
            for (int i = 0; i < count; i++) {
                filler[0] = (byte) i;
                writer.send(Peer.publishPacket("a", filler, QoS.AT_LEAST_ONCE, i % 500 + 1));
                writer.receive(PubAck.class);
            }

            for (int i = 0; i < count; i++) {
                Publish got = slow.receive(Publish.class);
                assertThat(got.payload().toByteArray()[0]).isEqualTo((byte) i);
                slow.send(
                        new PubAck(
                                got.packetId(),
                                ReasonCode.SUCCESS,
                                io.sotto.mqtt.Diagnostics.NONE));
            }
        }
    }

    @Test
    void large_messages_reach_a_slow_reader_whole() throws IOException {
        int count = 40;
        byte[] large = new byte[700_000];
        try (Peer slow = broker.slowPeer();
                Peer writer = broker.peer()) {
            slow.connect("slow");
            slow.subscribe("a", QoS.AT_LEAST_ONCE);
            writer.connect("writer");
            for (int i = 0; i < count; i++) {
                Arrays.fill(large, (byte) i);
                writer.send(Peer.publishPacket("a", large, QoS.AT_LEAST_ONCE, i + 1));
                writer.receive(PubAck.class);
            }

            for (int i = 0; i < count; i++) {
                Publish got = slow.receive(Publish.class);
                Arrays.fill(large, (byte) i);
                assertThat(got.payload()).isEqualTo(Payload.copyOf(large));
                slow.send(
                        new PubAck(
                                got.packetId(),
                                ReasonCode.SUCCESS,
                                io.sotto.mqtt.Diagnostics.NONE));
            }
        }
    }

    @Test
    void everybody_is_told_when_the_broker_stops() throws IOException {
        try (Peer peer = broker.peer()) {
            peer.connect("last");
            peer.send(PingReq.INSTANCE);
            assertThat(peer.receive()).isEqualTo(PingResp.INSTANCE);

            Thread stopping = Thread.ofVirtual().start(() -> broker.loops().close());

            assertThat(peer.receive(Disconnect.class).reason())
                    .isEqualTo(ReasonCode.SERVER_SHUTTING_DOWN);
            assertThat(peer.isClosedByBroker()).isTrue();
            peer.socket().shutdownOutput();
            await("the loops to end", () -> !stopping.isAlive());
        }
    }

    private static byte[] connect(String clientId) {
        return bytes(Peer.connectPacket(ProtocolVersion.MQTT_5, clientId, 0, null));
    }

    private static Publish publish(String topic, byte[] payload) {
        return Peer.publishPacket(topic, payload, QoS.AT_MOST_ONCE, 0);
    }

    private static byte[] bytes(io.sotto.mqtt.Packet packet) {
        return Peer.bytes(packet, ProtocolVersion.MQTT_5);
    }
}
