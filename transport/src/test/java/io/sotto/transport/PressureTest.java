package io.sotto.transport;

import static io.sotto.transport.RunningBroker.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.mqtt.ConnAck;
import io.sotto.mqtt.Disconnect;
import io.sotto.mqtt.PingReq;
import io.sotto.mqtt.PingResp;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.PubAck;
import io.sotto.mqtt.Publish;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.ReasonCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Bounds of what all connections together take, and of how fast they come.
@Timeout(60)
@ParameterizedClass
@EnumSource(EachWire.class)
class PressureTest {
    private final EachWire wire;
    private static final int MIB = 1 << 20;

    PressureTest(EachWire wire) {
        this.wire = wire;
    }

    private static TransportSettings settings(
            int connectRate, long receiveMemory, int packetTimeout) {
        return new TransportSettings(
                2, 1 << 18, 30, 1000, 0, connectRate, receiveMemory, packetTimeout, 0);
    }

    private static byte[] publish(String topic, int size) {
        return Peer.bytes(
                Peer.publishPacket(topic, new byte[size], QoS.AT_MOST_ONCE, 0),
                ProtocolVersion.MQTT_5);
    }

    @Test
    void packets_in_part_take_no_more_than_they_may_and_only_who_asks_for_more_pays()
            throws IOException {
        try (RunningBroker broker = new RunningBroker(settings(0, MIB, 120), wire.carriers())) {
            byte[] packet = publish("a", 300_000);
            byte[] part = Arrays.copyOf(packet, packet.length - 1);
            List<Peer> holders = new ArrayList<>();
            try (Peer whole = broker.peer()) {
                whole.connect("whole");
                whole.subscribe("b", QoS.AT_MOST_ONCE);
                for (int i = 0; i < 8; i++) {
                    Peer holder = broker.peer();
                    holders.add(holder);
                    holder.connect("holder-" + i);
                    holder.send(part);
                }

                await("one to pay", () -> goneFor(broker, "limits.receive-memory") > 0);
                assertThat(broker.loops().unfinished().taken()).isLessThanOrEqualTo(MIB);
                whole.publish("b", "still served");
                assertThat(whole.receive()).isInstanceOf(Publish.class);
            }
            for (Peer holder : holders) {
                holder.close();
            }
            await("all to be gone", () -> broker.loops().connectionCount() == 0);
            await("all to be given back", () -> broker.loops().unfinished().taken() == 0);
        }
    }

    @Test
    void who_is_given_up_for_lack_of_room_is_told_so() throws IOException {
        try (RunningBroker broker = new RunningBroker(settings(0, 1_000, 120), wire.carriers());
                Peer peer = broker.peer()) {
            peer.connect("large");

            peer.send(Arrays.copyOf(publish("a", 300_000), 200_000));

            assertThat(peer.receive(Disconnect.class).reason())
                    .isEqualTo(ReasonCode.QUOTA_EXCEEDED);
            assertThat(peer.isClosedByBroker()).isTrue();
        }
    }

    @Test
    void a_packet_that_never_ends_is_given_up_and_one_that_takes_its_time_is_not()
            throws IOException {
        try (RunningBroker broker = new RunningBroker(settings(0, 256L * MIB, 1), wire.carriers());
                Peer endless = broker.peer();
                Peer idle = broker.peer()) {
            endless.connect("endless");
            idle.connect("idle");
            idle.subscribe("a", QoS.AT_MOST_ONCE);

            byte[] packet = publish("a", 1_000);
            endless.send(Arrays.copyOf(packet, 5));

            Disconnect told = endless.receive(Disconnect.class);
            assertThat(told.diagnostics().toString()).contains("limits.packet-timeout");
            assertThat(endless.isClosedByBroker()).isTrue();
            idle.send(packet);
            assertThat(idle.receive()).isInstanceOf(Publish.class);
        }
    }

    /// What has come with CONNECT comes along to the loop of the session, and so does its clock.
    @Test
    void a_packet_that_begins_with_the_login_and_never_ends_is_given_up_in_whatever_loop()
            throws IOException {
        try (RunningBroker broker =
                new RunningBroker(settings(0, 256L * MIB, 1), wire.carriers())) {
            List<Peer> peers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                Peer peer = broker.peer();
                peers.add(peer);
                ByteArrayOutputStream all = new ByteArrayOutputStream();
                ProtocolVersion version = ProtocolVersion.MQTT_5;
                all.write(Peer.bytes(Peer.connectPacket(version, "c" + i, 0, null), version));
                all.write(publish("a", 1_000), 0, 5);
                peer.send(all.toByteArray());
                assertThat(peer.receive()).isInstanceOf(ConnAck.class);
            }
            for (Peer peer : peers) {
                assertThat(peer.receive(Disconnect.class).diagnostics().toString())
                        .contains("limits.packet-timeout");
                peer.close();
            }
        }
    }

    /// Little makes a connection slow then, less than makes its wire full.
    @Test
    void who_was_slow_while_memory_was_scarce_is_sent_what_waits_once_it_has_read()
            throws IOException {
        TransportSettings small =
                new TransportSettings(1, 1 << 18, 30, 1000, 0, 0, 1 << 20, 120, 16 * 1024);
        try (RunningBroker broker = new RunningBroker(small, wire.carriers());
                Peer slow = broker.slowPeer();
                Peer writer = broker.peer()) {
            slow.connect("slow");
            slow.subscribe("a", QoS.AT_LEAST_ONCE);
            writer.connect("writer");
            for (int i = 0; i < 12; i++) {
                writer.send(publish("a", 10_000));
            }
            writer.send(PingReq.INSTANCE);
            writer.receive(PingResp.class);

            broker.memoryTaken(80);
            await("memory to be scarce", () -> broker.loops().memory().writeBuffer() < Outlet.HIGH);
            writer.send(Peer.publishPacket("a", new byte[] {1}, QoS.AT_LEAST_ONCE, 1));
            writer.receive(PubAck.class);

            for (int i = 0; i < 12; i++) {
                assertThat(slow.receive(Publish.class).payload().size()).isEqualTo(10_000);
            }
            assertThat(slow.receive(Publish.class).payload().size()).isEqualTo(1);
        }
    }

    @Test
    void one_address_that_comes_too_fast_is_closed_and_comes_in_later() throws IOException {
        try (RunningBroker broker = new RunningBroker(settings(20, MIB, 120), wire.carriers())) {
            int refused = 0;
            for (int i = 0; i < 100; i++) {
                try (Peer peer = broker.peer()) {
                    refused += refuses(peer, i) ? 1 : 0;
                }
            }
            assertThat(refused).isBetween(50, 80);
            assertThat(broker.events())
                    .anyMatch(event -> event.contains("limits.connect-rate-per-address"));

            await("to be let in again", () -> letsIn(broker));
        }
    }

    private static boolean refuses(Peer peer, int number) {
        try {
            peer.connect("number-" + number);
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    private static boolean letsIn(RunningBroker broker) {
        try (Peer peer = broker.peer()) {
            ConnAck answer = peer.connect("later");
            return answer.reason() == ReasonCode.SUCCESS;
        } catch (IOException e) {
            return false;
        }
    }

    private static long goneFor(RunningBroker broker, String setting) {
        return broker.events().stream().filter(event -> event.contains(setting)).count();
    }
}
