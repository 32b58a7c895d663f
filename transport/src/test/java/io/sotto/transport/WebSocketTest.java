package io.sotto.transport;

import static io.sotto.transport.RunningBroker.await;
import static io.sotto.transport.WebSocketPeer.ASKS_FOR_MQTT;
import static io.sotto.transport.WebSocketPeer.frame;
import static io.sotto.transport.WebSocketPeer.request;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.PooledByteBufAllocator;
import io.sotto.mqtt.Disconnect;
import io.sotto.mqtt.Packet;
import io.sotto.mqtt.Payload;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.Publish;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.Will;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WebSocketTest {
    private static final WebSocketSettings SETTINGS =
            new WebSocketSettings(
                    List.of("/mqtt"),
                    List.of(),
                    false,
                    Networks.of(List.of("127.0.0.0/8", "10.1.2.3")),
                    16 << 20,
                    16 << 20,
                    1 << 20,
                    Compression.NONE);

    private RunningBroker broker;

    @BeforeEach
    void start() throws IOException {
        broker =
                new RunningBroker(
                        RunningBroker.settings(30, 1000, 0),
                        new Carriers(true, SETTINGS, null, null));
    }

    @AfterEach
    void stop() {
        broker.close();
        assertThat(broker.loops().connectionCount()).isZero();
        assertThat(broker.balances()).isTrue();
    }

    private WebSocketPeer connected(String clientId, @Nullable Will will) throws IOException {
        Packet connect = Peer.connectPacket(ProtocolVersion.MQTT_5, clientId, 0, will);
        return WebSocketPeer.connected(broker.listener().port(), bytes(connect));
    }

    private static byte[] bytes(Packet packet) {
        return Peer.bytes(packet, ProtocolVersion.MQTT_5);
    }

    private static byte[] publish(String topic, byte[] payload) {
        return bytes(Peer.publishPacket(topic, payload, QoS.AT_MOST_ONCE, 0));
    }

    @Test
    void both_protocols_meet_at_one_port() throws IOException {
        try (WebSocketPeer page = connected("page", null);
                Peer device = broker.peer()) {
            page.send(frame(0x82, bytes(Peer.subscribePacket("a", QoS.AT_MOST_ONCE))));
            assertThat(page.receive().payload()[0]).isEqualTo((byte) 0x90);
            device.connect("device");

            device.publish("a", "hello");

            byte[] got = page.receive().payload();
            assertThat(got[0]).isEqualTo((byte) 0x30);
            assertThat(new String(got, StandardCharsets.UTF_8)).endsWith("hello");
        }
    }

    @Test
    void frames_may_come_byte_by_byte() throws IOException {
        try (Peer reader = broker.peer();
                WebSocketPeer page = connected("slow-typist", null)) {
            reader.connect("reader");
            reader.subscribe("a", QoS.AT_MOST_ONCE);

            for (byte one : frame(0x82, publish("a", new byte[200]))) {
                page.send(new byte[] {one});
            }

            assertThat(reader.receive(Publish.class).payload().size()).isEqualTo(200);
        }
    }

    @Test
    void a_message_of_a_megabyte_passes_both_ways_whatever_its_frames() throws IOException {
        byte[] large = new byte[1_000_000];
        for (int i = 0; i < large.length; i++) {
            large[i] = (byte) (i * 31 >>> 3);
        }
        byte[] packet = publish("a", large);
        try (WebSocketPeer page = connected("page", null)) {
            page.send(frame(0x82, bytes(Peer.subscribePacket("a", QoS.AT_MOST_ONCE))));
            page.receive();
            ByteArrayOutputStream frames = new ByteArrayOutputStream();
            int size = 1;
            for (int at = 0; at < packet.length; at += size, size = size * 5 % 70_001 + 1) {
                byte[] part = Arrays.copyOfRange(packet, at, Math.min(at + size, packet.length));
                boolean last = at + size >= packet.length;
                frames.writeBytes(frame((last ? 0x80 : 0) | (at == 0 ? 2 : 0), part));
            }

            page.send(frames.toByteArray());

            ByteArrayOutputStream got = new ByteArrayOutputStream();
            while (got.size() < packet.length) {
                WebSocketPeer.Received frame = page.receive();
                assertThat(frame.first()).isEqualTo(0x82);
                got.writeBytes(frame.payload());
            }
            assertThat(got.toByteArray()).isEqualTo(packet);
        }
    }

    @Test
    void what_is_sent_in_one_turn_leaves_in_one_frame() throws IOException {
        try (WebSocketPeer page = connected("page", null)) {
            ByteArrayOutputStream pings = new ByteArrayOutputStream();
            for (int i = 0; i < 50; i++) {
                pings.writeBytes(new byte[] {(byte) 0xC0, 0});
            }

            page.send(frame(0x82, pings.toByteArray()));

            assertThat(page.receive().payload()).hasSize(100);
        }
    }

    @Test
    void a_text_frame_ends_the_connection_and_the_will_is_published() throws IOException {
        Will will = Peer.will("will", "gone");
        try (Peer heir = broker.peer();
                WebSocketPeer page = connected("page", will)) {
            heir.connect("heir");
            heir.subscribe("will", QoS.AT_MOST_ONCE);

            page.send(frame(0x81, new byte[] {'h', 'i'}));

            assertThat(page.closeCode()).isEqualTo(1003);
            assertThat(heir.receive(Publish.class).payload()).isEqualTo(Payload.of("gone"));
        }
    }

    @Test
    void disconnect_is_answered_with_a_close_frame() throws IOException {
        try (WebSocketPeer page = connected("page", null)) {
            page.send(frame(0x82, new byte[] {(byte) 0xE0, 0}));

            assertThat(page.closeCode()).isEqualTo(1000);
        }
    }

    @Test
    void of_many_pings_at_once_few_are_answered() throws IOException {
        try (WebSocketPeer page = connected("flood", null)) {
            ByteArrayOutputStream pings = new ByteArrayOutputStream();
            for (int i = 0; i < 50_000; i++) {
                pings.writeBytes(frame(0x89, new byte[125]));
            }
            pings.writeBytes(frame(0x89, new byte[] {'z'}));

            Thread sender =
                    Thread.ofVirtual()
                            .start(() -> {
                                try {
                                    page.send(pings.toByteArray());
                                } catch (IOException e) {
                                    throw new AssertionError(e);
                                }
                            });

            int answers = 1;
            while (page.receive().payload().length > 1) {
                answers++;
            }
            assertThat(answers).isLessThan(25_000);
            await("all to be sent", () -> !sender.isAlive());
        }
    }

    @Test
    void half_a_frame_costs_no_memory_whatever_it_announces() throws IOException {
        long before = PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
        List<WebSocketPeer> pages = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            WebSocketPeer page = connected("page-" + i, null);
            // The head of a frame of 16 MiB - 1, and of a PUBLISH in it; most of both never comes.
            page.send(new byte[] {(byte) 0x82, (byte) 0xFF, 0, 0, 0, 0, 0, (byte) 0xFF, -1, -1});
            page.send(new byte[] {0, 0, 0, 0, 0x30, (byte) 0x80, (byte) 0x80, 0x10, 0, 1, 'a'});
            pages.add(page);
        }

        assertThat(PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory() - before)
                .isLessThan(16L << 20);
        for (WebSocketPeer page : pages) {
            page.close();
        }
        await("all to be gone", () -> broker.loops().connectionCount() == 0);
    }

    @Test
    void frames_behind_the_request_are_served() throws IOException {
        Packet connect = Peer.connectPacket(ProtocolVersion.MQTT_5, "impatient", 0, null);
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.writeBytes(request("/mqtt").getBytes(StandardCharsets.US_ASCII));
        both.writeBytes(frame(0x82, bytes(connect)));
        try (WebSocketPeer page = WebSocketPeer.at(broker.listener().port())) {
            page.send(both.toByteArray());

            assertThat(page.response()).startsWith("HTTP/1.1 101 ").doesNotContain("Protocol:");
            assertThat(page.receive().payload()[0]).isEqualTo((byte) 0x20);
        }
    }

    @Test
    void h_ws_12_where_web_socket_is_not_spoken_its_path_is_nothing() throws IOException {
        try (RunningBroker plain = new RunningBroker();
                WebSocketPeer page = WebSocketPeer.at(plain.listener().port())) {
            page.send(request("/mqtt", ASKS_FOR_MQTT));
            page.send(
                    frame(
                            0x82,
                            bytes(Peer.connectPacket(ProtocolVersion.MQTT_5, "near", 0, null))));

            assertThat(page.isEnded()).isTrue();
            await("it to be gone", () -> plain.loops().connectionCount() == 0);
            assertThat(plain.events()).noneMatch(event -> event.contains("near"));
            assertThat(plain.balances()).isTrue();
        }
    }

    @Test
    void a_trusted_proxy_is_believed_up_to_the_first_stranger() throws IOException {
        try (WebSocketPeer page = WebSocketPeer.at(broker.listener().port())) {
            page.send(
                    request(
                            "/mqtt",
                            ASKS_FOR_MQTT,
                            "X-Forwarded-For: 8.8.8.8, 192.0.2.7",
                            "X-Forwarded-For: 10.1.2.3"));
            page.response();

            page.send(
                    frame(0x82, bytes(Peer.connectPacket(ProtocolVersion.MQTT_5, "far", 0, null))));

            page.receive();
            assertThat(broker.events())
                    .anyMatch(event -> event.contains("client far connected from 192.0.2.7 "));
        }
    }

    @Test
    void what_claims_to_be_an_address_and_is_none_is_not_believed() throws IOException {
        try (WebSocketPeer page = WebSocketPeer.at(broker.listener().port())) {
            page.send(request("/mqtt", ASKS_FOR_MQTT, "X-Forwarded-For: admin, 1.2.3.4.5"));
            page.response();

            page.send(
                    frame(
                            0x82,
                            bytes(Peer.connectPacket(ProtocolVersion.MQTT_5, "near", 0, null))));

            page.receive();
            assertThat(broker.events())
                    .anyMatch(event -> event.contains("client near connected from 127.0.0.1:"));
        }
    }

    /// With four loops, three of four clients are on the way to another one as the end comes.
    @Test
    void whoever_says_all_at_once_and_ends_is_served_and_told_so() throws IOException {
        try (Peer reader = broker.peer()) {
            reader.connect("reader");
            reader.subscribe("a", QoS.AT_MOST_ONCE);
            for (int i = 0; i < 32; i++) {
                try (WebSocketPeer page = WebSocketPeer.open(broker.listener().port())) {
                    ByteArrayOutputStream all = new ByteArrayOutputStream();
                    Packet connect =
                            Peer.connectPacket(ProtocolVersion.MQTT_5, "page-" + i, 0, null);
                    all.write(frame(0x82, bytes(connect)));
                    all.write(frame(0x82, publish("a", ("word " + i).getBytes(US_ASCII))));
                    all.write(frame(0x82, bytes(Disconnect.NORMAL)));
                    all.write(frame(0x88, new byte[] {0x03, (byte) 0xE8}));

                    page.send(all.toByteArray());

                    assertThat(page.receive().payload()[0]).isEqualTo((byte) 0x20);
                    assertThat(page.closeCode()).isEqualTo(1000);
                }
                assertThat(reader.receive(Publish.class).payload())
                        .isEqualTo(Payload.of("word " + i));
            }
        }
    }
}
