package io.sotto.transport;

import static io.sotto.transport.RunningBroker.await;
import static io.sotto.transport.WebSocketPeer.ASKS_FOR_MQTT;
import static io.sotto.transport.WebSocketPeer.deflated;
import static io.sotto.transport.WebSocketPeer.frame;
import static io.sotto.transport.WebSocketPeer.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.mqtt.Packet;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.QoS;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Compression as a whole: what the broker sends, and what it holds for it.
@Timeout(60)
class DeflateTest {
    private static final String DEFLATE = "permessage-deflate";
    private static final String FORGETFUL =
            DEFLATE + "; server_no_context_takeover; client_no_context_takeover";
    private static final int LEAST_MEMORY = 1 << 20;

    private RunningBroker broker;

    @BeforeEach
    void start() throws IOException {
        WebSocketSettings settings =
                new WebSocketSettings(
                        List.of("/mqtt"),
                        List.of(),
                        true,
                        Networks.NONE,
                        16 << 20,
                        16 << 20,
                        1_024,
                        new Compression(true, 100, 1));
        broker =
                new RunningBroker(
                        new TransportSettings(4, 1 << 18, 30, 1_000, 0, 0, LEAST_MEMORY, 120, 0),
                        new Carriers(true, settings, null, null));
    }

    @AfterEach
    void stop() {
        broker.close();
        assertThat(broker.loops().connectionCount()).isZero();
        assertThat(broker.loops().unfinished().taken()).isZero();
        assertThat(broker.balances()).isTrue();
    }

    private static byte[] bytes(Packet packet) {
        return Peer.bytes(packet, ProtocolVersion.MQTT_5);
    }

    private static byte[] connect(String clientId) {
        return bytes(Peer.connectPacket(ProtocolVersion.MQTT_5, clientId, 0, null));
    }

    private WebSocketPeer subscribed(String offer, Inflater inflater) throws Exception {
        WebSocketPeer page = WebSocketPeer.deflating(broker.listener().port(), offer);
        page.send(frame(0xC2, deflated(connect("page"))));
        assertThat(received(page, 1, inflater)[0]).isEqualTo((byte) 0x20);
        page.send(frame(0xC2, deflated(bytes(Peer.subscribePacket("a", QoS.AT_MOST_ONCE)))));
        assertThat(received(page, 1, inflater)[0]).isEqualTo((byte) 0x90);
        return page;
    }

    private static byte[] reading(int number, int size) {
        StringBuilder text = new StringBuilder("{");
        for (int i = 0; text.length() < size; i++) {
            text.append("\"sensor-").append(i).append("\": ").append(i * 31 % 977 + number);
        }
        return bytes(
                Peer.publishPacket(
                        "a",
                        text.substring(0, size).getBytes(StandardCharsets.US_ASCII),
                        QoS.AT_MOST_ONCE,
                        0));
    }

    /// What the broker sent, up to so many bytes, inflated with one window for all.
    private static byte[] received(WebSocketPeer page, int size, Inflater inflater)
            throws IOException, DataFormatException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] piece = new byte[1 << 20];
        while (all.size() < size) {
            WebSocketPeer.Received frame = page.receive();
            if (frame.first() == 0x82) {
                all.writeBytes(frame.payload());
                continue;
            }
            assertThat(frame.first()).isEqualTo(0xC2);
            inflater.setInput(flushed(frame.payload()));
            for (int n = inflater.inflate(piece); n > 0; n = inflater.inflate(piece)) {
                all.write(piece, 0, n);
            }
        }
        return all.toByteArray();
    }

    private static byte[] flushed(byte[] payload) {
        byte[] whole = Arrays.copyOf(payload, payload.length + 4);
        whole[payload.length + 2] = -1;
        whole[payload.length + 3] = -1;
        return whole;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                DEFLATE,
                FORGETFUL,
                DEFLATE + "; server_max_window_bits=15",
                DEFLATE + "; server_max_window_bits=9"
            })
    void what_the_broker_sends_is_what_was_published(String offer) throws Exception {
        Inflater inflater = new Inflater(true);
        try (WebSocketPeer page = subscribed(offer, inflater)) {
            for (int size : List.of(10, 63, 64, 300, 5_000, 70_000, 400_000, 300)) {
                byte[] packet = reading(size, size);

                page.send(frame(0x82, packet));

                assertThat(received(page, packet.length, inflater)).isEqualTo(packet);
            }
        }
        inflater.end();
    }

    @Test
    void small_messages_become_smaller_by_the_ones_before() throws Exception {
        try (WebSocketPeer page = subscribed(DEFLATE, new Inflater(true))) {
            page.send(frame(0x82, reading(1, 200)));
            int first = page.receive().payload().length;

            page.send(frame(0x82, reading(1, 200)));

            assertThat(page.receive().payload().length).isLessThan(first / 3);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 9, 12, 14})
    void no_message_refers_further_back_than_the_client_asked(int window) throws Exception {
        byte[] packet = reading(1, 60_000);
        String offer = DEFLATE + "; server_max_window_bits=" + window;
        try (WebSocketPeer page = subscribed(offer, new Inflater(true))) {
            page.send(frame(0x82, packet));
            // What stands before the payload is short, and sent as it is.
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            WebSocketPeer.Received frame = page.receive();
            while (frame.first() == 0x82) {
                all.writeBytes(frame.payload());
                frame = page.receive();
            }

            byte[] payload = flushed(frame.payload());
            int from = 0;
            for (int at = 0; at + 4 <= payload.length; at++) {
                if (payload[at] == 0
                        && payload[at + 1] == 0
                        && payload[at + 2] == -1
                        && payload[at + 3] == -1) {
                    // Each part inflates by itself, and to no more than the window.
                    byte[] part = inflated(Arrays.copyOfRange(payload, from, at + 4));
                    assertThat(part).hasSizeLessThanOrEqualTo(1 << window);
                    all.writeBytes(part);
                    from = at + 4;
                }
            }
            assertThat(all.toByteArray()).isEqualTo(packet);
        }
    }

    private static byte[] inflated(byte[] part) throws DataFormatException {
        Inflater inflater = new Inflater(true);
        inflater.setInput(part);
        byte[] out = new byte[1 << 16];
        int size = inflater.inflate(out);
        inflater.end();
        return Arrays.copyOf(out, size);
    }

    @Test
    void one_connection_more_than_there_are_contexts_does_without() throws IOException {
        try (WebSocketPeer first = asking()) {
            assertThat(first.response()).contains(": " + DEFLATE + "\r\n");

            try (WebSocketPeer second = asking()) {
                assertThat(second.response()).contains(": " + FORGETFUL + "\r\n");
            }
        }
        await("the first to be gone", () -> broker.loops().connectionCount() == 0);

        try (WebSocketPeer third = asking()) {
            assertThat(third.response()).contains(": " + DEFLATE + "\r\n");
        }
    }

    private WebSocketPeer asking() throws IOException {
        WebSocketPeer peer = WebSocketPeer.at(broker.listener().port());
        peer.send(request("/mqtt", ASKS_FOR_MQTT, "Sec-WebSocket-Extensions: " + DEFLATE));
        return peer;
    }

    @Test
    void messages_in_part_share_the_memory_for_what_is_here_in_part() throws IOException {
        byte[] beginning = {0x00};
        List<WebSocketPeer> pages = new ArrayList<>();
        int room = LEAST_MEMORY / Inflation.MEMORY;
        for (int i = 0; i < room; i++) {
            WebSocketPeer page = WebSocketPeer.deflating(broker.listener().port(), FORGETFUL);
            page.send(frame(0x42, beginning));
            assertThat(page.isOpen()).isTrue();
            pages.add(page);
        }

        try (WebSocketPeer page = WebSocketPeer.deflating(broker.listener().port(), FORGETFUL)) {
            page.send(frame(0x42, beginning));

            assertThat(page.closeCode()).isEqualTo(1013);
            assertThat(broker.events()).anyMatch(event -> event.contains("limits.receive-memory"));
        }
        for (WebSocketPeer page : pages) {
            page.close();
        }
        await("the memory to be back", () -> broker.loops().unfinished().taken() == 0);
    }

    @Test
    void the_log_names_the_setting_that_a_bomb_met() throws IOException {
        byte[] pings = new byte[1_000_000];
        for (int i = 0; i < pings.length; i += 2) {
            pings[i] = (byte) 0xC0;
        }
        try (WebSocketPeer page = WebSocketPeer.deflating(broker.listener().port(), FORGETFUL)) {
            page.send(frame(0xC2, deflated(connect("bomber"))));
            page.send(frame(0xC2, deflated(pings)));

            assertThat(page.closeCode()).isEqualTo(1009);
            assertThat(broker.events())
                    .anyMatch(event -> event.contains("listeners[].websocket.compression-ratio"));
        }
    }
}
