package io.sotto.transport;

import static io.sotto.transport.RunningBroker.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.broker.BrokerSettings;
import io.sotto.mqtt.Disconnect;
import io.sotto.mqtt.Packet;
import io.sotto.mqtt.Payload;
import io.sotto.mqtt.PingReq;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.Publish;
import io.sotto.mqtt.QoS;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Clients that send more than they may and leave while the broker does not read them.
@Timeout(60)
@ParameterizedClass
@EnumSource(EachWire.class)
class HeldBackTest {
    /// Packets in a second, and at once.
    private static final int RATE = 100;

    /// In seconds.
    private static final int PACKET_TIMEOUT = 3;

    private static final int SOME = RATE + 10;
    private static final int TOO_MANY = RATE * 20;

    private final EachWire wire;
    private RunningBroker broker;

    HeldBackTest(EachWire wire) {
        this.wire = wire;
    }

    @BeforeEach
    void start() throws IOException {
        BrokerSettings usual = BrokerSettings.DEFAULT;
        BrokerSettings.Quotas any = usual.quotas();
        BrokerSettings slow =
                new BrokerSettings(
                        usual.decoder(),
                        usual.queue(),
                        usual.clients(),
                        usual.capabilities(),
                        new BrokerSettings.Quotas(
                                any.sessions(),
                                any.subscriptions(),
                                any.retainedBytes(),
                                any.unreleased(),
                                RATE,
                                0,
                                0),
                        usual.keeping(),
                        0);
        TransportSettings settings =
                new TransportSettings(4, 1 << 18, 30, 1000, 0, 0, 256L << 20, PACKET_TIMEOUT, 0);
        broker =
                new RunningBroker(
                        settings,
                        slow,
                        RunningBroker.place(
                                "test", new Endpoint.Port("127.0.0.1", 0), wire.carriers()));
    }

    @AfterEach
    void stop() {
        broker.close();
        assertThat(broker.loops().connectionCount()).isZero();
        assertThat(broker.loops().unfinished().taken()).isZero();
        assertThat(broker.balances()).isTrue();
    }

    @Test
    void all_that_was_sent_counts_and_so_does_disconnect() throws IOException {
        try (Peer reader = reader()) {
            leave("hasty", SOME, Disconnect.NORMAL);

            for (int i = 0; i < SOME; i++) {
                assertThat(reader.receive(Publish.class).payload())
                        .isEqualTo(Payload.of("word " + i));
            }
            await("it to be gone", () -> isLogged("hasty", "gone: disconnected"));
            reader.publish("a", "last");
            assertThat(reader.receive(Publish.class).payload()).isEqualTo(Payload.of("last"));
        }
    }

    @Test
    void the_will_of_whoever_leaves_without_disconnect_comes_behind_all_of_it() throws IOException {
        try (Peer reader = reader()) {
            leave("hasty", SOME);

            for (int i = 0; i < SOME; i++) {
                assertThat(reader.receive(Publish.class).payload())
                        .isEqualTo(Payload.of("word " + i));
            }
            assertThat(reader.receive(Publish.class).payload()).isEqualTo(Payload.of("will"));
        }
    }

    /// DISCONNECT is the packet behind which they are not read for a while.
    @Test
    void nothing_is_kept_of_what_follows_disconnect() throws IOException {
        for (int i = 0; i < 8; i++) {
            String clientId = "hasty " + i;
            leave(clientId, RATE - 1, Disconnect.NORMAL, PingReq.INSTANCE, PingReq.INSTANCE);

            await("it to be gone", () -> isLogged(clientId, "gone: disconnected"));
            await("all to be given back", () -> broker.loops().unfinished().taken() == 0);
        }
    }

    /// Or memory for all would be kept by those who are not there any more.
    @Test
    void what_cannot_be_taken_in_time_is_given_up() throws IOException {
        try (Peer reader = reader()) {
            leave("hasty", TOO_MANY, Disconnect.NORMAL);

            await(
                    "it to be given up",
                    () -> isLogged("hasty", "not all taken in time (limits.packet-timeout)"));
            await("all to be given back", () -> broker.loops().unfinished().taken() == 0);
            assertThat(reader.receive(Publish.class).payload()).isEqualTo(Payload.of("word 0"));
        }
    }

    @Test
    void whoever_comes_back_takes_its_own_place() throws IOException {
        leave("hasty", TOO_MANY, Disconnect.NORMAL);
        await("it to be held back", () -> isLogged("hasty", "sends too fast"));

        try (Peer again = broker.peer()) {
            again.connect("hasty");

            await("all to be given back", () -> broker.loops().unfinished().taken() == 0);
            assertThat(broker.loops().connectionCount()).isEqualTo(1);
        }
    }

    private boolean isLogged(String client, String words) {
        return broker.events().stream()
                .anyMatch(event -> event.contains("client " + client) && event.contains(words));
    }

    private Peer reader() throws IOException {
        Peer reader = broker.peer();
        reader.connect("reader");
        reader.subscribe("a", QoS.AT_MOST_ONCE);
        return reader;
    }

    /// Comes, publishes so many messages with no break, and leaves.
    private void leave(String clientId, int messages, Packet... last) throws IOException {
        ProtocolVersion version = ProtocolVersion.MQTT_5;
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.write(
                Peer.bytes(
                        Peer.connectPacket(version, clientId, 0, Peer.will("a", "will")), version));
        for (int i = 0; i < messages; i++) {
            byte[] word = Payload.of("word " + i).toByteArray();
            all.write(Peer.bytes(Peer.publishPacket("a", word, QoS.AT_MOST_ONCE, 0), version));
        }
        for (Packet packet : last) {
            all.write(Peer.bytes(packet, version));
        }
        try (Peer peer = broker.peer()) {
            peer.send(all.toByteArray());
            peer.socket().shutdownOutput();
            // CONNACK, where there was time for it.
            peer.socket().getInputStream().readAllBytes();
        }
    }
}
