package io.sotto.conformance.chapters;

import io.sotto.conformance.Broker;
import io.sotto.conformance.Bytes;
import io.sotto.conformance.Client;
import io.sotto.conformance.Packet;
import io.sotto.conformance.PacketType;
import io.sotto.conformance.Property;
import io.sotto.conformance.Publish;
import io.sotto.conformance.Spec;
import io.sotto.conformance.Unexpected;
import io.sotto.conformance.WallTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Chapters 2.2.1, 3.4 to 3.7, 4.3, 4.4 and 4.6: packet identifiers, acknowledgements, repetition
/// and order.
@SuppressWarnings("MemberName") // a test's name is a sentence
public final class QosTest {
    private static final int MALFORMED = 0x81;
    private static final int PROTOCOL_ERROR = 0x82;
    private static final int ID_NOT_FOUND = 0x92;

    @Spec(
            value = {
                "MQTT-2.2.1-4",
                "MQTT3-2.3.1-4",
                "MQTT-4.3.2-1",
                "MQTT-4.3.2-2",
                "MQTT-4.3.3-1",
                "MQTT-4.3.3-2",
                "MQTT3-4.3.2-1",
                "MQTT3-4.3.3-1"
            },
            says = "the broker's messages in flight have identifiers of their own, and no DUP")
    public void identifiers_in_flight_are_all_different(Broker broker) {
        String topic = broker.topic("ids");
        Client subscriber = broker.subscriber(topic, 2);
        Client publisher = broker.client();
        for (int i = 1; i <= 15; i++) {
            publisher.publish(Publish.to(topic, "x").qos(1 + i % 2, i));
        }

        Set<Integer> ids = new HashSet<>();
        for (int i = 1; i <= 15; i++) {
            Packet packet = subscriber.expectInFlight(i - 1, topic, "x");
            Unexpected.unless(ids.add(packet.id()), "its identifier is in use: %s", packet);
            Unexpected.unless(!packet.dup(), "DUP at first: %s", packet);
        }
    }

    @Spec(
            value = {"MQTT-2.2.1-5", "MQTT3-2.3.1-6"},
            says = "acknowledgements repeat the identifier of the PUBLISH")
    public void acknowledgements_repeat_the_identifier(Broker broker) {
        String topic = broker.topic("ids");
        Client client = broker.client();
        for (int id : new int[] {1, 255, 256, 32_768, 65_535}) {
            client.publish(Publish.to(topic, "x").qos(1, id));
            client.publish(Publish.to(topic, "x").qos(2, id));
        }
    }

    @Spec(
            value = {"MQTT-2.2.1-5", "MQTT3-2.3.1-6", "H-ACK-01"},
            says = "acknowledgements of unknown identifiers harm nothing")
    public void acknowledgements_of_unknown_identifiers_harm_nothing(Broker broker) {
        String topic = broker.topic("unharmed");
        Client client = broker.subscriber(topic, 1);

        client.sendAck(PacketType.PUBACK, 30_001);
        client.sendAck(PacketType.PUBCOMP, 30_002);
        client.sendAck(PacketType.PUBREL, 30_003);

        Packet pubComp = client.expect(PacketType.PUBCOMP);
        Unexpected.unless(pubComp.id() == 30_003, "answered with %s", pubComp);
        broker.recommended(
                !broker.speaks5() || pubComp.reason() == ID_NOT_FOUND,
                "an unknown identifier is answered with %s",
                pubComp);
        broker.client().publish(Publish.to(topic, "works").qos(1));
        client.take(topic, "works");
    }

    @Spec(
            value = {"MQTT-2.2.1-5", "MQTT-3.7.2-1", "MQTT-3.6.2-1"},
            says = "PUBREC of an unknown identifier is answered with PUBREL 0x92")
    public void an_unknown_pubrec_is_answered_with_0x92(Broker broker) {
        Client client = broker.client();

        client.sendAck(PacketType.PUBREC, 30_001);

        Packet pubRel = client.expect(PacketType.PUBREL);
        Unexpected.unless(pubRel.id() == 30_001, "answered %s", pubRel);
        broker.recommended(
                pubRel.reason() == ID_NOT_FOUND,
                "an unknown identifier is answered with %s",
                pubRel);
    }

    @Spec(
            value = {
                "MQTT-4.3.3-8",
                "MQTT-4.3.3-10",
                "MQTT-4.3.3-11",
                "MQTT3-4.3.3-2",
                "MQTT-2.2.1-3",
                "MQTT3-2.3.1-2",
                "MQTT3-2.3.1-3",
                "H-PUB-09"
            },
            says = "a QoS 2 PUBLISH repeated before PUBREL is answered and delivered once")
    public void a_repeated_qos_2_publish_is_delivered_once(Broker broker) {
        String topic = broker.topic("once");
        Client subscriber = broker.subscriber(topic, 2);
        Client publisher = broker.client();

        for (int i = 0; i < 20; i++) {
            Publish publish = Publish.to(topic, "once").qos(2, 7);
            publisher.send(i == 0 ? publish : publish.dup());
            publisher.expectAck(PacketType.PUBREC, 7);
        }
        publisher.release(7);

        subscriber.take(topic, "once");
        subscriber.expectNothingFrom(publisher);
    }

    @Spec(
            value = {"MQTT-4.3.3-10", "MQTT3-4.3.3-2", "H-SES-01"},
            says = "also across reconnects")
    public void a_qos_2_publish_repeated_after_a_reconnect_is_delivered_once(Broker broker) {
        String topic = broker.topic("once");
        String id = broker.id("publisher");
        Client subscriber = broker.subscriber(topic, 2);
        Client first = broker.connect().id(id).lasting().open();
        first.send(Publish.to(topic, "once").qos(2, 7));
        first.expectAck(PacketType.PUBREC, 7);
        first.drop();

        Client second = broker.connect().id(id).lasting().open();
        second.send(Publish.to(topic, "once").qos(2, 7).dup());
        second.expectAck(PacketType.PUBREC, 7);
        second.drop();
        Client third = broker.connect().id(id).lasting().open();
        third.release(7);

        subscriber.take(topic, "once");
        subscriber.expectNothingFrom(third);
    }

    @Spec(
            value = {"MQTT-4.3.3-9"},
            says = "after a refusing PUBREC the identifier is free for another message")
    public void after_a_refusal_the_identifier_is_new(Broker broker) {
        String topic = broker.topic("allowed");
        Client subscriber = broker.subscriber(topic, 2);
        Client publisher = broker.client();
        publisher.send(Publish.to("$SYS/" + broker.id("x"), "refused").qos(2, 7));
        Packet refusal =
                publisher.expectOffered(PacketType.PUBREC, "refusing a message without closing");
        Unexpected.unless(refusal.reason() >= 0x80, "the broker's own topic: %s", refusal);

        publisher.publish(Publish.to(topic, "allowed").qos(2, 7));

        subscriber.take(topic, "allowed");
    }

    @Spec(
            value = {"MQTT-4.3.3-12", "MQTT3-4.3.3-2", "MQTT3-2.3.1-3"},
            says = "after PUBCOMP the identifier is free for another message")
    public void after_pubcomp_the_identifier_is_new(Broker broker) {
        String topic = broker.topic("free");
        Client subscriber = broker.subscriber(topic, 2);
        Client publisher = broker.client();

        publisher.publish(Publish.to(topic, "first").qos(2, 7));
        publisher.publish(Publish.to(topic, "second").qos(2, 7));

        List<Packet> got = subscriber.takeAll(2);
        Unexpected.unless(got.getLast().payload().text().equals("second"), "came as %s", got);
    }

    @Spec(
            value = {"MQTT-4.3.2-4", "MQTT-4.3.2-5", "MQTT3-4.3.2-2", "MQTT3-2.3.1-3"},
            says = "after PUBACK the identifier is a new message, whatever DUP says")
    public void after_puback_the_identifier_is_new(Broker broker) {
        String topic = broker.topic("free");
        Client subscriber = broker.subscriber(topic, 1);
        Client publisher = broker.client();

        publisher.publish(Publish.to(topic, "first").qos(1, 7));
        publisher.publish(Publish.to(topic, "second").qos(1, 7).dup());

        subscriber.take(topic, "first");
        subscriber.take(topic, "second");
    }

    @Spec(
            value = {
                "MQTT-4.3.3-4",
                "MQTT-4.3.3-5",
                "MQTT-4.3.3-6",
                "MQTT-4.4.0-1",
                "MQTT3-4.3.3-1",
                "MQTT3-4.4.0-1"
            },
            says = "after PUBREC a resumed session gets PUBREL again, not PUBLISH")
    public void after_pubrec_only_pubrel_comes_again(Broker broker) {
        String topic = broker.topic("released");
        String id = broker.id("subscriber");
        Client before = broker.connect().id(id).lasting().open();
        before.subscribe(topic, 2);
        broker.client().publish(Publish.to(topic, "once").qos(2));
        Packet publish = before.expectPublish(topic, "once");
        before.sendAck(PacketType.PUBREC, publish.id());
        before.expectAck(PacketType.PUBREL, publish.id());
        before.drop();

        Client after = broker.connect().id(id).lasting().open();

        after.expectAck(PacketType.PUBREL, publish.id());
        after.sendAck(PacketType.PUBCOMP, publish.id());
        after.expectNothing();
    }

    @Spec(
            value = {"MQTT-4.3.3-3", "MQTT3-4.3.3-1"},
            says = "until PUBREC the PUBLISH comes again to a resumed session")
    public void before_pubrec_the_publish_comes_again(Broker broker) {
        String topic = broker.topic("again");
        String id = broker.id("subscriber");
        Client before = broker.connect().id(id).lasting().open();
        before.subscribe(topic, 2);
        broker.client().publish(Publish.to(topic, "once").qos(2));
        Packet first = before.expectPublish(topic, "once");
        before.drop();

        Client after = broker.connect().id(id).lasting().open();

        Packet second = after.take(topic, "once");
        Unexpected.unless(second.dup() && second.id() == first.id(), "came as %s", second);
        after.expectNothing();
    }

    @Spec(
            value = {"MQTT-4.4.0-1"},
            says = "on a live connection nothing is sent again")
    public void nothing_is_sent_again_on_a_live_connection(Broker broker)
            throws InterruptedException {
        String topic = broker.topic("patience");
        Client subscriber = broker.subscriber(topic, 2);
        Client publisher = broker.client();
        publisher.publish(Publish.to(topic, "one").qos(1));
        publisher.publish(Publish.to(topic, "two").qos(2));
        subscriber.expectPublish(topic, "one");
        subscriber.expectInFlight(1, topic, "two");

        WallTime.pass(12_000);

        subscriber.expectNothing();
    }

    @Spec(
            value = {"MQTT-4.4.0-2"},
            says = "a message that was refused is not sent again")
    public void a_refused_message_does_not_come_again(Broker broker) {
        String topic = broker.topic("refused");
        String id = broker.id("subscriber");
        Client before = broker.connect().id(id).lasting().open();
        before.subscribe(topic, 2);
        Client publisher = broker.client();
        publisher.publish(Publish.to(topic, "one").qos(1));
        publisher.publish(Publish.to(topic, "two").qos(2));
        before.sendPacket(0x40, "%04X 80".formatted(before.expectPublish(topic, "one").id()));
        before.sendPacket(0x50, "%04X 80".formatted(before.expectPublish(topic, "two").id()));
        before.expectNothing();
        before.drop();

        broker.connect().id(id).lasting().open().expectNothing();
    }

    @Spec(
            value = {"MQTT-4.3.3-7"},
            says = "a QoS 2 message that was sent does not expire")
    public void a_message_in_flight_does_not_expire(Broker broker) throws InterruptedException {
        String topic = broker.topic("inflight");
        String id = broker.id("subscriber");
        Client before = broker.connect().id(id).lasting().open();
        before.subscribe(topic, 2);
        broker.client().publish(Publish.to(topic, "sent").qos(2).with(Property.messageExpiry(1)));
        before.expectPublish(topic, "sent");

        WallTime.pass(2_500);
        before.drop();

        broker.connect().id(id).lasting().open().take(topic, "sent");
    }

    @Spec(
            value = {"MQTT-4.3.3-13"},
            says = "the handshake goes on when the message has expired")
    public void the_handshake_goes_on_after_expiry(Broker broker) throws InterruptedException {
        Client publisher = broker.client();
        publisher.send(
                Publish.to(broker.topic("t"), "x").qos(2, 7).with(Property.messageExpiry(1)));
        publisher.expectAck(PacketType.PUBREC, 7);

        WallTime.pass(2_200);

        publisher.sendAck(PacketType.PUBREL, 7);
        Packet pubComp = publisher.expectAck(PacketType.PUBCOMP, 7);
        Unexpected.unless(pubComp.reason() == 0, "the identifier is forgotten: %s", pubComp);
    }

    @Spec(
            value = {
                "MQTT-4.6.0-5",
                "MQTT-4.6.0-6",
                "MQTT3-4.6.0-5",
                "MQTT3-4.6.0-6",
                "MQTT-4.5.0-1",
                "MQTT3-4.5.0-1"
            },
            says = "messages of one publisher, topic and QoS arrive in their order, all of them")
    public void messages_arrive_in_order(Broker broker) {
        for (int qos = 0; qos <= 2; qos++) {
            String topic = broker.topic("order");
            Client subscriber = broker.subscriber(topic, qos);
            Client publisher = broker.client();
            for (int i = 1; i <= 200; i++) {
                publisher.publish(Publish.to(topic, "" + i).qos(qos, i));
            }

            List<Packet> got = subscriber.takeAll(200);
            for (int i = 0; i < 200; i++) {
                String payload = got.get(i).payload().text();
                Unexpected.unless(payload.equals("" + (i + 1)), "%d came as %s", i + 1, payload);
            }
        }
    }

    @Spec(
            value = {"MQTT3-4.6.0-1", "MQTT-4.6.0-1", "MQTT-4.6.0-5", "MQTT-4.4.0-1"},
            says = "what comes again keeps its order, and precedes what was queued")
    public void repetitions_keep_their_order(Broker broker) {
        String topic = broker.topic("order");
        String id = broker.id("subscriber");
        Client before = broker.connect().id(id).lasting().open();
        before.subscribe(topic, 1);
        Client publisher = broker.client();
        for (int i = 1; i <= 15; i++) {
            publisher.publish(Publish.to(topic, "message " + i).qos(1));
            before.expectInFlight(i - 1, topic, "message " + i);
        }
        before.drop();
        publisher.publish(Publish.to(topic, "message 16").qos(1));

        Client after = broker.connect().id(id).lasting().open();

        for (int i = 1; i <= 16; i++) {
            after.take(topic, "message " + i);
        }
    }

    @Spec(
            value = {"MQTT3-4.6.0-2", "MQTT3-4.6.0-3"},
            says = "PUBACKs and PUBRECs come in the order of the PUBLISHes")
    public void acknowledgements_come_in_order(Broker broker) {
        for (int qos = 1; qos <= 2; qos++) {
            String topic = broker.topic("order");
            Client publisher = broker.client();
            Bytes stream = Bytes.of("");
            for (int id = 1; id <= 100; id++) {
                stream =
                        stream.plus(
                                Bytes.packet(
                                        0x30 | qos << 1, "<%s> %04X 'x'".formatted(topic, id)));
            }
            publisher.send(stream);

            for (int id = 1; id <= 100; id++) {
                publisher.expectAck(qos == 1 ? PacketType.PUBACK : PacketType.PUBREC, id);
            }
        }
    }

    @Spec(
            value = {"MQTT3-4.6.0-4"},
            says = "PUBRELs come in the order of the PUBRECs")
    public void releases_come_in_the_order_of_pubrec(Broker broker) {
        InFlight ten = inFlight(broker, 2, 10);

        ten.ids().forEach(id -> ten.client().sendAck(PacketType.PUBREC, id));

        ten.ids().forEach(id -> ten.client().expectAck(PacketType.PUBREL, id));
    }

    @Spec(
            value = {"MQTT-4.6.0-2", "MQTT-4.6.0-3", "MQTT-4.6.0-4", "MQTT3-4.6.0-2", "H-ACK-04"},
            says = "acknowledgements in another order are tolerated")
    public void acknowledgements_out_of_order_are_tolerated(Broker broker) {
        InFlight one = inFlight(broker, 1, 5);
        one.ids().reversed().forEach(id -> one.client().sendAck(PacketType.PUBACK, id));
        one.client().expectNothing();

        InFlight two = inFlight(broker, 2, 5);
        two.ids().reversed().forEach(id -> two.client().sendAck(PacketType.PUBREC, id));
        two.ids().reversed().forEach(id -> two.client().expectAck(PacketType.PUBREL, id));
        two.ids().forEach(id -> two.client().sendAck(PacketType.PUBCOMP, id));
        two.client().expectNothing();
    }

    @Spec(
            value = {"MQTT-3.6.1-1", "MQTT3-3.6.1-1", "H-FRM-13"},
            says = "PUBREL has the flags 0010")
    public void pubrel_with_other_flags_is_malformed(Broker broker) {
        for (int firstByte : new int[] {0x60, 0x61, 0x63, 0x64, 0x66, 0x6A, 0x6F}) {
            Client client = broker.client();

            client.sendPacket(firstByte, "0001");

            client.expectViolation(MALFORMED);
        }
    }

    @Spec(
            value = {"MQTT-3.4.2-1", "MQTT-3.5.2-1", "MQTT-3.6.2-1", "MQTT-3.7.2-1", "H-ACK-02"},
            says = "acknowledgements have codes of their tables only")
    public void acknowledgements_with_other_codes_are_refused(Broker broker) {
        for (String wrong :
                List.of(
                        "40 03 0001 03", // PUBACK
                        "40 03 0001 7F",
                        "40 03 0001 92", // of PUBREL
                        "50 03 0001 03", // PUBREC
                        "50 03 0001 92",
                        "62 03 0001 10", // PUBREL
                        "62 03 0001 80",
                        "70 03 0001 10", // PUBCOMP
                        "70 03 0001 87")) {
            Client client = broker.client();

            client.send(wrong);

            client.expectViolation(PROTOCOL_ERROR, MALFORMED);
        }
    }

    @Spec(
            value = {"MQTT-2.2.2-1"},
            says = "acknowledgements may leave out their code and properties")
    public void acknowledgements_may_be_shortened(Broker broker) {
        InFlight four = inFlight(broker, 1, 4);
        List<Integer> ids = four.ids();
        Client client = four.client();
        client.sendPacket(0x40, "%04X".formatted(ids.get(0))); // identifier alone
        client.sendPacket(0x40, "%04X 00".formatted(ids.get(1))); // and code
        client.sendPacket(0x40, "%04X 00 00".formatted(ids.get(2))); // and no properties
        client.sendPacket(0x40, "%04X 10 %s".formatted(ids.get(3), Property.list("1F <because>")));

        client.expectNothing();
    }

    @Spec(
            value = {"MQTT-3.3.4-1", "H-ACK-01"},
            says = "the wrong kind of acknowledgement is a protocol error")
    public void the_wrong_kind_of_acknowledgement_is_refused(Broker broker) {
        InFlight one = inFlight(broker, 1, 1);
        one.client().sendAck(PacketType.PUBREC, one.ids().getFirst());
        one.client().expectViolation(PROTOCOL_ERROR);

        InFlight two = inFlight(broker, 2, 1);
        two.client().sendAck(PacketType.PUBACK, two.ids().getFirst());
        two.client().expectViolation(PROTOCOL_ERROR);
    }

    /// Messages that a subscriber has received and not acknowledged.
    private record InFlight(Client client, List<Integer> ids) {}

    private static InFlight inFlight(Broker broker, int qos, int count) {
        String topic = broker.topic("inflight");
        Client subscriber = broker.subscriber(topic, qos);
        Client publisher = broker.client();
        List<Integer> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            publisher.publish(Publish.to(topic, "x").qos(qos));
            ids.add(subscriber.expectInFlight(i, topic, "x").id());
        }
        return new InFlight(subscriber, ids);
    }
}
