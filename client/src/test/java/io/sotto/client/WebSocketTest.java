package io.sotto.client;

import static io.sotto.client.WebSocketServer.AGREES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sotto.client.WebSocketServer.Frame;
import io.sotto.client.WebSocketServer.Peer;
import io.sotto.mqtt.Payload;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.TopicName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// MQTT over WebSocket, from the client's side: RFC 6455 and section 6 of the standard.
@Timeout(30)
class WebSocketTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final WebSocketServer server;

    WebSocketTest() throws IOException {
        server = new WebSocketServer();
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    private record Both(Transport client, Peer peer) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            client.close();
            peer.close();
        }

        String reads() throws IOException {
            return HexFormat.of().formatHex(client.input().readAllBytes());
        }
    }

    /// Both ends, after the server has sent these bytes behind its answer.
    private Both open(String hex) throws Exception {
        CompletableFuture<Transport> client =
                ScriptedServer.async(() -> server.connector().open(PATIENCE));
        Peer peer = server.accept(AGREES, hex);
        return new Both(ScriptedServer.get(client), peer);
    }

    private void assertRefused(String head, String sentence) throws Exception {
        CompletableFuture<Transport> client =
                ScriptedServer.async(() -> server.connector().open(PATIENCE));
        try (Peer _ = server.accept(head, "")) {
            assertThatThrownBy(() -> ScriptedServer.get(client))
                    .hasCauseInstanceOf(IOException.class)
                    .hasMessageContaining(sentence);
        }
    }

    @ClientSpec({"MQTT-6.0.0-3", "MQTT3-6.0.0-3"})
    @Test
    void the_request_asks_for_mqtt() throws Exception {
        try (Both both = open("")) {
            assertThat(both.peer.request())
                    .startsWith("GET /mqtt HTTP/1.1\r\nHost: broker:1\r\n")
                    .contains("Sec-WebSocket-Version: 13\r\n")
                    .contains("Sec-WebSocket-Protocol: mqtt\r\n");
        }
    }

    @Test
    void a_server_that_is_none_is_told_by_its_own_words() throws Exception {
        assertRefused("HTTP/1.1 404 Not Found\nContent-Length: 0\n", "no WebSocket at /mqtt");
        assertRefused("HTTP/1.1 404 Not Found\nContent-Length: 0\n", "HTTP/1.1 404 Not Found");
    }

    @ParameterizedTest
    @CsvSource({
        "Accept: KEY, Accept: a3V5, Sec-WebSocket-Accept",
        "Protocol: mqtt, Protocol: chat, Sec-WebSocket-Protocol",
        "Sec-WebSocket-Protocol: mqtt, X: y, Sec-WebSocket-Protocol",
        "upgrade: WebSocket, upgrade: h2c, Upgrade",
        "'keep-alive, Upgrade', keep-alive, Connection",
        "Protocol: mqtt, 'Protocol: mqtt\nSec-WebSocket-Extensions: permessage-deflate', Extensions"
    })
    void a_handshake_that_breaks_a_rule_is_refused(String right, String wrong, String header)
            throws Exception {
        assertRefused(AGREES.replace(right, wrong), header);
    }

    @Test
    void a_head_without_end_is_refused() throws Exception {
        assertRefused(AGREES + "X: " + "y".repeat(20_000) + "\n", "too long");
    }

    @Test
    void a_server_that_says_nothing_is_left_in_time() throws Exception {
        try (ScriptedServer silent = new ScriptedServer()) {
            ClientOptions options = silent.options();

            assertThatThrownBy(() ->
                            Transport.webSocket(options.connector, "h", "/")
                                    .open(Duration.ofMillis(200)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("in time");
        }
    }

    @Test
    void a_path_cannot_smuggle_a_header_in() {
        Transport.Connector tcp = Transport.tcp("127.0.0.1", 1);

        assertThatThrownBy(() -> Transport.webSocket(tcp, "h", "/a\r\nX: y"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Transport.webSocket(tcp, "h\r\n", "/a"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ClientSpec({"MQTT-6.0.0-1", "MQTT3-6.0.0-1"})
    @Test
    void what_is_written_goes_in_binary_frames_with_masks_of_their_own() throws Exception {
        try (Both both = open("")) {
            List<Integer> masks = new ArrayList<>();
            for (int length : new int[] {1, 2, 3, 4, 5, 125, 126, 127, 16_384}) {
                byte[] sent = "x".repeat(length).getBytes(StandardCharsets.US_ASCII);

                both.client.output().write(sent);

                Frame frame = both.peer.frame();
                assertThat(frame.head()).isEqualTo(0x82);
                assertThat(frame.payload().toByteArray()).isEqualTo(sent);
                masks.add(frame.mask());
            }
            assertThat(masks).doesNotHaveDuplicates();
        }
    }

    @Test
    void a_large_packet_goes_in_several_frames() throws Exception {
        try (Both both = open("")) {
            byte[] sent = new byte[40_000];
            sent[39_999] = 7;
            CompletableFuture<String> written =
                    ScriptedServer.async(() -> {
                        both.client.output().write(sent);
                        return "";
                    });

            int count = 0;
            byte last = 0;
            while (count < sent.length) {
                Frame frame = both.peer.frame();
                assertThat(frame.head()).isEqualTo(0x82);
                byte[] part = frame.payload().toByteArray();
                count += part.length;
                last = part[part.length - 1];
            }

            ScriptedServer.get(written);
            assertThat(count).isEqualTo(sent.length);
            assertThat(last).isEqualTo((byte) 7);
        }
    }

    @ClientSpec({"MQTT-6.0.0-2", "MQTT3-6.0.0-2"})
    @Test
    void frames_and_fragments_are_one_stream() throws Exception {
        String frames = "82 02 0102  02 01 03  00 00  00 01 04  80 01 05  82 00  82 01 06  88 00";

        try (Both both = open(frames)) {
            assertThat(both.reads()).isEqualTo("010203040506");
            assertThat(both.peer.frame().hex()).isEqualTo("88");
        }
    }

    @Test
    void long_frames_have_longer_lengths() throws Exception {
        String frames =
                "82 7e 0080" + "61".repeat(128) + "82 7f 0000000000010000" + "62".repeat(65_536);

        try (Both both = open(frames + "88 00")) {
            assertThat(both.reads()).isEqualTo("61".repeat(128) + "62".repeat(65_536));
        }
    }

    @Test
    void a_ping_is_answered_with_what_it_carried_also_between_fragments() throws Exception {
        try (Both both = open("02 01 01  89 02 abcd  80 01 02  89 00  8a 01 ff  88 02 03e8")) {
            assertThat(both.reads()).isEqualTo("0102");

            assertThat(both.peer.frame().hex()).isEqualTo("8aabcd");
            assertThat(both.peer.frame().hex()).isEqualTo("8a");
            assertThat(both.peer.frame().hex()).isEqualTo("8803e8");
        }
    }

    @Test
    void the_end_is_said_and_nothing_follows() throws Exception {
        try (Both both = open("")) {
            both.client.finish();
            both.client.finish();

            assertThat(both.peer.frame().hex()).isEqualTo("8803e8");
            assertThatThrownBy(() -> both.client.output().write(1)).hasMessageContaining("closed");
            both.peer.send("82 01 07 88 02 03e8");
            assertThat(both.reads()).isEqualTo("07");
        }
    }

    @ClientSpec({"MQTT-6.0.0-1", "MQTT3-6.0.0-1"})
    @ParameterizedTest
    @CsvSource({
        "81 01 61, 03eb, a text frame",
        "82 81 00000000 61, 03ea, a masked frame",
        "c2 01 61, 03ea, a reserved bit",
        "a2 01 61, 03ea, a reserved bit",
        "92 01 61, 03ea, a reserved bit",
        "83 01 61, 03ea, an unknown kind",
        "8b 00, 03ea, an unknown kind",
        "80 01 61, 03ea, a continuation of nothing",
        "02 01 61 82 01 62, 03ea, a message within another",
        "09 00, 03ea, a control frame in fragments",
        "08 00, 03ea, a control frame in fragments",
        "89 7e 0080, 03ea, a long control frame",
        "82 7e 007d, 03ea, as short as it is",
        "82 7f 000000000000ffff, 03ea, as short as it is",
        "82 7f 8000000000000000, 03ea, as short as it is",
        "88 01 03, 03ea, half a close code",
        "88 02 03ed, 03ea, never sent",
        "88 02 03ee, 03ea, never sent",
        "88 02 03e7, 03ea, never sent",
        "88 02 0bb7, 03ea, never sent",
        "88 02 1388, 03ea, never sent",
        "88 03 03e8 ff, 03ef, no UTF-8"
    })
    void a_frame_that_breaks_a_rule_ends_with_its_code(String frames, String code, String words)
            throws Exception {
        try (Both both = open(frames)) {
            assertThatThrownBy(both::reads)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(words);

            assertThat(both.peer.frame().hex()).isEqualTo("88" + code);
        }
    }

    @Test
    void why_the_server_closes_is_told_without_what_a_terminal_obeys() throws Exception {
        try (Both both = open("88 06 03f1 746f1b6f")) {
            assertThatThrownBy(both::reads)
                    .hasMessage("the server closed the WebSocket with 1009: to?o");

            assertThat(both.peer.frame().hex()).isEqualTo("8803f1");
        }
    }

    @Test
    void a_length_alone_makes_nothing_grow() throws Exception {
        try (Both both = open("82 7f 7fffffffffffffff 61")) {
            assertThat(both.client.input().read()).isEqualTo('a');
            both.peer.close();
            assertThatThrownBy(() -> both.client.input().read())
                    .hasMessageContaining("within a frame");
        }
    }

    @Test
    void a_client_connects_publishes_and_says_farewell_through_it() throws Exception {
        ClientOptions options =
                ClientOptions.of(server.connector()).clientId("c").keepAlive(Duration.ZERO);
        CompletableFuture<Client> connecting = ScriptedServer.async(() -> Client.connect(options));
        try (Peer peer = server.accept(AGREES, "")) {
            assertThat(peer.frame().hex()).startsWith("8210");
            // CONNACK, cut in the middle
            peer.send("82 02 2003  82 03 000000");
            Client client = ScriptedServer.get(connecting);

            client.publish(TopicName.of("a"), Payload.of("1"), QoS.AT_MOST_ONCE, false);
            assertThat(peer.frame().hex()).isEqualTo("82" + "30050001610031");
            CompletableFuture<String> closed =
                    ScriptedServer.async(() -> {
                        client.close();
                        return "";
                    });

            assertThat(peer.frame().hex()).startsWith("82e0");
            assertThat(peer.frame().hex()).isEqualTo("8803e8");
            peer.send("88 02 03e8");
            ScriptedServer.get(closed);
        }
    }
}
