package io.sotto.transport;

import static io.sotto.transport.RunningBroker.await;
import static io.sotto.transport.RunningBroker.settings;
import static io.sotto.transport.TestKeys.file;
import static io.sotto.transport.TestKeys.pair;
import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.ReasonCode;
import io.sotto.transport.TlsSettings.Clients;
import io.sotto.transport.TlsSettings.Engine;
import io.sotto.transport.TlsSettings.Identity;
import io.sotto.transport.TlsSettings.Need;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Whose certificates count, and how far that is looked into.
@Timeout(90)
class TlsAuthoritiesTest {
    @TempDir Path directory = Path.of("");

    private static RunningBroker broker(Engine engine, Path... authorities) throws IOException {
        Clients clients =
                new Clients(Need.REQUIRED, List.of(authorities), List.of(), Identity.COMMON_NAME);
        TlsSettings tls = TestKeys.watched(engine, clients, pair("server"));
        return new RunningBroker(
                settings(30, 1000, 0), new Carriers(true, WebSocketSettings.DEFAULT, tls, null));
    }

    private static Peer peer(RunningBroker broker, SSLContext context) throws IOException {
        Socket plain = new Socket(InetAddress.getLoopbackAddress(), broker.listener().port());
        plain.setSoTimeout(20_000);
        return new Peer(
                context.getSocketFactory().createSocket(plain, "localhost", 0, true),
                ProtocolVersion.MQTT_5);
    }

    private static void isServed(RunningBroker broker, SSLContext context) throws IOException {
        try (Peer peer = peer(broker, context)) {
            assertThat(peer.connect("client").reason()).isEqualTo(ReasonCode.SUCCESS);
        }
    }

    private static void isRefused(RunningBroker broker, SSLContext context, String words) {
        try (Peer peer = peer(broker, context)) {
            peer.send(Peer.connectPacket(ProtocolVersion.MQTT_5, "client", 0, null));
            throw new AssertionError("let in: " + peer.receive());
        } catch (IOException e) {
            await(
                    "the log to say " + words + ", not only " + broker.events(),
                    () -> broker.events().stream().anyMatch(event -> event.contains(words)));
        }
    }

    @WithEachEngine
    void h_tls_10_nobody_resumes_whose_authority_is_another(Engine engine) throws Exception {
        Path authority = Files.copy(file("ca.pem"), directory.resolve("ca.pem"));
        try (RunningBroker broker = broker(engine, authority)) {
            SSLContext before = TestKeys.context("client");
            isServed(broker, before);

            Files.copy(file("other-ca.pem"), authority, StandardCopyOption.REPLACE_EXISTING);
            await(
                    "the authority to be read",
                    () -> broker.events().stream().anyMatch(e -> e.contains("were read anew")));

            // The same context as before, which has the session and its tickets.
            isRefused(broker, before, "unable to find valid certification path");
            isServed(broker, TestKeys.context("stranger"));
        }
    }

    @WithEachEngine
    void h_tls_05_a_chain_of_fifty_is_not_followed(Engine engine) throws Exception {
        try (RunningBroker broker = broker(engine, file("ca.pem"), file("far-ca.pem"))) {
            isRefused(broker, TestKeys.context("chain-of-50"), "TLS: no handshake");
            isServed(broker, TestKeys.context("client"));
            assertThat(broker.certified()).hasSize(1);
        }
    }

    /// Its certificate is in order, and the JDK says so within a moment; to BoringSSL its key is
    /// too large.
    @WithEachEngine
    void h_tls_05_a_key_of_16_kbit_holds_up_nobody(Engine engine) throws Exception {
        try (RunningBroker broker = broker(engine, file("ca.pem"), file("far-ca.pem"))) {
            SSLContext huge = TestKeys.context("huge");
            if (engine == Engine.JDK) {
                isServed(broker, huge);
            } else {
                isRefused(broker, huge, "TLS: no handshake");
            }
            isServed(broker, TestKeys.context("client"));
        }
    }
}
