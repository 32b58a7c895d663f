package io.sotto.transport;

import static io.sotto.transport.WebSocketPeer.ASKS_FOR_MQTT;
import static io.sotto.transport.WebSocketPeer.frame;
import static io.sotto.transport.WebSocketPeer.masked;
import static io.sotto.transport.WebSocketPeer.request;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// One thing at a time that a WebSocket client may do or may not do, and what comes of it. The
/// names `H-WS-..` are those of the hostile inputs.
@Timeout(60)
class WebSocketCasesTest {
    /// CONNECT: MQTT 5.0, clean start, no keep alive, an id of the broker's choice.
    static final byte[] CONNECT = hex("10 0d 00044d515454 05 02 0000 00 0000");

    static final byte[] PINGREQ = hex("c000");
    private static final byte[] NOTHING = {};
    private static final WebSocketSettings SETTINGS =
            new WebSocketSettings(
                    List.of("/mqtt", "/"),
                    List.of("https://page.example"),
                    true,
                    Networks.NONE,
                    70_000,
                    100_000,
                    50,
                    Compression.NONE);

    private static RunningBroker broker;

    @BeforeAll
    static void start() throws IOException {
        broker =
                new RunningBroker(
                        RunningBroker.settings(30, 1000, 0),
                        new Carriers(true, SETTINGS, null, null));
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replace(" ", ""));
    }

    static byte[] all(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Arrays.stream(parts).forEach(out::writeBytes);
        return out.toByteArray();
    }

    static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /// What a client sends behind its login.
    static final class Case {
        private final String name;
        private final int code;
        private final byte[] bytes;

        /// @param code the close code of the broker, or 0 when the connection lives on
        Case(String name, int code, byte[] bytes) {
            this.name = name;
            this.code = code;
            this.bytes = bytes;
        }

        /// Sends it and awaits its verdict.
        void check(WebSocketPeer peer) throws IOException {
            peer.send(bytes);

            if (code != 0) {
                assertThat(peer.closeCode()).isEqualTo(code);
                return;
            }
            peer.send(frame(0x89, text("still there")));
            WebSocketPeer.Received last = peer.receive();
            while (!Arrays.equals(last.payload(), text("still there"))) {
                assertThat(last.first()).isIn(0x82, 0xC2, 0x8A);
                last = peer.receive();
            }
            assertThat(last.first()).isEqualTo(0x8A);
        }

        /// Of the page of all cases.
        String line(String kind) {
            String verdict = code == 0 ? "served" : "close " + code;
            return "| %s | %s | %s |%n".formatted(kind, name, verdict);
        }

        @Override
        public String toString() {
            return name + (code == 0 ? " is served" : " ends with " + code);
        }
    }

    static List<Case> frames() {
        List<Case> cases = new ArrayList<>();
        cases.addAll(served());
        cases.addAll(heads());
        cases.addAll(controls());
        cases.addAll(closes());
        cases.addAll(messages());
        return cases;
    }

    private static List<Case> served() {
        return List.of(
                new Case("an empty binary message", 0, frame(0x82, NOTHING)),
                new Case("an empty fragment", 0, all(frame(0x02, NOTHING), frame(0x80, NOTHING))),
                new Case("a ping without payload", 0, frame(0x89, NOTHING)),
                new Case("a ping of 125 bytes", 0, frame(0x89, new byte[125])),
                new Case("a pong that nobody asked for", 0, frame(0x8A, text("late"))),
                new Case("a pong without payload", 0, frame(0x8A, NOTHING)),
                new Case(
                        "a ping within a message",
                        0,
                        all(
                                frame(0x02, hex("c0")),
                                frame(0x89, text("?")),
                                frame(0x80, hex("00")))),
                new Case(
                        "a pong within a message",
                        0,
                        all(frame(0x02, hex("c0")), frame(0x8A, NOTHING), frame(0x80, hex("00")))),
                new Case(
                        "a packet in frames of one byte",
                        0,
                        all(frame(0x02, hex("c0")), frame(0x80, hex("00")))),
                new Case("two packets in one frame", 0, frame(0x82, all(PINGREQ, PINGREQ))),
                new Case(
                        "a packet across two messages",
                        0,
                        all(frame(0x82, hex("c0")), frame(0x82, hex("00")))),
                new Case("a mask of zeros", 0, all(hex("82 82 00000000"), PINGREQ)),
                new Case("a mask of ones", 0, hex("82 82 ffffffff 3fff")),
                new Case("126 bytes", 0, frame(0x82, publish(126))),
                new Case("125 bytes", 0, frame(0x82, publish(125))),
                new Case("127 bytes", 0, frame(0x82, publish(127))),
                new Case("65,535 bytes", 0, frame(0x82, publish(65_535))),
                new Case("65,536 bytes", 0, frame(0x82, publish(65_536))),
                new Case("70,000 bytes, the limit", 0, frame(0x82, publish(70_000))),
                new Case("fifty fragments, the limit", 0, fragments(50, 1)));
    }

    /// A PUBLISH of QoS 0 of so many bytes in all.
    static byte[] publish(int size) {
        int lengthBytes = size < 2 + 128 ? 1 : size < 3 + 16_384 ? 2 : 3;
        byte[] packet = new byte[size];
        packet[0] = 0x30;
        int length = size - 1 - lengthBytes;
        for (int i = 1; i <= lengthBytes; i++, length >>= 7) {
            packet[i] = (byte) (length & 0x7F | (i < lengthBytes ? 0x80 : 0));
        }
        packet[2 + lengthBytes] = 1;
        packet[3 + lengthBytes] = 't';
        return packet;
    }

    /// One message of PINGREQs in so many fragments of so many bytes, the last one empty.
    private static byte[] fragments(int count, int size) {
        byte[][] parts = new byte[count][];
        byte[] pings = new byte[size * (count - 1)];
        for (int i = 0; i < pings.length; i += 2) {
            pings[i] = (byte) 0xC0;
        }
        for (int i = 0; i < count - 1; i++) {
            byte[] part = Arrays.copyOfRange(pings, i * size, (i + 1) * size);
            parts[i] = frame(i == 0 ? 0x02 : 0x00, part);
        }
        parts[count - 1] = frame(0x80, pings.length % 2 == 0 ? NOTHING : new byte[1]);
        return all(parts);
    }

    private static List<Case> heads() {
        return List.of(
                new Case("H-WS-03 a text frame", 1003, frame(0x81, text("hello"))),
                new Case("an empty text frame", 1003, frame(0x81, NOTHING)),
                new Case("the beginning of a text message", 1003, frame(0x01, text("hel"))),
                new Case(
                        "a text frame within a message",
                        1003,
                        all(frame(0x02, hex("c0")), frame(0x81, text("x")))),
                new Case("H-WS-02 a frame that is not masked", 1002, hex("82 02 c000")),
                new Case("a ping that is not masked", 1002, hex("89 00")),
                new Case("H-WS-09 reserved bit 1", 1002, frame(0xC2, PINGREQ)),
                new Case("reserved bit 2", 1002, frame(0xA2, PINGREQ)),
                new Case("reserved bit 3", 1002, frame(0x92, PINGREQ)),
                new Case("all reserved bits", 1002, frame(0xF2, PINGREQ)),
                new Case("a reserved bit on a ping", 1002, frame(0xC9, NOTHING)),
                new Case("opcode 3", 1002, frame(0x83, PINGREQ)),
                new Case("opcode 4", 1002, frame(0x84, PINGREQ)),
                new Case("opcode 5", 1002, frame(0x85, PINGREQ)),
                new Case("opcode 6", 1002, frame(0x86, PINGREQ)),
                new Case("opcode 7", 1002, frame(0x87, PINGREQ)),
                new Case("opcode 11", 1002, frame(0x8B, NOTHING)),
                new Case("opcode 12", 1002, frame(0x8C, NOTHING)),
                new Case("opcode 13", 1002, frame(0x8D, NOTHING)),
                new Case("opcode 14", 1002, frame(0x8E, NOTHING)),
                new Case("opcode 15", 1002, frame(0x8F, NOTHING)),
                new Case("a continuation of nothing", 1002, frame(0x80, PINGREQ)),
                new Case(
                        "a continuation behind a whole message",
                        1002,
                        all(frame(0x82, PINGREQ), frame(0x80, PINGREQ))),
                new Case(
                        "a message within a message",
                        1002,
                        all(frame(0x02, hex("c0")), frame(0x82, PINGREQ))),
                new Case(
                        "a length of 125 in two bytes more",
                        1002,
                        all(hex("82 fe 007d 00000000"), publish(125))),
                new Case(
                        "a length of 65,535 in eight bytes more",
                        1002,
                        hex("82 ff 000000000000ffff 00000000")));
    }

    private static List<Case> controls() {
        return List.of(
                new Case("H-WS-06 a ping of 126 bytes", 1002, frame(0x89, new byte[126])),
                new Case("a ping in fragments", 1002, frame(0x09, text("a"))),
                new Case("a pong in fragments", 1002, frame(0x0A, text("a"))),
                new Case("a close frame in fragments", 1002, frame(0x08, hex("03e8"))),
                new Case("a pong of 126 bytes", 1002, frame(0x8A, new byte[126])),
                new Case("a close frame of 126 bytes", 1002, frame(0x88, new byte[126])));
    }

    private static List<Case> closes() {
        List<Case> cases = new ArrayList<>();
        for (int code : List.of(1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 4999)) {
            cases.add(new Case("close " + code, code, frame(0x88, code(code, ""))));
        }
        for (int code : List.of(0, 999, 1004, 1005, 1006, 1015, 1100, 2999, 5000, 65_535)) {
            cases.add(new Case("close " + code, 1002, frame(0x88, code(code, ""))));
        }
        cases.add(new Case("close with a reason", 1000, frame(0x88, code(1000, "tschüß"))));
        cases.add(new Case("close with half a code", 1002, frame(0x88, hex("03"))));
        cases.add(
                new Case(
                        "close with a reason that is not UTF-8",
                        1007,
                        frame(0x88, hex("03e8 c328"))));
        cases.add(new Case("close with half a character", 1007, frame(0x88, hex("03e8 e282"))));
        cases.add(
                new Case(
                        "whatever follows close",
                        1000,
                        all(frame(0x88, code(1000, "")), frame(0x81, text("more")))));
        cases.add(
                new Case(
                        "close within a message",
                        1001,
                        all(frame(0x02, hex("c0")), frame(0x88, code(1001, "")))));
        return cases;
    }

    static byte[] code(int code, String reason) {
        return all(new byte[] {(byte) (code >> 8), (byte) code}, text(reason));
    }

    private static List<Case> messages() {
        return List.of(
                new Case("H-WS-04 2^63 - 1 bytes", 1009, hex("82 ff 7fffffffffffffff 01020304")),
                new Case("2^64 - 1 bytes", 1009, hex("82 ff ffffffffffffffff 01020304")),
                new Case("70,001 bytes", 1009, hex("82 ff 0000000000011171 01020304")),
                new Case("H-WS-05 fifty-one fragments", 1009, fragments(51, 1)),
                new Case(
                        "fragments without a byte",
                        1009,
                        all(frame(0x02, NOTHING), emptyContinuations(60))),
                new Case("fragments of 100,002 bytes in all", 1009, fragments(4, 33_334)),
                new Case(
                        "H-WS-07 a packet that announces too much",
                        1000,
                        frame(0x82, hex("30ffffff7f"))),
                new Case("no MQTT in a frame", 1000, frame(0x82, text("GET / HTTP/1.1"))));
    }

    private static byte[] emptyContinuations(int count) {
        byte[][] parts = new byte[count][];
        Arrays.fill(parts, frame(0x00, NOTHING));
        return all(parts);
    }

    /// The page that lists them all; where it does not, what it should be is left in `target`.
    @Test
    void the_page_has_each_case_with_its_verdict() throws IOException {
        List<String> lines =
                Stream.of(
                                requests().stream().map(WebSocketCasesTest::line),
                                frames().stream().map(one -> one.line("frame")),
                                DeflateCasesTest.lines())
                        .flatMap(some -> some)
                        .toList();
        Path page = Path.of("..", "docs", "websocket-cases.md");
        String head = Files.readString(page).split("(?m)^\\| --- .*\n", 2)[0];
        String whole = head + "| --- | --- | --- |\n" + String.join("", lines);
        Files.writeString(Path.of("target", "websocket-cases.md"), whole);

        assertThat(lines).hasSizeGreaterThan(120).doesNotHaveDuplicates();
        assertThat(page).hasContent(whole);
    }

    private static String line(Request one) {
        String verdict = one.status() == 101 ? "101, and then MQTT" : one.status() + ", the end";
        return "| request | %s | %s |%n".formatted(one.name(), verdict);
    }

    @ParameterizedTest
    @MethodSource("frames")
    void each_frame_has_its_answer(Case one) throws IOException {
        try (WebSocketPeer peer = WebSocketPeer.connected(broker.listener().port(), CONNECT)) {
            one.check(peer);
        }
    }

    /// @param status of the response; 0 when there is none
    record Request(String name, int status, String text) {
        @Override
        public String toString() {
            return name + " gets " + status;
        }
    }

    private static String good() {
        return request("/mqtt", ASKS_FOR_MQTT);
    }

    static List<Request> requests() {
        return Stream.of(welcome(), unwelcome(), crooked()).flatMap(List::stream).toList();
    }

    private static List<Request> welcome() {
        return List.of(
                new Request("a proper request", 101, good()),
                new Request("another path that is offered", 101, request("/", ASKS_FOR_MQTT)),
                new Request("a query behind the path", 101, request("/mqtt?a=b", ASKS_FOR_MQTT)),
                new Request("mqttv3.1", 101, request("/mqtt", "Sec-WebSocket-Protocol: mqttv3.1")),
                new Request(
                        "mqtt among others",
                        101,
                        request("/mqtt", "Sec-WebSocket-Protocol: amqp, mqtt,wamp")),
                new Request(
                        "mqtt on a second line",
                        101,
                        request("/mqtt", "Sec-WebSocket-Protocol: amqp", ASKS_FOR_MQTT)),
                new Request(
                        "an extension that is not taken",
                        101,
                        request(
                                "/mqtt",
                                ASKS_FOR_MQTT,
                                "Sec-WebSocket-Extensions: permessage-deflate")),
                new Request(
                        "the page that is welcome",
                        101,
                        request("/mqtt", ASKS_FOR_MQTT, "Origin: https://page.example")));
    }

    private static List<Request> unwelcome() {
        return List.of(
                new Request(
                        "H-WS-11 another page",
                        403,
                        request("/mqtt", ASKS_FOR_MQTT, "Origin: https://evil.example")),
                new Request(
                        "a page without an origin",
                        403,
                        request("/mqtt", ASKS_FOR_MQTT, "Origin: null")),
                new Request(
                        "two origins",
                        403,
                        request(
                                "/mqtt",
                                ASKS_FOR_MQTT,
                                "Origin: https://page.example",
                                "Origin: https://evil.example")),
                new Request("H-WS-01 no subprotocol", 400, request("/mqtt")),
                new Request(
                        "another subprotocol",
                        400,
                        request("/mqtt", "Sec-WebSocket-Protocol: MQTT, amqp")),
                new Request(
                        "H-WS-01 a thousand subprotocols",
                        400,
                        request("/mqtt", "Sec-WebSocket-Protocol: mqtt" + ", x".repeat(1_000))),
                new Request("H-WS-12 another path", 404, request("/other", ASKS_FOR_MQTT)),
                new Request("a path like it", 404, request("/mqtt/", ASKS_FOR_MQTT)),
                new Request("a page", 426, "GET /mqtt HTTP/1.1\r\nHost: x\r\n\r\n"),
                new Request("version 8", 426, good().replace("Version: 13", "Version: 8")),
                new Request("no version", 426, good().replace("Sec-WebSocket-Version: 13\r\n", "")),
                new Request("no key", 400, good().replace("Sec-WebSocket-Key", "X-Key")),
                new Request("a short key", 400, good().replace(WebSocketPeer.KEY, "AAAA")),
                new Request("a key that is none", 400, good().replace(WebSocketPeer.KEY, "%%%%")));
    }

    private static List<Request> crooked() {
        return List.of(
                new Request("no host", 400, good().replace("Host: localhost\r\n", "")),
                new Request("two hosts", 400, good().replace("Host:", "Host: other\r\nHost:")),
                new Request("HTTP 1.0", 400, good().replace("HTTP/1.1", "HTTP/1.0")),
                new Request("HTTP 9.9", 400, good().replace("HTTP/1.1", "HTTP/9.9")),
                new Request("no HTTP", 400, "GET /mqtt\r\n\r\n"),
                new Request(
                        "H-WS-10 headers of 100 KB",
                        431,
                        request("/mqtt", ASKS_FOR_MQTT, "X: " + "x".repeat(100_000))),
                new Request(
                        "H-WS-10 ten thousand headers",
                        431,
                        request("/mqtt", "X: y\r\n".repeat(10_000) + ASKS_FOR_MQTT)),
                new Request(
                        "a path of 100 KB", 431, request("/" + "x".repeat(100_000), ASKS_FOR_MQTT)),
                new Request(
                        "H-WS-10 a folded line",
                        400,
                        request("/mqtt", ASKS_FOR_MQTT, "X: a", " b")),
                new Request(
                        "H-WS-10 a chunked body",
                        400,
                        request("/mqtt", ASKS_FOR_MQTT, "Transfer-Encoding: chunked")),
                new Request(
                        "H-WS-10 two lengths",
                        400,
                        request("/mqtt", ASKS_FOR_MQTT, "Content-Length: 1", "Content-Length: 2")),
                new Request(
                        "a body", 400, request("/mqtt", ASKS_FOR_MQTT, "Content-Length: 2") + "hi"),
                new Request("a header name with a space", 400, request("/mqtt", "X Y: z")),
                new Request("a header without a colon", 400, request("/mqtt", "nonsense")),
                new Request("a NUL in a header", 400, request("/mqtt", ASKS_FOR_MQTT, "X: a\0b")));
    }

    @ParameterizedTest
    @MethodSource("requests")
    void each_request_has_its_answer(Request one) throws IOException {
        try (WebSocketPeer peer = WebSocketPeer.at(broker.listener().port())) {
            peer.send(one.text());

            assertThat(peer.response()).startsWith("HTTP/1.1 " + one.status() + " ");
            if (one.status() == 101) {
                peer.send(frame(0x82, CONNECT));
                assertThat(peer.receive().payload()[0]).isEqualTo((byte) 0x20);
            } else {
                // Nothing behind it is taken for MQTT.
                peer.send(masked(CONNECT));
                assertThat(peer.isEnded()).isTrue();
            }
        }
    }

    @Test
    void h_ws_13_a_stranger_is_not_believed_where_it_comes_from() throws IOException {
        // CONNECT as above, with the id "forged"
        byte[] connect = hex("10 13 00044d515454 05 02 0000 00 0006666f72676564");
        try (WebSocketPeer peer = WebSocketPeer.at(broker.listener().port())) {
            peer.send(request("/mqtt", ASKS_FOR_MQTT, "X-Forwarded-For: 192.0.2.7"));
            peer.response();

            peer.send(frame(0x82, connect));

            peer.receive();
            assertThat(broker.events())
                    .anyMatch(event -> event.contains("forged connected from 127.0.0.1:"));
        }
    }
}
