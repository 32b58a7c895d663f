package io.sotto.transport;

import static io.sotto.transport.RunningBroker.await;
import static io.sotto.transport.RunningBroker.settings;
import static io.sotto.transport.TestKeys.clients;
import static io.sotto.transport.TestKeys.pair;
import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.mqtt.Disconnect;
import io.sotto.mqtt.Packet;
import io.sotto.mqtt.Payload;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.Publish;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.ReasonCode;
import io.sotto.transport.TlsSettings.Clients;
import io.sotto.transport.TlsSettings.Engine;
import io.sotto.transport.TlsSettings.Handshakes;
import io.sotto.transport.TlsSettings.Need;
import io.sotto.transport.TlsSettings.Pair;
import io.sotto.transport.TlsSettings.Upkeep;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What happens before a handshake is over, or instead.
@Timeout(60)
class HandshakeTest {
    /// The head of a record with a ClientHello that never comes.
    private static final byte[] HALF_A_HELLO = {22, 3, 1, 2, 0, 1};

    @TempDir Path directory = Path.of("");

    private static RunningBroker broker(boolean plain, Handshakes handshakes, Pair... pairs)
            throws IOException {
        TlsSettings tls =
                new TlsSettings(
                        List.of(pairs),
                        Clients.NONE,
                        plain,
                        true,
                        Engine.AUTO,
                        handshakes,
                        Upkeep.DEFAULT,
                        TlsSettings.CIPHERS);
        return new RunningBroker(
                settings(30, 1000, 0), new Carriers(true, WebSocketSettings.DEFAULT, tls, null));
    }

    private static Socket socket(RunningBroker broker) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), broker.listener().port());
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static long count(RunningBroker broker, String words) {
        return broker.events().stream().filter(event -> event.contains(words)).count();
    }

    @Test
    void the_oldest_gives_way_also_where_the_first_byte_says_what_is_spoken() throws Exception {
        try (RunningBroker broker = broker(true, new Handshakes(20, 5), pair("server"))) {
            List<Socket> left = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                Socket socket = socket(broker);
                socket.getOutputStream().write(HALF_A_HELLO);
                left.add(socket);
            }

            await("seven to give way", () -> count(broker, "tls.handshakes") == 7);
            assertThat(broker.listener().handshakes()).isEqualTo(5);
            for (Socket socket : left) {
                socket.close();
            }
            await("none to be left", () -> broker.listener().handshakes() == 0);
        }
    }

    @Test
    void a_hello_without_measure_is_no_fault_of_ours() throws Exception {
        try (RunningBroker broker =
                        broker(false, Handshakes.DEFAULT, pair("server"), pair("second"));
                Socket socket = socket(broker)) {
            byte[] record = new byte[5 + (1 << 14)];
            byte[] head = {22, 3, 1, 1 << 6, 0, 1, 0, -1, -1};
            System.arraycopy(head, 0, record, 0, head.length);
            socket.getOutputStream().write(record);

            await("the log to say so", () -> count(broker, "ClientHello length exceeds") == 1);
            await("it to be gone", () -> broker.loops().connectionCount() == 0);
        }
    }

    @Test
    void whoever_takes_time_with_its_hello_is_shown_what_the_files_say_by_then() throws Exception {
        Pair own = copied("server");
        try (RunningBroker broker = broker(false, Handshakes.DEFAULT, own, pair("second"));
                Socket socket = socket(broker)) {
            await("it to have come", () -> broker.listener().handshakes() == 1);
            for (int times = 1; times <= 2; times++) {
                copied(times == 1 ? "second" : "server");
                broker.listener().renew();
                int those = times;
                await("the files to be read", () -> count(broker, "were read anew") == those);
            }

            SSLSocket secure = secured(TestKeys.context(null), socket);
            try (Peer peer = new Peer(secure, ProtocolVersion.MQTT_5)) {
                assertThat(peer.connect("slow").reason()).isEqualTo(ReasonCode.SUCCESS);
            }
        }
    }

    /// Nobody needs to wait for CONNACK, or knows when its certificate is checked.
    @WithEachEngine
    void what_is_sent_before_the_certificate_is_checked_counts_though_its_sender_has_left(
            Engine engine) throws Exception {
        TlsSettings tls = TestKeys.settings(engine, clients(Need.REQUIRED, null), pair("server"));
        SSLContext context = TestKeys.context("client");
        try (RunningBroker broker =
                        new RunningBroker(
                                settings(30, 1000, 0),
                                new Carriers(true, WebSocketSettings.DEFAULT, tls, null));
                Peer reader = new Peer(secured(context, socket(broker)), ProtocolVersion.MQTT_5)) {
            reader.connect("reader");
            reader.subscribe("a", QoS.AT_LEAST_ONCE);
            for (int i = 0; i < 16; i++) {
                ByteArrayOutputStream all = new ByteArrayOutputStream();
                Packet connect =
                        Peer.connectPacket(
                                ProtocolVersion.MQTT_5, "hasty " + i, 0, Peer.will("a", "will"));
                byte[] word = Payload.of("word " + i).toByteArray();
                Packet publish = Peer.publishPacket("a", word, QoS.AT_MOST_ONCE, 0);
                for (Packet packet : List.of(connect, publish, Disconnect.NORMAL)) {
                    all.write(Peer.bytes(packet, ProtocolVersion.MQTT_5));
                }
                try (Socket socket = socket(broker)) {
                    secured(context, socket).getOutputStream().write(all.toByteArray());
                    socket.shutdownOutput();
                    socket.getInputStream().readAllBytes();
                }

                assertThat(reader.receive(Publish.class).payload())
                        .isEqualTo(Payload.of("word " + i));
            }
            await("all but the reader to be gone", () -> broker.loops().connectionCount() == 1);
        }
    }

    /// The system of the client is to say the end, and TLS nothing.
    private static SSLSocket secured(SSLContext context, Socket socket) throws IOException {
        return (SSLSocket) context.getSocketFactory().createSocket(socket, "localhost", 0, false);
    }

    private Pair copied(String name) throws IOException {
        Pair its = pair(name);
        Pair copy = new Pair(directory.resolve("cert.pem"), directory.resolve("key.pem"), null);
        Files.copy(its.key(), copy.key(), StandardCopyOption.REPLACE_EXISTING);
        Files.copy(its.certificate(), copy.certificate(), StandardCopyOption.REPLACE_EXISTING);
        return copy;
    }
}
