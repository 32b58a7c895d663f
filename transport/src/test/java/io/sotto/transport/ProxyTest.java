package io.sotto.transport;

import static io.sotto.transport.RunningBroker.settings;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.ReasonCode;
import io.sotto.transport.TlsSettings.Clients;
import io.sotto.transport.TlsSettings.Engine;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.HexFormat;
import java.util.List;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The PROXY protocol in front of all that a listener speaks; `H-PRX-..` are the ids of the hostile
/// inputs.
@Timeout(60)
class ProxyTest {
    private static final byte[] SIGNATURE = hex("0d0a0d0a000d0a515549540a");
    private static final String FROM_FAR = "c0000207 0a000001 1267 075b"; // 192.0.2.7:4711
    private static final int CN = 0x22;
    private static final int SSL = 0x20;
    private static final int AUTHORITY = 0x02;
    private static final int SHOWN_NOW = 0x07;

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replace(" ", ""));
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    private static byte[] value(int type, byte[] content) {
        byte[] head = {(byte) type, (byte) (content.length >> 8), (byte) content.length};
        return joined(head, content);
    }

    /// A header of version 2 for TCP over IPv4.
    private static byte[] header(byte[]... values) {
        byte[] rest = joined(hex(FROM_FAR), joined(values));
        byte[] head = {0x21, 0x11, (byte) (rest.length >> 8), (byte) rest.length};
        return joined(SIGNATURE, head, rest);
    }

    /// What a proxy says of TLS: with a certificate of that name, accepted if the last four bytes
    /// are zero.
    private static byte[] tls(String name, String verified) {
        byte[] head = joined(new byte[] {SHOWN_NOW}, hex(verified));
        return value(SSL, joined(head, value(CN, name.getBytes(ISO_8859_1))));
    }

    private static RunningBroker broker(String source, @Nullable TlsSettings tls)
            throws IOException {
        ProxySettings proxy = new ProxySettings(Networks.of(List.of(source)), true);
        Carriers carriers = new Carriers(true, WebSocketSettings.DEFAULT, tls, proxy);
        return new RunningBroker(settings(30, 1000, 0), carriers);
    }

    private static Peer behind(RunningBroker broker, byte[] header) throws IOException {
        Peer peer = broker.peer();
        peer.send(header);
        return peer;
    }

    private static void isFrom(RunningBroker broker, byte[] header, String address)
            throws IOException {
        try (Peer peer = behind(broker, header)) {
            assertThat(peer.connect("far").reason()).isEqualTo(ReasonCode.SUCCESS);
            assertThat(broker.events().getLast()).contains("client far connected from " + address);
        }
    }

    @Test
    void both_versions_say_where_a_connection_began() throws IOException {
        try (RunningBroker broker = broker("127.0.0.1", null)) {
            byte[] one = "PROXY TCP4 192.0.2.7 10.0.0.1 4711 1883\r\n".getBytes(ISO_8859_1);
            byte[] six = "PROXY TCP6 2001:db8::7 ::1 4711 1883\r\n".getBytes(ISO_8859_1);

            isFrom(broker, one, "192.0.2.7:4711 ");
            isFrom(broker, six, "2001:db8::7:4711 ");
            isFrom(broker, header(), "192.0.2.7:4711 ");
            isFrom(broker, header(value(0xEA, new byte[50])), "192.0.2.7:4711 ");
        }
    }

    @Test
    void a_proxy_may_speak_for_itself() throws IOException {
        try (RunningBroker broker = broker("127.0.0.1", null)) {
            isFrom(broker, "PROXY UNKNOWN\r\n".getBytes(ISO_8859_1), "127.0.0.1:");
            isFrom(broker, joined(SIGNATURE, hex("20 00 0000")), "127.0.0.1:");
        }
    }

    @Test
    void an_address_counts_where_the_connection_began() throws IOException {
        ProxySettings proxy = new ProxySettings(Networks.of(List.of("127.0.0.1")), false);
        try (RunningBroker broker =
                        new RunningBroker(
                                settings(30, 1000, 2), new Carriers(true, null, null, proxy));
                Peer first = behind(broker, header());
                Peer second = behind(broker, header())) {
            first.connect("first");
            second.connect("second");

            try (Peer third = behind(broker, header())) {
                assertThat(endsOf(third)).isTrue();
            }
            isFrom(broker, "PROXY UNKNOWN\r\n".getBytes(ISO_8859_1), "127.0.0.1:");
        }
    }

    @Test
    void a_proxy_is_not_held_to_the_limits_of_one_address() throws IOException {
        TransportSettings settings =
                new TransportSettings(4, 1 << 18, 30, 1000, 1, 1, 256L << 20, 120, 0);
        ProxySettings proxy = new ProxySettings(Networks.of(List.of("127.0.0.1")), false);
        Carriers carriers = new Carriers(true, null, null, proxy);
        try (RunningBroker broker = new RunningBroker(settings, carriers)) {
            for (int i = 1; i <= 5; i++) {
                String one = "PROXY TCP4 192.0.2.%d 10.0.0.1 4711 1883\r\n".formatted(i);
                isFrom(broker, one.getBytes(ISO_8859_1), "192.0.2.%d:4711 ".formatted(i));
            }

            try (Peer first = behind(broker, header())) {
                first.connect("first");
                try (Peer second = behind(broker, header())) {
                    assertThat(endsOf(second)).isTrue();
                }
            }
        }
    }

    @Test
    void a_checked_certificate_is_who_the_client_is() throws IOException {
        try (RunningBroker broker = broker("127.0.0.1", null)) {
            isFrom(broker, header(tls("sensor-1", "00000000")), "192.0.2.7:4711 ");
            isFrom(broker, header(tls("sensor-2", "00000001")), "192.0.2.7:4711 ");

            assertThat(broker.certified()).containsExactly("sensor-1", "null");
        }
    }

    @Test
    void tls_and_web_sockets_come_behind_it() throws Exception {
        TlsSettings tls = TestKeys.settings(Engine.AUTO, Clients.NONE, TestKeys.pair("server"));
        try (RunningBroker broker = broker("127.0.0.1", tls)) {
            Socket plain = new Socket(InetAddress.getLoopbackAddress(), broker.listener().port());
            plain.getOutputStream().write(header());
            SSLSocket secure =
                    (SSLSocket)
                            TestKeys.context(null)
                                    .getSocketFactory()
                                    .createSocket(plain, "localhost", 0, true);
            try (WebSocketPeer page = new WebSocketPeer(secure)) {
                page.send(WebSocketPeer.request("/mqtt", WebSocketPeer.ASKS_FOR_MQTT));
                assertThat(page.response()).startsWith("HTTP/1.1 101 ");
                var connect = Peer.connectPacket(ProtocolVersion.MQTT_5, "page", 0, null);
                page.send(WebSocketPeer.frame(0x82, Peer.bytes(connect, ProtocolVersion.MQTT_5)));
                page.receive();
                assertThat(broker.events().getLast())
                        .contains("client page connected from 192.0.2.7:4711 ");
            }
        }
    }

    private static boolean endsOf(Peer peer) throws IOException {
        try {
            return peer.isClosedByBroker();
        } catch (SocketException | EOFException e) {
            return true;
        }
    }

    @Test
    void h_prx_01_a_listener_that_awaits_none_takes_no_header() throws IOException {
        try (RunningBroker broker = new RunningBroker();
                Peer one =
                        behind(broker, "PROXY TCP4 1.2.3.4 1.2.3.4 1 2\r\n".getBytes(ISO_8859_1));
                Peer two = behind(broker, header())) {
            assertThat(endsOf(one)).isTrue();
            assertThat(endsOf(two)).isTrue();
        }
    }

    @Test
    void h_prx_02_nobody_else_gets_in() throws IOException {
        try (RunningBroker broker = broker("10.0.0.0/8", null);
                Peer peer = behind(broker, header())) {
            assertThat(endsOf(peer)).isTrue();
            assertThat(broker.events())
                    .singleElement()
                    .asString()
                    .contains("connection from 127.0.0.1 closed")
                    .contains("proxy.sources");
        }
    }

    /// A header, whole or not, that is none.
    static List<byte[]> broken() {
        byte[] beyond = header(value(0xEA, new byte[8]));
        beyond[SIGNATURE.length + 4 + 12 + 1] = 0x7F;
        byte[] nested = value(CN, new byte[] {'x'});
        for (int i = 0; i < 200; i++) {
            nested = value(SSL, joined(new byte[5], nested));
        }
        return List.of(
                beyond,
                header(nested),
                header(value(SSL, new byte[2])),
                joined(SIGNATURE, hex("21 11 ffff"), new byte[70_000]),
                joined(SIGNATURE, hex("21 11 0004 c0000207")),
                joined(SIGNATURE, hex("31 11 000c"), hex(FROM_FAR)),
                joined(SIGNATURE, hex("2f 11 000c"), hex(FROM_FAR)),
                joined(SIGNATURE, hex("21 71 000c"), hex(FROM_FAR)),
                "PROXY TCP4 192.0.2.7 10.0.0.1 4711 1883"
                        .concat("3".repeat(200))
                        .getBytes(ISO_8859_1),
                "PROXY TCP4 192.0.2.700 10.0.0.1 4711 1883\r\n".getBytes(ISO_8859_1),
                "PROXY TCP4 192.0.2.7 10.0.0.1 471100 1883\r\n".getBytes(ISO_8859_1),
                "PROXY TCP4 192.0.2.7\r\n          ".getBytes(ISO_8859_1),
                "PROXY SCTP 192.0.2.7 10.0.0.1 1 2\r\n".getBytes(ISO_8859_1),
                header(tls("a\0b", "00000000")),
                header(tls("a\r\nb", "00000001")),
                header(value(AUTHORITY, "x\r\nHost: y".getBytes(ISO_8859_1))),
                header(tls("a/#", "00000000")));
    }

    @ParameterizedTest
    @MethodSource("broken")
    void h_prx_03_and_04_a_header_that_is_broken_ends_the_connection(byte[] header)
            throws IOException {
        try (RunningBroker broker = broker("127.0.0.1", null);
                Peer peer = behind(broker, header)) {
            try {
                peer.send(Peer.connectPacket(ProtocolVersion.MQTT_5, "far", 0, null));
            } catch (SocketException e) {
                // ended already
            }

            assertThat(endsOf(peer)).isTrue();
            assertThat(broker.certified()).isEmpty();
        }
    }
}
