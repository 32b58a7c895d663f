package io.sotto.transport;

import static io.sotto.transport.WebSocketCasesTest.CONNECT;
import static io.sotto.transport.WebSocketCasesTest.PINGREQ;
import static io.sotto.transport.WebSocketCasesTest.all;
import static io.sotto.transport.WebSocketCasesTest.code;
import static io.sotto.transport.WebSocketCasesTest.hex;
import static io.sotto.transport.WebSocketCasesTest.publish;
import static io.sotto.transport.WebSocketCasesTest.text;
import static io.sotto.transport.WebSocketPeer.ASKS_FOR_MQTT;
import static io.sotto.transport.WebSocketPeer.deflated;
import static io.sotto.transport.WebSocketPeer.frame;
import static io.sotto.transport.WebSocketPeer.request;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The offers of permessage-deflate that a client may make or may not make, and what it may send
/// once one was taken (RFC 7692), with what comes of it.
@Timeout(60)
class DeflateCasesTest {
    private static final String DEFLATE = "permessage-deflate";

    private static RunningBroker broker;

    @BeforeAll
    static void start() throws IOException {
        WebSocketSettings settings =
                new WebSocketSettings(
                        List.of("/mqtt"),
                        List.of(),
                        true,
                        Networks.NONE,
                        70_000,
                        100_000,
                        50,
                        new Compression(true, 100, 1_000));
        broker =
                new RunningBroker(
                        RunningBroker.settings(30, 1000, 0),
                        new Carriers(true, settings, null, null));
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    /// @param answer what the broker takes; empty when it takes none, null when it refuses
    record Offer(String offer, @Nullable String answer) {
        String verdict() {
            return answer == null
                    ? "400, the end"
                    : answer.isEmpty() ? "101, not compressed" : "101, `" + answer + "`";
        }

        /// A cell of a table.
        String shown() {
            return offer.length() > 200 ? "seventeen times `" + DEFLATE + "`" : "`" + offer + "`";
        }

        @Override
        public String toString() {
            return shown() + " gets " + verdict();
        }
    }

    static List<Offer> offers() {
        return Stream.of(taken(), passedOver(), malformed()).flatMap(List::stream).toList();
    }

    private static List<Offer> taken() {
        String narrow = "; server_no_context_takeover; server_max_window_bits=";
        String both = "; server_no_context_takeover; client_no_context_takeover";
        return List.of(
                new Offer(DEFLATE, DEFLATE),
                same("; server_no_context_takeover"),
                same("; client_no_context_takeover"),
                same(both),
                new Offer(
                        DEFLATE + ";client_no_context_takeover ; server_no_context_takeover",
                        DEFLATE + both),
                new Offer(DEFLATE + "; client_max_window_bits", DEFLATE),
                new Offer(DEFLATE + "; client_max_window_bits=8", DEFLATE),
                same("; server_max_window_bits=15"),
                new Offer(DEFLATE + "; server_max_window_bits=14", DEFLATE + narrow + "14"),
                new Offer(DEFLATE + "; server_max_window_bits=8", DEFLATE + narrow + "8"),
                new Offer(
                        DEFLATE + "; server_max_window_bits=\"10\"; client_max_window_bits",
                        DEFLATE + narrow + "10"),
                new Offer(DEFLATE + "; server_max_window_bits=7, " + DEFLATE, DEFLATE),
                new Offer("permessage-bzip2; x=\"y\", " + DEFLATE, DEFLATE),
                new Offer(
                        DEFLATE + "; client_no_context_takeover, " + DEFLATE,
                        DEFLATE + "; client_no_context_takeover"),
                new Offer(", ," + DEFLATE + ",", DEFLATE));
    }

    private static Offer same(String parameters) {
        return new Offer(DEFLATE + parameters, DEFLATE + parameters);
    }

    private static List<Offer> passedOver() {
        List<Offer> offers = new ArrayList<>();
        for (String value : List.of("", "=7", "=16", "=08", "=ten", "=-8", "=256")) {
            offers.add(new Offer(DEFLATE + "; server_max_window_bits" + value, ""));
        }
        offers.add(new Offer(DEFLATE + "; client_max_window_bits=7", ""));
        offers.add(new Offer(DEFLATE + "; client_max_window_bits=16", ""));
        offers.add(new Offer(DEFLATE + "; server_no_context_takeover=1", ""));
        offers.add(new Offer(DEFLATE + "; client_no_context_takeover=true", ""));
        offers.add(new Offer(DEFLATE + "; client_max_window_bits; client_max_window_bits", ""));
        offers.add(new Offer(DEFLATE + "; level=9", ""));
        offers.add(new Offer("Permessage-Deflate", ""));
        offers.add(new Offer("x-webkit-deflate-frame", ""));
        offers.add(new Offer(String.join(", ", Collections.nCopies(17, DEFLATE)), ""));
        return offers;
    }

    private static List<Offer> malformed() {
        return List.of(
                new Offer(DEFLATE + ";", null),
                new Offer(DEFLATE + "; =8", null),
                new Offer(DEFLATE + "; server_max_window_bits=", null),
                new Offer("permessage deflate", null),
                new Offer(DEFLATE + "; server_max_window_bits=\"8", null),
                new Offer(DEFLATE + ", a/b", null));
    }

    @ParameterizedTest
    @MethodSource("offers")
    void each_offer_has_its_answer(Offer one) throws IOException {
        try (WebSocketPeer peer = WebSocketPeer.at(broker.listener().port())) {
            peer.send(request("/mqtt", ASKS_FOR_MQTT, "Sec-WebSocket-Extensions: " + one.offer()));

            String response = peer.response();
            String answer = one.answer();
            if (answer == null) {
                assertThat(response).startsWith("HTTP/1.1 400 ");
                assertThat(peer.isEnded()).isTrue();
                return;
            }
            List<String> extensions =
                    response.lines()
                            .filter(line -> line.startsWith("Sec-WebSocket-Extensions: "))
                            .toList();
            assertThat(extensions)
                    .isEqualTo(
                            answer.isEmpty()
                                    ? List.of()
                                    : List.of("Sec-WebSocket-Extensions: " + answer));
            peer.send(frame(0x82, CONNECT));
            assertThat(peer.receive().first()).isIn(0x82, 0xC2);
        }
    }

    static List<WebSocketCasesTest.Case> messages() {
        return Stream.of(whole(), inParts(), crooked(), bombs()).flatMap(List::stream).toList();
    }

    private static WebSocketCasesTest.Case one(String name, int code, byte[]... frames) {
        return new WebSocketCasesTest.Case(name, code, all(frames));
    }

    private static List<WebSocketCasesTest.Case> whole() {
        // 00 is what is left of the flush of nothing.
        byte[] stored = hex("00 0200 fdff c000 00");
        byte[] last = hex("01 0200 fdff c000 00");
        byte[] ping = deflated(PINGREQ);
        return List.of(
                one("a deflated packet", 0, frame(0xC2, ping)),
                one("a packet that is not", 0, frame(0x82, PINGREQ)),
                one("both in turns", 0, frame(0xC2, ping), frame(0x82, PINGREQ), frame(0xC2, ping)),
                one("deflated packets", 0, frame(0xC2, deflated(all(PINGREQ, PINGREQ, PINGREQ)))),
                one("a packet across two deflated messages", 0, halves()),
                one("nothing, deflated", 0, frame(0xC2, hex("00"))),
                one("a deflated message without a byte", 0, frame(0xC2, new byte[0])),
                one("a block that is stored", 0, frame(0xC2, stored)),
                one("a block that says it is the last", 0, frame(0xC2, last), frame(0xC2, ping)),
                one("two blocks", 0, frame(0xC2, all(hex("00 0200 fdff c000"), stored))),
                one("a reference to the message before", 0, referring()),
                one(
                        "100,000 bytes when inflated, the limit",
                        0,
                        frame(0xC2, deflated(packet(100_000)))),
                one("4,000 zeros in some bytes", 0, frame(0xC2, deflated(publish(4_000)))));
    }

    private static byte[] halves() {
        return all(frame(0xC2, deflated(hex("c0"))), frame(0xC2, deflated(hex("00"))));
    }

    /// Two messages of which the second one is the first one again.
    private static byte[] referring() {
        byte[] packet = packet(300);
        byte[][] both = WebSocketPeer.deflatedInTurn(packet, packet);
        assertThat(both[1]).hasSizeLessThan(both[0].length / 4);
        return all(frame(0xC2, both[0]), frame(0xC2, both[1]));
    }

    /// A PUBLISH of so many bytes of which half become smaller.
    private static byte[] packet(int size) {
        byte[] packet = publish(size);
        byte[] noise = new byte[size / 2 - 10];
        new Random(1).nextBytes(noise);
        System.arraycopy(noise, 0, packet, 10, noise.length);
        return packet;
    }

    private static List<WebSocketCasesTest.Case> inParts() {
        byte[] whole = deflated(packet(3_000));
        byte[] a = Arrays.copyOfRange(whole, 0, 1);
        byte[] b = Arrays.copyOfRange(whole, 1, 1_000);
        byte[] c = Arrays.copyOfRange(whole, 1_000, whole.length);
        return List.of(
                one(
                        "a deflated message in fragments",
                        0,
                        frame(0x42, a),
                        frame(0, b),
                        frame(0x80, c)),
                one(
                        "a deflated message with empty fragments",
                        0,
                        frame(0x42, new byte[0]),
                        frame(0, whole),
                        frame(0x80, new byte[0])),
                one(
                        "a ping within a deflated message",
                        0,
                        frame(0x42, a),
                        frame(0x89, text("?")),
                        frame(0, b),
                        frame(0x8A, text("!")),
                        frame(0x80, c)),
                one(
                        "close within a deflated message",
                        1000,
                        frame(0x42, a),
                        frame(0x88, code(1000, ""))),
                one(
                        "reserved bit 1 on each fragment",
                        1002,
                        frame(0x42, a),
                        frame(0x40, b),
                        frame(0xC0, c)),
                one("reserved bit 1 on the last fragment", 1002, frame(0x02, a), frame(0xC0, b)));
    }

    private static List<WebSocketCasesTest.Case> crooked() {
        byte[] ping = deflated(PINGREQ);
        return List.of(
                one("reserved bit 1 on a ping", 1002, frame(0xC9, new byte[0])),
                one("reserved bit 1 on a pong", 1002, frame(0xCA, new byte[0])),
                one("reserved bit 1 on a close frame", 1002, frame(0xC8, code(1000, ""))),
                one("reserved bit 2 beside it", 1002, frame(0xE2, ping)),
                one("reserved bit 3 beside it", 1002, frame(0xD2, ping)),
                one("a deflated text frame", 1003, frame(0xC1, deflated(text("hello")))),
                one("a packet said to be deflated", 1007, frame(0xC2, hex("3004000174ff"))),
                one("a block of no kind", 1007, frame(0xC2, hex("07"))),
                one("a stored block of two lengths", 1007, frame(0xC2, hex("00 0200 fdfe c000"))),
                one("zlib's own format", 1007, frame(0xC2, hex("789c3b00003700c1"))),
                one("gzip's format", 1007, frame(0xC2, hex("1f8b0800000000000003"))),
                one("a reference to nothing", 1007, frame(0xC2, hex("035e 0000"))),
                one("no MQTT, deflated", 1000, frame(0xC2, deflated(text("GET / HTTP/1.1")))));
    }

    private static List<WebSocketCasesTest.Case> bombs() {
        byte[] bomb = deflated(pings(10_000_000));
        byte[] slow = deflated(publish(90_000));
        byte[][] parts = new byte[40][];
        for (int i = 0; i < parts.length; i++) {
            parts[i] = frame(i == 0 ? 0x42 : 0, Arrays.copyOfRange(bomb, i * 200, (i + 1) * 200));
        }
        return List.of(
                one("H-WS-08 10 MB in 10 KB", 1009, frame(0xC2, bomb)),
                one("H-WS-08 the same in fragments", 1009, parts),
                one("90,000 bytes of one kind", 1009, frame(0xC2, slow)),
                one("5,000 bytes of one kind", 1009, frame(0xC2, deflated(publish(5_000)))),
                one("100,001 bytes when inflated", 1009, frame(0xC2, deflated(packet(100_001)))));
    }

    private static byte[] pings(int size) {
        byte[] pings = new byte[size];
        for (int i = 0; i < pings.length; i += 2) {
            pings[i] = (byte) 0xC0;
        }
        return pings;
    }

    @ParameterizedTest
    @MethodSource("messages")
    void each_message_has_its_answer(WebSocketCasesTest.Case one) throws IOException {
        try (WebSocketPeer peer = WebSocketPeer.deflating(broker.listener().port(), DEFLATE)) {
            peer.send(frame(0xC2, deflated(CONNECT)));
            peer.receive();

            one.check(peer);
        }
    }

    /// Those of the page of all cases.
    static Stream<String> lines() {
        return Stream.concat(
                offers().stream()
                        .map(one -> "| offer | %s | %s |%n".formatted(one.shown(), one.verdict())),
                messages().stream().map(one -> one.line("message")));
    }
}
