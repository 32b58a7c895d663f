package io.sotto.conformance.chapters;

import io.sotto.conformance.Broker;
import io.sotto.conformance.Bystander;
import io.sotto.conformance.Bytes;
import io.sotto.conformance.Client;
import io.sotto.conformance.Packet;
import io.sotto.conformance.PacketType;
import io.sotto.conformance.Publish;
import io.sotto.conformance.Spec;
import io.sotto.conformance.Unexpected;
import java.util.List;

/// Chapters 3.3.1, 3.3.2.1 and 3.3.4: the header of PUBLISH, its topic, and how it is answered and
/// delivered.
@SuppressWarnings("MemberName") // a test's name is a sentence
public final class PublishTest {
    private static final int MALFORMED = 0x81;
    private static final int PROTOCOL_ERROR = 0x82;
    private static final int TOPIC_INVALID = 0x90;

    @Spec(
            value = {"MQTT-3.3.4-1", "MQTT3-3.3.4-1"},
            says = "a PUBLISH is answered by nothing, PUBACK or PUBREC, as its QoS says")
    public void a_publish_is_answered_as_its_qos_says(Broker broker) {
        String topic = broker.topic("answers");
        Client client = broker.client();

        client.publish(topic, "nothing");
        client.expectNothing();
        client.send(Publish.to(topic, "PUBACK").qos(1, 77));
        client.expectAck(PacketType.PUBACK, 77);
        client.send(Publish.to(topic, "PUBREC").qos(2, 78));
        client.expectAck(PacketType.PUBREC, 78);
        client.release(78);
        client.expectNothing();
    }

    @Spec(
            value = {
                "MQTT-3.3.1-1",
                "MQTT3-3.3.1-1",
                "MQTT-4.3.2-3",
                "MQTT-4.4.0-1",
                "MQTT3-4.4.0-1"
            },
            says = "a re-delivered PUBLISH has DUP and its old identifier")
    public void a_redelivery_has_dup(Broker broker) {
        String topic = broker.topic("dup");
        String id = broker.id("dup");
        Client before = broker.connect().id(id).lasting().open();
        before.subscribe(topic, 2);
        Client publisher = broker.client();
        publisher.publish(Publish.to(topic, "one").qos(1));
        publisher.publish(Publish.to(topic, "two").qos(2));
        Packet one = before.expectPublish(topic, "one");
        Packet two = before.expectInFlight(1, topic, "two");
        Unexpected.unless(!one.dup() && !two.dup(), "DUP at first: %s, %s", one, two);
        before.drop();

        Client after = broker.connect().id(id).lasting().open();

        for (Packet first : List.of(one, two)) {
            Packet again = after.expectPublish(topic, first.payload().text());
            Unexpected.unless(again.dup(), "without DUP: %s", again);
            Unexpected.unless(again.id() == first.id(), "another identifier: %s", again);
            Unexpected.unless(again.qos() == first.qos(), "another QoS: %s", again);
        }
    }

    @Spec(
            value = {"MQTT-3.3.1-2", "MQTT3-3.3.1-2", "MQTT3-4.3.1-1", "MQTT-4.3.1-1", "H-PUB-03"},
            says = "QoS 0 has no DUP")
    public void dup_with_qos_0_is_a_violation(Broker broker) {
        String topic = broker.topic("dup");
        Client client = broker.client();

        client.sendPacket(0x38, "<%s> %s 'x'".formatted(topic, broker.noProperties()));

        client.expectViolation(MALFORMED, PROTOCOL_ERROR);
    }

    @Spec(
            value = {"MQTT-3.3.1-3", "MQTT3-3.3.1-3"},
            says = "the DUP of an incoming PUBLISH is not passed on")
    public void dup_is_not_passed_on(Broker broker) {
        String topic = broker.topic("dup");
        Client subscriber = broker.subscriber(topic, 2);

        broker.client().publish(Publish.to(topic, "one").qos(1, 1).dup());
        broker.client().publish(Publish.to(topic, "two").qos(2, 2).dup());

        for (Packet packet : subscriber.takeAll(2)) {
            Unexpected.unless(!packet.dup(), "passed on: %s", packet);
        }
    }

    @Spec(
            value = {"MQTT-3.3.1-4", "MQTT3-3.3.1-4", "H-PUB-03"},
            says = "QoS 3 is not allowed")
    public void qos_3_is_a_violation(Broker broker) {
        Bystander bystander = broker.bystander();
        for (int firstByte : new int[] {0x36, 0x3E, 0x37}) {
            Client client = broker.client();

            client.sendPacket(
                    firstByte,
                    "<%s> 0001 %s 'x'".formatted(broker.topic("t"), broker.noProperties()));

            client.expectViolation(MALFORMED);
        }
        bystander.noticesNothing();
    }

    @Spec(
            value = {"MQTT-2.2.1-3", "MQTT3-2.3.1-1", "H-PUB-03"},
            says = "packet identifier 0 is a violation")
    public void packet_identifier_0_is_a_violation(Broker broker) {
        String none = broker.noProperties();
        for (Bytes packet :
                List.of(
                        Bytes.packet(0x32, "<%s> 0000 %s 'x'".formatted(broker.topic("t"), none)),
                        Bytes.packet(0x34, "<%s> 0000 %s 'x'".formatted(broker.topic("t"), none)),
                        Bytes.packet(0x82, "0000 %s <%s> 00".formatted(none, broker.topic("t"))),
                        Bytes.packet(0xA2, "0000 %s <%s>".formatted(none, broker.topic("t"))))) {
            Client client = broker.client();

            client.send(packet);

            client.expectViolation(PROTOCOL_ERROR, MALFORMED);
        }
    }

    @Spec(
            value = {"MQTT-2.2.1-2", "MQTT3-2.3.1-5", "MQTT-4.3.1-1", "MQTT3-4.3.1-1"},
            says = "QoS 0 has no packet identifier: every byte after the topic is payload")
    public void a_qos_0_payload_arrives_byte_by_byte(Broker broker) {
        String topic = broker.topic("bytes");
        Client subscriber = broker.subscriber(topic, 2);

        broker.client().publish(Publish.to(topic, Bytes.of("00 01 FF 00 80")));

        Packet packet = subscriber.expect(PacketType.PUBLISH);
        Unexpected.unless(
                packet.payload().equals(Bytes.of("00 01 FF 00 80")), "arrived as %s", packet);
        Unexpected.unless(packet.qos() == 0, "arrived as %s", packet);
    }

    @Spec(
            value = {"MQTT-3.3.2-1", "MQTT3-3.3.2-1", "MQTT-1.5.4-1", "MQTT3-1.5.3-1"},
            says = "the topic name is UTF-8")
    public void a_topic_that_is_not_utf_8_is_a_violation(Broker broker) {
        Bystander bystander = broker.bystander();
        for (String topic : Strings.NOT_UTF_8) {
            Client client = broker.client();

            client.sendPacket(0x30, "%s %s 'x'".formatted(topic, broker.noProperties()));

            client.expectViolation(MALFORMED, TOPIC_INVALID);
        }
        bystander.noticesNothing();
    }

    @Spec(
            value = {"MQTT-3.3.2-1", "MQTT3-3.3.2-1", "MQTT-4.7.3-1", "MQTT3-4.7.3-1", "H-PUB-01"},
            says = "a topic name is not empty")
    public void an_empty_topic_is_a_violation(Broker broker) {
        Client client = broker.client();

        client.sendPacket(0x30, "<> %s 'x'".formatted(broker.noProperties()));

        client.expectViolation(PROTOCOL_ERROR);
    }

    @Spec(
            value = {"MQTT-3.3.2-1", "MQTT3-3.3.2-1", "H-FRM-09", "H-FRM-11"},
            says = "a PUBLISH whose lengths do not fit is malformed")
    public void a_publish_whose_lengths_do_not_fit_is_a_violation(Broker broker) {
        for (String packet :
                List.of(
                        "30 00", // nothing
                        "30 01 00", // half a length
                        "30 04 0005 'ab'", // a topic beyond the packet
                        "30 04 FFFF 'ab'", // far beyond
                        "32 04 <ab>", // no packet identifier
                        "32 05 <ab> 00")) { // half a packet identifier
            Client client = broker.client();

            client.send(packet);

            client.expectViolation(MALFORMED);
        }
    }

    @Spec(
            value = {"MQTT-3.3.2-2", "MQTT3-3.3.2-2", "MQTT-4.7.0-1", "MQTT3-4.7.1-1", "H-PUB-01"},
            says = "a topic name has no wildcards")
    public void wildcards_in_a_topic_name_are_a_violation(Broker broker) {
        for (String topic : List.of("a/#", "#", "+", "a/+", "a+b", "a#", "+/a")) {
            Client client = broker.client();

            client.send(Publish.to(topic, "never"));

            client.expectViolation(TOPIC_INVALID);
        }
    }

    @Spec(
            value = {"MQTT-3.3.2-3", "MQTT3-3.3.2-3"},
            says = "what is delivered matches the subscriber's filter")
    public void only_matching_topics_are_delivered(Broker broker) {
        String base = broker.topic("match");
        Client subscriber = broker.client();
        subscriber.subscribe(base + "/+/c", 0);
        Client publisher = broker.client();

        publisher.publish(base + "/b", "no");
        publisher.publish(base + "/b/c/d", "no");
        publisher.publish(base + "/b/c", "yes");
        publisher.publish(base + "//c", "an empty level too");
        publisher.publish(base + "/c", "no");

        subscriber.expectPublish(base + "/b/c", "yes");
        subscriber.expectPublish(base + "//c", "an empty level too");
        subscriber.expectNothingFrom(publisher);
    }

    @Spec(
            value = {"MQTT-3.3.4-2", "MQTT3-3.3.5-1"},
            says = "with overlapping subscriptions the highest QoS is respected")
    public void overlapping_subscriptions_respect_the_highest_qos(Broker broker) {
        String base = broker.topic("overlap");
        Client subscriber = broker.client();
        subscriber.subscribe(base + "/#", 0);
        subscriber.subscribe(base + "/+", 2);
        subscriber.subscribe(base + "/a", 1);

        broker.client().publish(Publish.to(base + "/a", "once at QoS 2").qos(2));

        Packet packet = subscriber.expectPublish(base + "/a", "once at QoS 2");
        while (packet.qos() != 2) {
            subscriber.acknowledge(packet);
            packet = subscriber.expectPublish(base + "/a", "once at QoS 2");
        }
    }

    @Spec(
            value = {"MQTT3-3.3.5-1", "MQTT-3.3.4-2"},
            says = "overlapping subscriptions get the message, best in one copy")
    public void overlapping_subscriptions_yield_one_copy(Broker broker) {
        String base = broker.topic("overlap");
        Client subscriber = broker.client();
        subscriber.subscribe(base + "/#", 0);
        subscriber.subscribe(base + "/+", 1);
        Client publisher = broker.client();

        publisher.publish(Publish.to(base + "/a", "once").qos(1));

        List<Packet> copies = subscriber.messagesFrom(publisher);
        Unexpected.unless(!copies.isEmpty(), "nothing came");
        broker.recommended(copies.size() == 1, "%d copies for two subscriptions", copies.size());
    }

    @Spec(
            value = {"MQTT-3.3.4-6", "H-PUB-05"},
            says = "a client's PUBLISH has no subscription identifier")
    public void a_subscription_identifier_from_a_client_is_a_violation(Broker broker) {
        Client client = broker.client();

        client.send(Publish.to(broker.topic("t"), "x").with("0B 01"));

        client.expectViolation(PROTOCOL_ERROR);
    }

    @Spec(
            value = {"MQTT-3.4.2-1"},
            says = "a QoS 1 PUBLISH that nobody receives may be answered with 0x10")
    public void the_answer_tells_when_nobody_matches(Broker broker) {
        Client client = broker.client();

        client.send(Publish.to(broker.topic("nobody"), "lonely").qos(1, 9));

        Packet ack = client.expectAck(PacketType.PUBACK, 9);
        broker.recommended(ack.reason() == 0x10, "nobody matches, still %s", ack);
    }

    @Spec(
            value = {"MQTT-3.3.2-2", "MQTT3-3.3.5-2", "H-PUB-02"},
            says = "the broker's own topics cannot be published to")
    public void the_brokers_own_topics_are_read_only(Broker broker) {
        String topic = "$SYS/" + broker.id("x");
        Client watcher = broker.subscriber(topic, 1);
        Client client = broker.client();

        client.send(Publish.to(topic, "forged").qos(1, 3));

        client.receiveOrEnd()
                .filter(packet -> packet.type() == PacketType.PUBACK && broker.speaks5())
                .ifPresent(ack -> Unexpected.unless(ack.reason() >= 0x80, "accepted: %s", ack));
        watcher.expectNothingFrom(broker.client());
    }
}
