package io.sotto.transport;

import static io.sotto.transport.RunningBroker.await;
import static io.sotto.transport.RunningBroker.settings;
import static io.sotto.transport.TestKeys.clients;
import static io.sotto.transport.TestKeys.file;
import static io.sotto.transport.TestKeys.pair;
import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.mqtt.Disconnect;
import io.sotto.mqtt.Payload;
import io.sotto.mqtt.PingReq;
import io.sotto.mqtt.PingResp;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.Publish;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.ReasonCode;
import io.sotto.transport.TlsSettings.Clients;
import io.sotto.transport.TlsSettings.Engine;
import io.sotto.transport.TlsSettings.Handshakes;
import io.sotto.transport.TlsSettings.Identity;
import io.sotto.transport.TlsSettings.Need;
import io.sotto.transport.TlsSettings.Pair;
import io.sotto.transport.TlsSettings.Upkeep;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// TLS as clients meet it, with both engines; `H-TLS-..` are the ids of the hostile inputs.
@Timeout(90)
class TlsTest {
    @TempDir Path directory = Path.of("");

    private static RunningBroker broker(TlsSettings tls) throws IOException {
        return new RunningBroker(
                settings(30, 1000, 0), new Carriers(true, WebSocketSettings.DEFAULT, tls, null));
    }

    private static RunningBroker broker(Engine engine, Clients clients) throws IOException {
        return broker(TestKeys.settings(engine, clients, pair("server")));
    }

    private static TlsSettings tls(boolean plain, boolean oldVersion, Handshakes handshakes) {
        return new TlsSettings(
                List.of(pair("server")),
                Clients.NONE,
                plain,
                oldVersion,
                Engine.AUTO,
                handshakes,
                Upkeep.DEFAULT,
                TlsSettings.CIPHERS);
    }

    private static SSLSocket socket(RunningBroker broker, @Nullable String certificate)
            throws Exception {
        return socket(broker, TestKeys.context(certificate), "localhost");
    }

    private static SSLSocket socket(RunningBroker broker, SSLContext context, String name)
            throws IOException {
        Socket plain = new Socket(InetAddress.getLoopbackAddress(), broker.listener().port());
        plain.setSoTimeout(20_000);
        SSLSocket socket =
                (SSLSocket) context.getSocketFactory().createSocket(plain, name, 0, true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName(name)));
        socket.setSSLParameters(parameters);
        return socket;
    }

    private static Peer peer(Socket socket) throws IOException {
        return new Peer(socket, ProtocolVersion.MQTT_5);
    }

    private static void isServed(RunningBroker broker, @Nullable String certificate)
            throws Exception {
        try (Peer peer = peer(socket(broker, certificate))) {
            assertThat(peer.connect("client").reason()).isEqualTo(ReasonCode.SUCCESS);
        }
    }

    /// The handshake fails, or what is sent behind it is met by the end.
    private static void isRefused(RunningBroker broker, @Nullable String certificate, String words)
            throws Exception {
        try (Peer peer = peer(socket(broker, certificate))) {
            peer.send(Peer.connectPacket(ProtocolVersion.MQTT_5, "client", 0, null));
            peer.receive();
            throw new AssertionError("let in with " + certificate);
        } catch (IOException e) {
            await(
                    "the log to say " + words + ", not only " + broker.events(),
                    () -> broker.events().stream().anyMatch(event -> event.contains(words)));
        }
    }

    @WithEachEngine
    void messages_large_and_small_pass_both_ways(Engine engine) throws Exception {
        byte[] large = new byte[900_000];
        Arrays.fill(large, (byte) 7);
        try (RunningBroker broker = broker(engine, Clients.NONE)) {
            for (String version : List.of("TLSv1.2", "TLSv1.3")) {
                SSLSocket socket = socket(broker, null);
                socket.setEnabledProtocols(new String[] {version});
                try (Peer peer = peer(socket)) {
                    peer.connect("client-" + version);
                    peer.subscribe("a", QoS.AT_MOST_ONCE);

                    peer.send(Peer.publishPacket("a", large, QoS.AT_MOST_ONCE, 0));
                    peer.publish("a", "small");

                    assertThat(peer.receive(Publish.class).payload())
                            .isEqualTo(Payload.copyOf(large));
                    assertThat(peer.receive(Publish.class).payload())
                            .isEqualTo(Payload.of("small"));
                    assertThat(socket.getSession().getProtocol()).isEqualTo(version);
                    peer.send(Disconnect.NORMAL);
                    assertThat(peer.isClosedByBroker()).isTrue();
                }
            }
            await("all to be gone", () -> broker.loops().connectionCount() == 0);
            assertThat(broker.listener().handshakes()).isZero();
        }
    }

    @WithEachEngine
    void connections_find_the_loop_of_their_session(Engine engine) throws Exception {
        try (RunningBroker broker = broker(engine, Clients.NONE)) {
            SSLContext context = TestKeys.context(null);
            for (int i = 0; i < 100; i++) {
                try (Peer peer = peer(socket(broker, context, "localhost"))) {
                    peer.connect("client-" + i);
                    peer.send(PingReq.INSTANCE);
                    assertThat(peer.receive()).isEqualTo(PingResp.INSTANCE);
                    peer.leave();
                }
            }
            await("all to be gone", () -> broker.loops().connectionCount() == 0);
            assertThat(broker.balances()).isTrue();
        }
    }

    @Test
    void web_sockets_pass_within_tls() throws Exception {
        try (RunningBroker broker = broker(Engine.AUTO, Clients.NONE);
                WebSocketPeer page = new WebSocketPeer(socket(broker, null))) {
            page.send(WebSocketPeer.request("/mqtt", WebSocketPeer.ASKS_FOR_MQTT));
            assertThat(page.response()).startsWith("HTTP/1.1 101 ");

            var connect = Peer.connectPacket(ProtocolVersion.MQTT_5, "page", 0, null);
            page.send(WebSocketPeer.frame(0x82, Peer.bytes(connect, ProtocolVersion.MQTT_5)));

            assertThat(page.receive().payload()[0]).isEqualTo((byte) 0x20);
            page.send(WebSocketPeer.frame(0x81, new byte[3]));
            assertThat(page.closeCode()).isEqualTo(1003);
        }
    }

    @WithEachEngine
    void a_client_is_who_its_certificate_says(Engine engine) throws Exception {
        for (Identity identity : Identity.values()) {
            Clients clients =
                    new Clients(Need.REQUIRED, List.of(file("ca.pem")), List.of(), identity);
            try (RunningBroker broker = broker(engine, clients)) {
                isServed(broker, "client");
                String name =
                        switch (identity) {
                            case NONE -> null;
                            case COMMON_NAME -> "sensor-1";
                            case SAN_DNS -> "sensor.example";
                            case SAN_EMAIL -> "sensor@example.com";
                            case SAN_URI -> "spiffe://example.com/sensor";
                            case SUBJECT -> "CN=sensor-1";
                        };
                assertThat(broker.certified()).containsExactly(String.valueOf(name));
            }
        }
    }

    @WithEachEngine
    void h_tls_05_a_certificate_that_does_not_count_is_refused(Engine engine) throws Exception {
        try (RunningBroker broker = broker(engine, clients(Need.REQUIRED, "revoked.crl"))) {
            isServed(broker, "client");
            isRefused(broker, "revoked", "revoked");
            isRefused(broker, "expired", "Jan 01");
            isRefused(broker, "future", "2100");
            isRefused(broker, "server-only", "Extended key usage");
            isRefused(broker, "stranger", "unable to find valid certification path");
            isRefused(broker, "self", "unable to find valid certification path");
            isRefused(broker, null, "TLS: no handshake");
            isServed(broker, "client");
        }
    }

    @WithEachEngine
    void an_optional_certificate_is_checked_when_it_is_shown(Engine engine) throws Exception {
        try (RunningBroker broker = broker(engine, clients(Need.OPTIONAL, null))) {
            isServed(broker, null);
            isServed(broker, "client");
            isRefused(broker, "stranger", "unable to find valid certification path");
            assertThat(broker.certified()).containsExactly("null", "sensor-1");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"none-revoked.crl", "revoked.der.crl"})
    void a_revocation_list_may_be_pem_or_der(String list) throws Exception {
        try (RunningBroker broker = broker(Engine.AUTO, clients(Need.REQUIRED, list))) {
            isServed(broker, "client");
        }
    }

    @WithEachEngine
    void h_tls_06_a_revocation_list_out_of_date_lets_nobody_in(Engine engine) throws Exception {
        try (RunningBroker broker = broker(engine, clients(Need.REQUIRED, "out-of-date.crl"))) {
            isRefused(broker, "client", "revocation status");
            assertThat(broker.events())
                    .anyMatch(event -> event.contains("is out of date since 2021-01-01"));
            broker.forgive("out of date");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"slash", "plus", "wildcard", "control"})
    void h_tls_07_a_name_that_would_mean_more_in_a_topic_is_none(String certificate)
            throws Exception {
        try (RunningBroker broker = broker(Engine.AUTO, clients(Need.REQUIRED, null))) {
            isRefused(broker, certificate, "nothing that may be a user name");
            assertThat(broker.certified()).isEmpty();
        }
    }

    @Test
    void h_tls_08_a_web_socket_skips_no_check() throws Exception {
        try (RunningBroker broker = broker(Engine.AUTO, clients(Need.REQUIRED, "revoked.crl"));
                WebSocketPeer page = new WebSocketPeer(socket(broker, "revoked"))) {
            page.send(WebSocketPeer.request("/mqtt", WebSocketPeer.ASKS_FOR_MQTT));
            assertThat(page.response()).isEmpty();
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("");
        }
    }

    @Test
    void h_tls_01_plain_mqtt_is_closed_and_not_repeated_in_the_log() throws Exception {
        try (RunningBroker broker = broker(Engine.AUTO, Clients.NONE);
                Peer peer = broker.peer()) {
            peer.send(Peer.connectPacket(ProtocolVersion.MQTT_5, "secret", 0, null));

            assertThat(endsOf(peer)).isTrue();
            await(
                    "a line in the log",
                    () ->
                            broker.events().stream()
                                    .anyMatch(e -> e.contains("what came is not TLS")));
            assertThat(broker.events()).noneMatch(event -> event.contains("736563726574"));
        }
    }

    @WithEachEngine
    void h_tls_12_a_handshake_message_without_end_is_not_gathered(Engine engine) throws Exception {
        try (RunningBroker broker = broker(engine, Clients.NONE);
                Peer peer = broker.peer()) {
            // The head of a record of 16 KiB; in the first, that of a ClientHello of 16 MiB - 1.
            byte[] record = new byte[5 + 16_384];
            record[0] = 22;
            record[1] = 3;
            record[2] = 1;
            record[3] = 0x40;
            byte[] first = record.clone();
            first[5] = 1;
            Arrays.fill(first, 6, 9, (byte) 0xFF);
            try {
                peer.send(first);
                for (int i = 0; i < 1_000; i++) {
                    peer.send(record);
                }
            } catch (SocketException e) {
                // ended already
            }

            assertThat(endsOf(peer)).isTrue();
            await("it to be gone", () -> broker.loops().connectionCount() == 0);
        }
    }

    /// Whether the connection ends, perhaps behind an alert of TLS.
    private static boolean endsOf(Peer peer) throws IOException {
        try {
            peer.socket().getInputStream().readAllBytes();
        } catch (SocketException e) {
            // a reset is an end as well
        }
        return true;
    }

    @WithEachEngine
    void h_tls_03_a_renegotiation_is_refused(Engine engine) throws Exception {
        try (RunningBroker broker = broker(engine, Clients.NONE)) {
            SSLSocket socket = socket(broker, null);
            socket.setEnabledProtocols(new String[] {"TLSv1.2"});
            try (Peer peer = peer(socket)) {
                peer.connect("again");
                socket.startHandshake();
                peer.send(PingReq.INSTANCE);
                assertThat(peer.isClosedByBroker()).isTrue();
            } catch (IOException e) {
                assertThat(socket.getSession().getProtocol()).isIn("TLSv1.2", "NONE");
            }
            await("it to be gone", () -> broker.loops().connectionCount() == 0);
        }
    }

    @Test
    void h_tls_02_handshakes_that_are_left_give_way_and_then_run_out() throws Exception {
        TlsSettings few = tls(false, true, new Handshakes(2, 20));
        try (RunningBroker broker = broker(few)) {
            List<Socket> left = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                left.add(new Socket(InetAddress.getLoopbackAddress(), broker.listener().port()));
            }

            await(
                    "eighty to give way",
                    () ->
                            broker.events().stream()
                                            .filter(event -> event.contains("tls.handshakes"))
                                            .count()
                                    == 80);
            assertThat(broker.listener().handshakes()).isEqualTo(20);

            isServed(broker, null);

            await("the others to run out", () -> broker.loops().connectionCount() == 0);
            for (Socket socket : left) {
                socket.close();
            }
        }
    }

    @WithEachEngine
    void a_client_is_shown_the_certificate_of_the_name_that_it_asks_for(Engine engine)
            throws Exception {
        TlsSettings two = TestKeys.settings(engine, Clients.NONE, pair("server"), pair("second"));
        try (RunningBroker broker = broker(two)) {
            for (String[] one :
                    new String[][] {
                        {"second.example", "CN=second"},
                        {"any.wild.example", "CN=second"},
                        {"SECOND.example", "CN=second"},
                        {"wild.example", "CN=localhost"},
                        {"deep.any.wild.example", "CN=localhost"},
                        {"localhost", "CN=localhost"},
                        {"other", "CN=localhost"}
                    }) {
                try (SSLSocket socket = socket(broker, TestKeys.context(null), one[0])) {
                    socket.startHandshake();
                    assertThat(socket.getSession().getPeerPrincipal().getName())
                            .as(one[0])
                            .isEqualTo(one[1]);
                }
            }
        }
    }

    @Test
    void plain_and_secure_may_meet_at_one_port() throws Exception {
        TlsSettings both = tls(true, true, Handshakes.DEFAULT);
        try (RunningBroker broker = broker(both);
                Peer plain = broker.peer();
                WebSocketPeer page = WebSocketPeer.open(broker.listener().port())) {
            assertThat(plain.connect("plain").reason()).isEqualTo(ReasonCode.SUCCESS);
            assertThat(page.isOpen()).isTrue();
            isServed(broker, null);
        }
    }

    @Test
    void h_tls_04_old_versions_are_not_spoken() throws Exception {
        TlsSettings modern = tls(false, false, Handshakes.DEFAULT);
        try (RunningBroker broker = broker(modern)) {
            SSLSocket socket = socket(broker, null);
            socket.setEnabledProtocols(new String[] {"TLSv1.2"});
            try (Peer peer = peer(socket)) {
                peer.connect("old");
                throw new AssertionError("TLS 1.2 was spoken");
            } catch (IOException e) {
                await(
                        "a line in the log",
                        () ->
                                broker.events().stream()
                                        .anyMatch(x -> x.contains("TLS: no handshake")));
            }
        }
    }

    private Pair copied(String name) throws IOException {
        Pair own = pair(name);
        Pair copy = new Pair(directory.resolve("cert.pem"), directory.resolve("key.pem"), null);
        Files.copy(own.key(), copy.key(), StandardCopyOption.REPLACE_EXISTING);
        Files.copy(own.certificate(), copy.certificate(), StandardCopyOption.REPLACE_EXISTING);
        return copy;
    }

    @WithEachEngine
    void h_tls_11_files_are_swapped_without_dropping_anybody(Engine engine) throws Exception {
        TlsSettings watched = TestKeys.watched(engine, Clients.NONE, copied("server"));
        try (RunningBroker broker = broker(watched);
                Peer there = peer(socket(broker, null))) {
            there.connect("there");

            copied("second");
            await("the swap", () -> "CN=second".equals(principal(broker)));

            Files.writeString(directory.resolve("cert.pem"), "broken");
            await(
                    "an alarm",
                    () -> broker.events().stream().anyMatch(e -> e.contains("stay as they were")));
            assertThat(principal(broker)).isEqualTo("CN=second");

            there.send(PingReq.INSTANCE);
            assertThat(there.receive()).isEqualTo(PingResp.INSTANCE);
            broker.forgive("stay as they were");
        }
    }

    private static String principal(RunningBroker broker) {
        try (SSLSocket socket = socket(broker, TestKeys.context(null), "localhost")) {
            socket.startHandshake();
            return socket.getSession().getPeerPrincipal().getName();
        } catch (Exception e) {
            return String.valueOf(e);
        }
    }

    @WithEachEngine
    void h_tls_10_whoever_is_revoked_does_not_resume(Engine engine) throws Exception {
        Path list = directory.resolve("list.crl");
        Files.copy(file("none-revoked.crl"), list);
        Clients clients =
                new Clients(
                        Need.REQUIRED,
                        List.of(file("ca.pem")),
                        List.of(list),
                        Identity.COMMON_NAME);
        TlsSettings watched = TestKeys.watched(engine, clients, pair("server"));
        try (RunningBroker broker = broker(watched)) {
            SSLContext context = TestKeys.context("revoked");
            try (Peer peer = peer(socket(broker, context, "localhost"))) {
                assertThat(peer.connect("sensor-2").reason()).isEqualTo(ReasonCode.SUCCESS);
            }

            Files.copy(file("revoked.crl"), list, StandardCopyOption.REPLACE_EXISTING);
            await(
                    "the list to be read",
                    () -> broker.events().stream().anyMatch(e -> e.contains("were read anew")));

            // The same context as before, which has the session and its tickets.
            try (Peer peer = peer(socket(broker, context, "localhost"))) {
                peer.connect("sensor-2");
                throw new AssertionError("resumed");
            } catch (IOException e) {
                await(
                        "the reason in the log",
                        () -> broker.events().stream().anyMatch(x -> x.contains("revoked")));
            }
        }
    }
}
