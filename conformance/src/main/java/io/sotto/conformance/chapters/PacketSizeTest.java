package io.sotto.conformance.chapters;

import io.sotto.conformance.Broker;
import io.sotto.conformance.Bystander;
import io.sotto.conformance.Bytes;
import io.sotto.conformance.Client;
import io.sotto.conformance.NotOffered;
import io.sotto.conformance.Packet;
import io.sotto.conformance.PacketType;
import io.sotto.conformance.Publish;
import io.sotto.conformance.Spec;
import io.sotto.conformance.Unexpected;
import java.time.Duration;
import java.util.List;

/// Chapters 3.1.2.11.4, 3.1.2.11.7 and 3.2.2.3.6: maximum packet sizes both ways, and what is left
/// out to keep to them.
@SuppressWarnings("MemberName") // a test's name is a sentence
public final class PacketSizeTest {
    private static final int TINY = 20;

    @Spec(
            value = {"MQTT-3.1.2-24", "MQTT-3.1.2-25"},
            says = "a message above the client's maximum is dropped, the others arrive")
    public void a_message_that_does_not_fit_is_dropped(Broker broker) {
        String topic = broker.topic("size");
        Client client =
                broker.connect().packetLimit(128).with("21 0001").open(); // receive maximum 1
        client.subscribe(topic, 1);
        Client publisher = broker.client();

        for (int i = 0; i < 10; i++) {
            publisher.publish(Publish.to(topic, "x".repeat(200)).qos(1));
            publisher.publish(Publish.to(topic, "small " + i).qos(1));
        }

        for (int i = 0; i < 10; i++) {
            client.take(topic, "small " + i);
        }
        client.expectNothing();
    }

    @Spec(
            value = {"MQTT-3.1.2-24", "MQTT-3.1.2-25", "H-SES-03"},
            says = "also retained and queued messages that do not fit are dropped")
    public void a_retained_or_queued_message_that_does_not_fit_is_dropped(Broker broker) {
        String topic = broker.topic("size");
        String id = broker.id("size");
        Client before = broker.connect().id(id).lasting().open();
        before.subscribe(topic, 1);
        before.drop();
        Client publisher = broker.client();
        publisher.publish(Publish.to(topic, "x".repeat(200)).qos(1).retain());
        publisher.publish(Publish.to(topic, "small").qos(1));

        Client after = broker.connect().id(id).lasting().packetLimit(128).open();

        after.take(topic, "small");
        after.subscribe(topic, 1);
        after.expectNothing();
    }

    @Spec(
            value = {"MQTT-3.1.2-24", "MQTT-3.2.2-19", "MQTT-3.2.2-20"},
            says = "a refusing CONNACK keeps to the client's maximum too")
    public void a_refusal_fits_a_tiny_client(Broker broker) {
        broker.connect()
                .packetLimit(TINY)
                .with("15 <X>") // an authentication method that is not served
                .send()
                .expectConnectViolation(0x8C, 0x87);
    }

    @Spec(
            value = {"MQTT-3.2.2-19", "MQTT-3.2.2-20", "H-CON-12", "MQTT-4.13.2-1"},
            says = "a client whose maximum not even CONNACK fits is closed, or served within it")
    public void a_maximum_too_small_for_connack_ends_the_connection(Broker broker) {
        Bystander bystander = broker.bystander();
        for (int limit = 1; limit <= 4; limit++) {
            Client client = broker.connect().packetLimit(limit).send();

            Unexpected.unless(client.receiveOrEnd().isEmpty(), "a CONNACK of %d bytes", limit);
        }
        bystander.noticesNothing();
    }

    @Spec(
            value = {
                "MQTT-3.4.2-2",
                "MQTT-3.4.2-3",
                "MQTT-3.5.2-2",
                "MQTT-3.5.2-3",
                "MQTT-3.1.2-24"
            },
            says = "PUBACK and PUBREC leave out what does not fit")
    public void refusing_acknowledgements_fit_a_tiny_client(Broker broker) {
        Client client = broker.connect().packetLimit(TINY).open();
        String refused = "$SYS/" + broker.id("x"); // the broker's own

        client.send(Publish.to(refused, "x").qos(1, 7));
        Packet pubAck =
                client.expectOffered(PacketType.PUBACK, "refusing a message without closing");
        client.send(Publish.to(refused, "x").qos(2, 8));
        Packet pubRec = client.expect(PacketType.PUBREC);

        Unexpected.unless(pubAck.id() == 7 && pubRec.id() == 8, "%s, %s", pubAck, pubRec);
    }

    @Spec(
            value = {"MQTT-3.6.2-2", "MQTT-3.6.2-3", "MQTT-3.7.2-2", "MQTT-3.7.2-3"},
            says = "PUBREL and PUBCOMP leave out what does not fit")
    public void answers_to_unknown_identifiers_fit_a_tiny_client(Broker broker) {
        Client client = broker.connect().packetLimit(TINY).open();

        client.sendAck(PacketType.PUBREC, 99);
        Packet pubRel = client.expect(PacketType.PUBREL);
        client.sendAck(PacketType.PUBREL, 98);
        Packet pubComp = client.expect(PacketType.PUBCOMP);

        for (Packet packet : List.of(pubRel, pubComp)) {
            broker.recommended(packet.reason() == 0x92, "of an unknown identifier: %s", packet);
        }
    }

    @Spec(
            value = {"MQTT-3.9.2-1", "MQTT-3.9.2-2", "MQTT-3.11.2-1", "MQTT-3.11.2-2"},
            says = "SUBACK and UNSUBACK leave out what does not fit")
    public void refused_subscriptions_fit_a_tiny_client(Broker broker) {
        Client client = broker.connect().packetLimit(TINY).open();
        // Refused for their number of levels, or taken: either answer has to fit.
        String deep = "/".repeat(150);

        client.sendSubscribe(3, deep, 0, "");
        client.expect(PacketType.SUBACK);
        client.unsubscribe(deep);
    }

    @Spec(
            value = {"MQTT-3.14.2-3", "MQTT-3.14.2-4"},
            says = "DISCONNECT leaves out what does not fit")
    public void a_disconnect_fits_a_tiny_client(Broker broker) {
        Client client = broker.connect().packetLimit(TINY).open();

        client.send("36 00"); // QoS 3

        client.expectViolation(0x81);
    }

    @Spec(
            value = {"MQTT-3.1.2-29"},
            says = "without problem information acknowledgements are bare")
    public void without_problem_information_acknowledgements_are_bare(Broker broker) {
        Client client = broker.connect().with("17 00").open();
        String refused = "$SYS/" + broker.id("x"); // the broker's own

        client.send(Publish.to(refused, "x").qos(1, 7));
        Packet pubAck =
                client.expectOffered(PacketType.PUBACK, "refusing a message without closing");
        client.sendAck(PacketType.PUBREC, 99);
        Packet pubRel = client.expect(PacketType.PUBREL);
        client.sendAck(PacketType.PUBREL, 98);
        Packet pubComp = client.expect(PacketType.PUBCOMP);
        client.sendSubscribe(3, "/".repeat(150), 0, "");
        Packet subAck = client.expect(PacketType.SUBACK);
        Packet unsubAck = client.unsubscribe("never/subscribed");

        for (Packet packet : List.of(pubAck, pubRel, pubComp, subAck, unsubAck)) {
            Unexpected.unless(packet.properties().isEmpty(), "with properties: %s", packet);
        }
    }

    @Spec(
            value = {"MQTT-3.2.2-15", "H-FRM-07", "MQTT3-4.8.0-1"},
            says = "a packet above the broker's maximum ends the connection at its header")
    public void an_oversized_packet_is_closed_at_its_header(Broker broker) {
        Bystander bystander = broker.bystander();
        Client client = broker.client();
        long maximum = client.connAck().properties().number(0x27, 268_435_460);
        // One byte more than fits, header included; without an announced limit, the most there is.
        long remaining = Math.min(268_435_455, maximum - 3);

        client.send("30" + Bytes.variableInteger(remaining));

        client.recommendEnd(Duration.ofSeconds(5), "a packet of %d bytes".formatted(remaining));
        bystander.noticesNothing();
    }

    @Spec(
            value = {"MQTT-3.2.2-15"},
            says = "a packet of the largest size the broker takes goes through")
    public void the_largest_packet_goes_through(Broker broker) {
        String topic = broker.topic("large");
        Client publisher = broker.client();
        long maximum = publisher.connAck().properties().number(0x27, 1 << 20);
        if (maximum > 4 << 20) {
            throw new NotOffered("a maximum of " + maximum + " bytes is not filled here");
        }
        Client subscriber = broker.subscriber(topic, 0);
        // First byte, four or three bytes of length, topic, no properties.
        int overhead = 1 + (maximum > 2_097_151 ? 4 : 3) + 2 + topic.length() + 1;

        String payload = "x".repeat((int) maximum - overhead);
        publisher.publish(topic, payload);

        subscriber.expectPublish(topic, payload);
    }
}
