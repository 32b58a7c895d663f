package io.sotto.transport;

import static io.sotto.transport.RunningBroker.await;
import static io.sotto.transport.RunningBroker.settings;
import static io.sotto.transport.TestKeys.file;
import static io.sotto.transport.TestKeys.pair;
import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.mqtt.Disconnect;
import io.sotto.mqtt.PingReq;
import io.sotto.mqtt.PingResp;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A certificate is revoked while its client is there.
@Timeout(60)
class TlsRevocationTest {
    @TempDir Path directory = Path.of("");

    private RunningBroker broker(Engine engine, Need need) throws IOException {
        Clients clients =
                new Clients(
                        need,
                        List.of(file("ca.pem")),
                        List.of(list("none-revoked.crl")),
                        Identity.COMMON_NAME);
        TlsSettings tls = TestKeys.watched(engine, clients, pair("server"));
        return new RunningBroker(
                settings(30, 1000, 0), new Carriers(true, WebSocketSettings.DEFAULT, tls, null));
    }

    private Path list(String name) throws IOException {
        return Files.copy(
                file(name), directory.resolve("list"), StandardCopyOption.REPLACE_EXISTING);
    }

    private static Peer peer(RunningBroker broker, String certificate, ProtocolVersion version)
            throws Exception {
        Socket socket =
                TestKeys.context(certificate)
                        .getSocketFactory()
                        .createSocket(
                                new Socket(
                                        InetAddress.getLoopbackAddress(), broker.listener().port()),
                                "localhost",
                                0,
                                true);
        socket.setSoTimeout(20_000);
        Peer peer = new Peer(socket, version);
        assertThat(peer.connect(certificate + version).reason()).isEqualTo(ReasonCode.SUCCESS);
        return peer;
    }

    @ParameterizedTest
    @EnumSource(names = {"JDK", "BORINGSSL"})
    void whoever_is_revoked_is_sent_away_and_nobody_else(Engine engine) throws Exception {
        try (RunningBroker broker = broker(engine, Need.REQUIRED);
                Peer modern = peer(broker, "revoked", ProtocolVersion.MQTT_5);
                Peer old = peer(broker, "revoked", ProtocolVersion.MQTT_3_1_1);
                Peer other = peer(broker, "client", ProtocolVersion.MQTT_5)) {
            list("revoked.crl");

            Disconnect farewell = (Disconnect) modern.receive();
            assertThat(farewell.reason()).isEqualTo(ReasonCode.NOT_AUTHORIZED);
            assertThat(old.isClosedByBroker()).isTrue();
            await(
                    "the log to say why, not only " + broker.events(),
                    () ->
                            broker.events().stream()
                                            .filter(event ->
                                                    event.contains(" gone: certificate ")
                                                            && event.contains(
                                                                    "is revoked"
                                                                            + " (listeners[].tls.crl)"))
                                            .count()
                                    == 2);
            other.send(PingReq.INSTANCE);
            assertThat(other.receive()).isEqualTo(PingResp.INSTANCE);
        }
    }

    @Test
    void the_first_list_of_a_listener_counts_for_those_who_are_there() throws Exception {
        Carriers before =
                carriers(
                        new Clients(
                                Need.REQUIRED,
                                List.of(file("ca.pem")),
                                List.of(),
                                Identity.COMMON_NAME));
        try (RunningBroker broker = new RunningBroker(settings(30, 1000, 0), before);
                Peer revoked = peer(broker, "revoked", ProtocolVersion.MQTT_5);
                Peer other = peer(broker, "client", ProtocolVersion.MQTT_5)) {
            Endpoint endpoint = new Endpoint.Port("127.0.0.1", 0);
            Carriers after = carriers(TestKeys.clients(Need.REQUIRED, "revoked.crl"));

            broker.listener().prepare(RunningBroker.place("test", endpoint, after)).apply();

            Disconnect farewell = (Disconnect) revoked.receive();
            assertThat(farewell.reason()).isEqualTo(ReasonCode.NOT_AUTHORIZED);
            other.send(PingReq.INSTANCE);
            assertThat(other.receive()).isEqualTo(PingResp.INSTANCE);
        }
    }

    private static Carriers carriers(Clients clients) {
        return new Carriers(
                true,
                WebSocketSettings.DEFAULT,
                TestKeys.settings(Engine.AUTO, clients, pair("server")),
                null);
    }

    /// What lets nobody in, sends nobody away.
    @ParameterizedTest
    @EnumSource(names = {"JDK", "BORINGSSL"})
    void a_list_that_is_out_of_date_sends_nobody_away(Engine engine) throws Exception {
        try (RunningBroker broker = broker(engine, Need.OPTIONAL);
                Peer peer = peer(broker, "client", ProtocolVersion.MQTT_5)) {
            list("out-of-date.crl");
            await(
                    "the list to be read",
                    () -> broker.events().stream().anyMatch(e -> e.contains("were read anew")));

            peer.send(PingReq.INSTANCE);
            assertThat(peer.receive()).isEqualTo(PingResp.INSTANCE);
            broker.forgive("out of date");
        }
    }
}
