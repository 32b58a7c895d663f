package io.sotto.transport;

import static io.sotto.transport.RunningBroker.await;
import static io.sotto.transport.RunningBroker.settings;
import static io.sotto.transport.TestKeys.pair;
import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.transport.ClientHello.Reply;
import io.sotto.transport.TlsSettings.Clients;
import io.sotto.transport.TlsSettings.Engine;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;

/// What clients of long ago offer, and those who pretend to be one.
@Timeout(60)
class TlsOffersTest {
    private static final int MODERN = 0xC02F; // ECDHE, RSA, AES 128 GCM
    private static final int ALERT = 21;
    private static final int HANDSHAKE_FAILURE = 40;
    private static final int PROTOCOL_VERSION = 70;

    /// By their numbers at IANA.
    private static final Map<Integer, String> WEAK =
            new TreeMap<>(
                    Map.ofEntries(
                            Map.entry(0x0000, "NULL_WITH_NULL_NULL"),
                            Map.entry(0x0001, "RSA_WITH_NULL_MD5"),
                            Map.entry(0x0002, "RSA_WITH_NULL_SHA"),
                            Map.entry(0x003B, "RSA_WITH_NULL_SHA256"),
                            Map.entry(0xC010, "ECDHE_RSA_WITH_NULL_SHA"),
                            Map.entry(0x0003, "RSA_EXPORT_WITH_RC4_40_MD5"),
                            Map.entry(0x0006, "RSA_EXPORT_WITH_RC2_CBC_40_MD5"),
                            Map.entry(0x0008, "RSA_EXPORT_WITH_DES40_CBC_SHA"),
                            Map.entry(0x0014, "DHE_RSA_EXPORT_WITH_DES40_CBC_SHA"),
                            Map.entry(0x0004, "RSA_WITH_RC4_128_MD5"),
                            Map.entry(0x0005, "RSA_WITH_RC4_128_SHA"),
                            Map.entry(0xC011, "ECDHE_RSA_WITH_RC4_128_SHA"),
                            Map.entry(0x0009, "RSA_WITH_DES_CBC_SHA"),
                            Map.entry(0x000A, "RSA_WITH_3DES_EDE_CBC_SHA"),
                            Map.entry(0x0016, "DHE_RSA_WITH_3DES_EDE_CBC_SHA"),
                            Map.entry(0xC012, "ECDHE_RSA_WITH_3DES_EDE_CBC_SHA"),
                            Map.entry(0x0034, "DH_anon_WITH_AES_128_CBC_SHA"),
                            Map.entry(0x00A6, "DH_anon_WITH_AES_128_GCM_SHA256"),
                            Map.entry(0xC018, "ECDH_anon_WITH_AES_128_CBC_SHA"),
                            Map.entry(0x002F, "RSA_WITH_AES_128_CBC_SHA"),
                            Map.entry(0x009C, "RSA_WITH_AES_128_GCM_SHA256"),
                            Map.entry(0xC013, "ECDHE_RSA_WITH_AES_128_CBC_SHA")));

    private static RunningBroker broker(Engine engine) throws IOException {
        TlsSettings tls = TestKeys.settings(engine, Clients.NONE, pair("server"));
        return new RunningBroker(
                settings(30, 1000, 0), new Carriers(true, WebSocketSettings.DEFAULT, tls, null));
    }

    @WithEachEngine
    void h_tls_04_each_weak_suite_is_refused(Engine engine) throws Exception {
        try (RunningBroker broker = broker(engine)) {
            int port = broker.listener().port();
            Map<String, Reply> answered = new TreeMap<>();
            for (Map.Entry<Integer, String> weak : WEAK.entrySet()) {
                answered.put(weak.getValue(), ClientHello.offering(weak.getKey()).send(port));
            }

            assertThat(answered.values()).as(answered.toString()).allMatch(Reply::isRefusal);
            // They fail for their suite alone, and never go before a better one.
            int[] all =
                    Stream.concat(WEAK.keySet().stream(), Stream.of(MODERN))
                            .mapToInt(Integer::intValue)
                            .toArray();
            assertThat(ClientHello.offering(all).send(port).suite()).isEqualTo(MODERN);
            await("all to be gone", () -> broker.loops().connectionCount() == 0);
        }
    }

    @WithEachEngine
    void h_tls_04_each_old_version_is_refused(Engine engine) throws Exception {
        List<Integer> suites = List.of(MODERN, 0xC013, 0x002F, 0x000A);
        try (RunningBroker broker = broker(engine)) {
            int port = broker.listener().port();
            for (int version : new int[] {0x0300, 0x0301, 0x0302}) {
                for (List<Integer> newer : List.of(List.<Integer>of(), List.of(version))) {
                    assertThat(
                                    new ClientHello(version, newer, suites, List.of(0))
                                            .send(port)
                                            .alert())
                            .as("%04x %s", version, newer)
                            .isIn(PROTOCOL_VERSION, HANDSHAKE_FAILURE);
                }
            }
            assertThat(new ClientHello(0x0303, List.of(), suites, List.of(0)).send(port).suite())
                    .isEqualTo(MODERN);
        }
    }

    /// SSL 2.0 begins with its length: 46 bytes, with a ClientHello of version 2.
    @WithEachEngine
    void h_tls_04_ssl_2_is_no_tls(Engine engine) throws Exception {
        byte[] hello = new byte[48];
        System.arraycopy(
                new byte[] {(byte) 0x80, 46, 1, 0, 2, 0, 21, 0, 0, 0, 16, 1, 0, (byte) 0x80},
                0,
                hello,
                0,
                14);
        try (RunningBroker broker = broker(engine);
                Socket socket =
                        new Socket(InetAddress.getLoopbackAddress(), broker.listener().port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(hello);

            byte[] answer = answer(socket);
            assertThat(answer.length == 0 || answer[0] == ALERT).isTrue();
            await("it to be gone", () -> broker.loops().connectionCount() == 0);
        }
    }

    private static byte[] answer(Socket socket) throws IOException {
        try {
            return socket.getInputStream().readAllBytes();
        } catch (SocketException e) {
            return new byte[0];
        }
    }

    @WithEachEngine
    void h_tls_12_nothing_is_compressed(Engine engine) throws Exception {
        try (RunningBroker broker = broker(engine)) {
            int port = broker.listener().port();
            List<Integer> old = List.of(MODERN);
            List<Integer> suites = List.of(0x1301);
            List<Integer> newer = List.of(0x0304);

            Reply both = new ClientHello(0x0303, List.of(), old, List.of(1, 0)).send(port);
            Reply only = new ClientHello(0x0303, List.of(), old, List.of(1)).send(port);
            Reply none = new ClientHello(0x0303, newer, suites, List.of(0)).send(port);
            Reply modern = new ClientHello(0x0303, newer, suites, List.of(1, 0)).send(port);

            assertThat(both).isEqualTo(new Reply(MODERN, 0, -1));
            assertThat(none).isEqualTo(new Reply(0x1301, 0, -1));
            // The JDK answers such clients as well, without compression.
            assertThat(List.of(only, modern)).allMatch(reply -> reply.compression() <= 0);
            await("all to be gone", () -> broker.loops().connectionCount() == 0);
        }
    }
}
