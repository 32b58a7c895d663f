package io.sotto.conformance.chapters;

import static io.sotto.conformance.Property.receiveMaximum;

import io.sotto.conformance.Broker;
import io.sotto.conformance.Bystander;
import io.sotto.conformance.Bytes;
import io.sotto.conformance.Client;
import io.sotto.conformance.Lenient;
import io.sotto.conformance.NotOffered;
import io.sotto.conformance.Packet;
import io.sotto.conformance.PacketType;
import io.sotto.conformance.Publish;
import io.sotto.conformance.Spec;
import io.sotto.conformance.Unexpected;
import java.util.ArrayList;
import java.util.List;

/// Chapters 3.3.4 and 4.9: how many messages may be under way, both ways.
@SuppressWarnings("MemberName") // a test's name is a sentence
public final class FlowControlTest {
    private static final int RECEIVE_MAXIMUM_EXCEEDED = 0x93;

    @Spec(
            value = {"MQTT-3.3.4-9", "MQTT-4.9.0-1", "MQTT-4.9.0-2"},
            says = "not more messages are in flight than the client's receive maximum")
    public void the_clients_receive_maximum_is_respected(Broker broker) {
        for (int maximum : new int[] {1, 5}) {
            for (int qos : new int[] {1, 2}) {
                Window window = new Window(broker, maximum, qos, 12);
                List<Packet> inFlight = window.fill();

                window.client.expectNothing();
                for (Packet packet : inFlight) {
                    window.client.acknowledge(packet);
                    window.next();
                }
            }
        }
    }

    @Spec(
            value = {"MQTT-3.3.4-9", "MQTT-4.9.0-2", "MQTT-4.3.3-4"},
            says = "a QoS 2 message is in flight until PUBCOMP")
    public void a_qos_2_message_counts_until_pubcomp(Broker broker) {
        Window window = new Window(broker, 1, 2, 2);
        Packet first = window.fill().getFirst();

        window.client.sendAck(PacketType.PUBREC, first.id());
        window.client.expectAck(PacketType.PUBREL, first.id());
        window.client.expectNothing();
        window.client.sendAck(PacketType.PUBCOMP, first.id());

        window.next();
    }

    @Spec(
            value = {"MQTT-4.9.0-2", "MQTT-4.3.3-4", "MQTT-4.4.0-2"},
            says = "a PUBREC or PUBACK that refuses frees the slot, and no PUBREL follows")
    public void a_refusal_frees_the_slot(Broker broker) {
        Window second = new Window(broker, 1, 2, 2);
        second.client.sendPacket(0x50, "%04X 80".formatted(second.fill().getFirst().id()));
        second.next();

        Window first = new Window(broker, 1, 1, 2);
        first.client.sendPacket(0x40, "%04X 80".formatted(first.fill().getFirst().id()));
        first.next();
    }

    @Spec(
            value = {"MQTT-4.9.0-2", "H-ACK-01"},
            says = "acknowledgements that belong to nothing do not widen the window")
    public void stray_acknowledgements_do_not_widen_the_window(Broker broker) {
        Window window = new Window(broker, 2, 1, 8);
        List<Packet> inFlight = window.fill();

        for (int stray = 0; stray < 5; stray++) {
            window.client.sendAck(PacketType.PUBACK, 30_000 + stray);
            window.client.sendAck(PacketType.PUBCOMP, 31_000 + stray);
        }
        window.client.expectNothing();
        window.client.acknowledge(inFlight.getFirst());
        window.client.acknowledge(inFlight.getFirst());

        window.next();
        window.client.expectNothing();
    }

    @Spec(
            value = {"MQTT-3.3.4-10", "MQTT-4.9.0-3"},
            says = "a full window delays nothing but PUBLISH")
    public void a_full_window_delays_only_publishes(Broker broker) {
        Window window = new Window(broker, 1, 1, 3);
        window.fill();
        Client client = window.client;
        String other = broker.topic("other");

        client.expectNothing();
        client.subscribe(broker.topic("unrelated"), 1);
        client.publish(Publish.to(other, "up").qos(1, 5));
        client.publish(Publish.to(other, "up").qos(2, 6));
        client.unsubscribe(other);
    }

    @Spec(
            value = {"MQTT-3.3.4-7", "MQTT-4.9.0-2", "H-PUB-08"},
            says = "a client that exceeds the broker's receive maximum is closed")
    public void the_brokers_receive_maximum_is_enforced(Broker broker) {
        Client client = broker.client();
        long maximum = client.connAck().properties().number(0x21, 65_535);
        if (maximum > 5_000) {
            throw new NotOffered("a receive maximum of " + maximum + " is not filled here");
        }
        String topic = broker.topic("open");
        Bystander bystander = broker.bystander();

        Bytes flood = Bytes.of("");
        for (int id = 1; id <= maximum + 1; id++) {
            flood = flood.plus(Bytes.packet(0x34, "<%s> %04X 00 'x'".formatted(topic, id)));
        }
        client.send(flood);

        Packet packet = client.receive();
        for (int count = 0; packet.type() == PacketType.PUBREC; count++) {
            if (count >= maximum) {
                throw new Lenient("%d are taken, announced were %d".formatted(count + 1, maximum));
            }
            packet = client.receive();
        }
        Unexpected.unless(
                packet.type() == PacketType.DISCONNECT
                        && packet.reason() == RECEIVE_MAXIMUM_EXCEEDED,
                "expected DISCONNECT 0x93, got %s",
                packet);
        client.expectClosed();
        bystander.noticesNothing();
    }

    @Spec(
            value = {"MQTT-4.5.0-2", "MQTT3-4.5.0-2", "H-ACK-03"},
            says = "who never acknowledges fills only its own window")
    public void who_never_acknowledges_blocks_nobody_else(Broker broker) {
        String topic = broker.topic("crowd");
        Client lazy = broker.subscriber(topic, 1);
        Client eager = broker.subscriber(topic, 1);
        Client publisher = broker.client();

        for (int i = 1; i <= 300; i++) {
            publisher.publish(Publish.to(topic, "message " + i).qos(1, i));
        }

        List<Packet> got = eager.takeAll(300);
        Unexpected.unless(
                got.getLast().payload().text().equals("message 300"), "last: %s", got.getLast());
        lazy.expectPublish(topic, "message 1");
    }

    /// A client with a receive maximum, and more messages for it than that.
    private static final class Window {
        private final Client client;
        private final String topic;
        private final int maximum;
        private int received;

        Window(Broker broker, int maximum, int qos, int messages) {
            this.maximum = maximum;
            topic = broker.topic("window");
            client = broker.connect().with(receiveMaximum(maximum)).open();
            client.subscribe(topic, qos);
            Client publisher = broker.client();
            for (int i = 0; i < messages; i++) {
                publisher.publish(Publish.to(topic, "message " + i).qos(qos));
            }
        }

        List<Packet> fill() {
            List<Packet> inFlight = new ArrayList<>();
            for (int i = 0; i < maximum; i++) {
                inFlight.add(client.expectInFlight(i, topic, "message " + received++));
            }
            return inFlight;
        }

        Packet next() {
            return client.expectPublish(topic, "message " + received++);
        }
    }
}
