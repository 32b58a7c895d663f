package io.sotto.transport;

import static io.sotto.transport.RunningBroker.ACCEPTED;
import static io.sotto.transport.RunningBroker.LATE;
import static io.sotto.transport.RunningBroker.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.broker.spi.Authenticator;
import io.sotto.mqtt.Disconnect;
import io.sotto.mqtt.Packet;
import io.sotto.mqtt.Payload;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.Publish;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.ReasonCode;
import io.sotto.mqtt.Will;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Clients that say all they have to say and leave, before it is known who they are: as the
/// standard has it, they need not wait for CONNACK (3.1.4, non-normative).
@Timeout(60)
@ParameterizedClass
@EnumSource(EachWire.class)
class LateLoginTest {
    private final EachWire wire;
    private RunningBroker broker;

    LateLoginTest(EachWire wire) {
        this.wire = wire;
    }

    @BeforeEach
    void start() throws IOException {
        broker = new RunningBroker(wire.carriers());
    }

    @AfterEach
    void stop() {
        broker.close();
        assertThat(broker.loops().connectionCount()).isZero();
        assertThat(broker.loops().unfinished().taken()).isZero();
        assertThat(broker.balances()).isTrue();
    }

    @Test
    void what_was_sent_before_the_end_counts_once_the_login_is_decided() throws IOException {
        try (Peer reader = reader()) {
            for (int i = 0; i < 16; i++) {
                leaveAtOnce(LATE + i, publish("a", "gone " + i), Disconnect.NORMAL);
            }

            broker.decide(ACCEPTED);

            Set<Payload> received = new HashSet<>();
            for (int i = 0; i < 16; i++) {
                received.add(reader.receive(Publish.class).payload());
            }
            assertThat(received).hasSize(16).contains(Payload.of("gone 0"), Payload.of("gone 15"));
            await("all to be gone", () -> count("gone: disconnected") == 16);
            await("all to be given back", () -> broker.loops().unfinished().taken() == 0);
        }
    }

    @Test
    void the_will_of_whoever_leaves_without_disconnect_comes_behind_what_it_sent()
            throws IOException {
        try (Peer reader = reader()) {
            Will will = Peer.will("a", "will");
            leaveAtOnce(LATE, will, publish("a", "word"));

            broker.decide(ACCEPTED);

            assertThat(reader.receive(Publish.class).payload()).isEqualTo(Payload.of("word"));
            assertThat(reader.receive(Publish.class).payload()).isEqualTo(Payload.of("will"));
        }
    }

    @Test
    void nothing_of_it_counts_when_the_login_is_refused() throws IOException {
        try (Peer reader = reader()) {
            leaveAtOnce(LATE, Peer.will("a", "will"), publish("a", "word"));

            broker.decide(
                    new Authenticator.Refused(
                            ReasonCode.NOT_AUTHORIZED, "not you", "it is a stranger"));

            await("it to be gone", () -> count("not let in: not you") == 1);
            assertThat(broker.events()).anyMatch(event -> event.contains("client " + LATE + " at"));
            await("all to be given back", () -> broker.loops().unfinished().taken() == 0);
            reader.publish("a", "last");
            assertThat(reader.receive(Publish.class).payload()).isEqualTo(Payload.of("last"));
        }
    }

    @Test
    void who_leaves_before_its_connect_is_not_said_to_be_refused() throws IOException {
        broker.peer().close();

        await("it to be gone", () -> count("left before its CONNECT") == 1);
        assertThat(count("not let in")).isZero();
    }

    @Test
    void a_login_that_is_never_decided_keeps_nothing_beyond_the_end_of_the_broker()
            throws IOException {
        for (int i = 0; i < 16; i++) {
            leaveAtOnce(LATE + i, publish("a", "in vain"), Disconnect.NORMAL);
        }
        assertThat(broker.loops().unfinished().taken()).isPositive();
    }

    private long count(String words) {
        return broker.events().stream().filter(event -> event.contains(words)).count();
    }

    private Peer reader() throws IOException {
        Peer reader = broker.peer();
        reader.connect("reader");
        reader.subscribe("a", QoS.AT_MOST_ONCE);
        return reader;
    }

    private static Packet publish(String topic, String text) {
        return Peer.publishPacket(topic, Payload.of(text).toByteArray(), QoS.AT_MOST_ONCE, 0);
    }

    private void leaveAtOnce(String clientId, Packet... packets) throws IOException {
        leaveAtOnce(clientId, null, packets);
    }

    /// Says all of this and ends, and waits until the broker has seen it.
    private void leaveAtOnce(String clientId, @Nullable Will will, Packet... packets)
            throws IOException {
        ProtocolVersion version = ProtocolVersion.MQTT_5;
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.write(Peer.bytes(Peer.connectPacket(version, clientId, 0, will), version));
        for (Packet packet : packets) {
            all.write(Peer.bytes(packet, version));
        }
        int before = broker.undecided();
        try (Peer peer = broker.peer()) {
            peer.send(all.toByteArray());
            peer.socket().shutdownOutput();
            assertThat(peer.isClosedByBroker()).isTrue();
        }
        await("the login to begin", () -> broker.undecided() > before);
    }
}
