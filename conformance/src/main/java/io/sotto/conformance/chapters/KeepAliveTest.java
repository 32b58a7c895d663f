package io.sotto.conformance.chapters;

import io.sotto.conformance.Broker;
import io.sotto.conformance.Client;
import io.sotto.conformance.NotOffered;
import io.sotto.conformance.Packet;
import io.sotto.conformance.PacketType;
import io.sotto.conformance.Publish;
import io.sotto.conformance.Spec;
import io.sotto.conformance.Unexpected;
import io.sotto.conformance.WallTime;
import io.sotto.conformance.Will;
import java.time.Duration;
import java.util.Optional;

/// Chapters 3.1.2.10, 3.2.2.3.14 and 3.12: keep alive, and the ping that keeps it.
@SuppressWarnings("MemberName") // a test's name is a sentence
public final class KeepAliveTest {
    private static final int KEEP_ALIVE_TIMEOUT = 0x8D;

    @Spec(
            value = {
                "MQTT-3.1.2-20",
                "MQTT-3.1.2-22",
                "MQTT-3.2.2-22",
                "MQTT3-3.1.2-23",
                "MQTT3-3.1.2-24",
                "MQTT3-3.1.2-8"
            },
            says = "a client silent for 1.5 times its keep alive is closed, and its will published")
    public void a_silent_client_is_closed_after_one_and_a_half_keep_alive(Broker broker) {
        String testament = broker.topic("will");
        Client heir = broker.subscriber(testament, 0);
        // The broker counts from when it has CONNECT, which is before we have CONNACK.
        long start = System.nanoTime();
        Client silent = broker.connect().keepAlive(2).will(Will.to(testament, "silent")).open();
        if (silent.connAck().properties().has(0x13)) {
            throw new NotOffered("the broker sets its own keep alive");
        }

        if (broker.speaks5()) {
            silent.expectOptionalDisconnect(KEEP_ALIVE_TIMEOUT);
        } else {
            silent.expectClosed(Duration.ofSeconds(15));
        }

        Duration took = Duration.ofNanos(System.nanoTime() - start);
        Unexpected.unless(
                took.toMillis() >= 2_900, "closed after %d ms instead of 3,000", took.toMillis());
        broker.recommended(
                took.toMillis() < 5_500, "closed after %d ms instead of 3,000", took.toMillis());
        heir.expectPublish(testament, "silent");
    }

    @Spec(
            value = {"MQTT-3.1.2-22", "MQTT3-3.1.2-23"},
            says = "any packet keeps a client alive")
    public void a_client_that_sends_now_and_then_stays(Broker broker) throws InterruptedException {
        Client pinging = broker.connect().keepAlive(4).open();
        Client publishing = broker.connect().keepAlive(4).open();
        String topic = broker.topic("alive");
        for (int i = 0; i < 3; i++) {
            WallTime.pass(2_600);
            pinging.expectNothing();
            publishing.publish(Publish.to(topic, "alive").qos(1));
        }
    }

    @Spec(
            value = {"MQTT3-3.1.2-24", "MQTT-3.1.2-22"},
            says = "what the broker sends does not keep a silent client alive")
    public void receiving_does_not_keep_a_client_alive(Broker broker) throws InterruptedException {
        String topic = broker.topic("news");
        Client listener = broker.connect().keepAlive(1).open();
        listener.subscribe(topic, 0);
        Client publisher = broker.client();
        for (int i = 0; i < 4; i++) {
            WallTime.pass(600);
            publisher.publish(topic, "news");
        }

        Optional<Packet> packet = listener.receiveOrEnd();
        while (packet.isPresent() && packet.get().type() == PacketType.PUBLISH) {
            packet = listener.receiveOrEnd();
        }
        Unexpected.unless(
                packet.isEmpty() || packet.get().type() == PacketType.DISCONNECT,
                "expected the end, got %s",
                packet);
    }

    @Spec(
            value = {"MQTT3-3.1.2-24", "MQTT-3.1.2-22"},
            says = "keep alive 0 never ends a connection")
    public void keep_alive_0_never_ends_a_connection(Broker broker) throws InterruptedException {
        Client client = broker.connect().keepAlive(0).open();

        WallTime.pass(3_000);

        client.expectNothing();
    }

    @Spec(
            value = {"MQTT-3.1.2-21", "MQTT-3.2.2-21"},
            says = "a server keep alive replaces the client's")
    public void a_server_keep_alive_is_enforced(Broker broker) {
        Client client = broker.connect().keepAlive(65_535).open();
        long seconds = client.connAck().properties().number(0x13, 0);
        if (seconds == 0 || seconds > 10) {
            throw new NotOffered("no server keep alive of 10 s or less");
        }

        client.expectOptionalDisconnect(
                Duration.ofSeconds(seconds * 3 / 2 + 10), KEEP_ALIVE_TIMEOUT);
    }

    @Spec(
            value = {"MQTT-3.12.4-1", "MQTT3-3.12.4-1"},
            says = "PINGREQ is answered with PINGRESP")
    public void every_ping_is_answered(Broker broker) {
        Client client = broker.client();

        client.send("C0 00 C0 00 C0 00");

        for (int i = 0; i < 3; i++) {
            client.expectBytes("D0 00");
        }
        client.expectNothing();
    }
}
