package io.sotto.conformance.chapters;

import static io.sotto.conformance.Property.subscriptionId;

import io.sotto.conformance.Broker;
import io.sotto.conformance.Client;
import io.sotto.conformance.Packet;
import io.sotto.conformance.PacketType;
import io.sotto.conformance.Publish;
import io.sotto.conformance.Spec;
import io.sotto.conformance.Unexpected;
import io.sotto.conformance.Version;
import io.sotto.conformance.Will;
import java.util.List;
import java.util.Optional;

/// Chapters 3.8 and 3.9: SUBSCRIBE and SUBACK.
@SuppressWarnings("MemberName") // a test's name is a sentence
public final class SubscribeTest {
    private static final int MALFORMED = 0x81;
    private static final int PROTOCOL_ERROR = 0x82;
    private static final int NO_LOCAL = 0x04;

    @Spec(
            value = {
                "MQTT-3.8.4-1",
                "MQTT-3.8.4-2",
                "MQTT-2.2.1-6",
                "MQTT3-3.8.4-1",
                "MQTT3-3.8.4-2",
                "MQTT3-2.3.1-7"
            },
            says = "each SUBSCRIBE is answered with a SUBACK of its identifier")
    public void each_subscribe_has_its_suback(Broker broker) {
        Client client = broker.client();
        int[] ids = {1, 255, 256, 65_535, 7};
        for (int id : ids) {
            client.sendSubscribe(id, broker.topic("t"), 0, "");
        }

        for (int id : ids) {
            Packet subAck = client.expect(PacketType.SUBACK);
            Unexpected.unless(subAck.id() == id, "expected identifier %d: %s", id, subAck);
        }
    }

    @Spec(
            value = {
                "MQTT-3.8.4-5",
                "MQTT-3.8.4-6",
                "MQTT-3.8.4-7",
                "MQTT-3.9.3-1",
                "MQTT-3.9.3-2",
                "MQTT3-3.8.4-4",
                "MQTT3-3.8.4-5",
                "MQTT3-3.9.3-1",
                "MQTT3-3.9.3-2"
            },
            says = "one SUBACK has a code for each filter, in their order")
    public void each_filter_has_its_code_in_order(Broker broker) {
        String base = broker.topic("many");
        Client client = broker.client();
        StringBuilder filters = new StringBuilder();
        for (int i = 0; i < 100; i++) {
            filters.append("<%s/%d> %02X ".formatted(base, i, (i + i / 3) % 3));
        }

        client.sendPacket(0x82, "0009 %s %s".formatted(broker.noProperties(), filters));

        Packet subAck = client.expect(PacketType.SUBACK);
        Unexpected.unless(subAck.codes().size() == 100, "100 filters: %s", subAck);
        for (int i = 0; i < 100; i++) {
            Unexpected.unless(
                    subAck.codes().get(i) == (i + i / 3) % 3, "filter %d in %s", i, subAck);
        }
        broker.client().publish(base + "/99", "the last");
        client.expectPublish(base + "/99", "the last");
    }

    @Spec(
            value = {"MQTT-3.8.4-8", "MQTT3-3.8.4-6"},
            says = "delivery has the lower of the published and the granted QoS, live and queued")
    public void delivery_has_the_lower_qos(Broker broker) {
        for (int granted = 0; granted <= 2; granted++) {
            String topic = broker.topic("matrix");
            String id = broker.id("matrix");
            Client before = broker.connect().id(id).lasting().open();
            before.subscribe(topic, granted);
            Client publisher = broker.client();
            for (int published = 0; published <= 2; published++) {
                publisher.publish(Publish.to(topic, "live").qos(published));
                expectQos(before.take(topic, "live"), Math.min(published, granted));
            }
            before.disconnect();
            for (int published = 1; published <= 2 && granted > 0; published++) {
                publisher.publish(Publish.to(topic, "queued " + published).qos(published));
            }

            Client after = broker.connect().id(id).lasting().open();

            List<Packet> queued = after.takeAll(granted > 0 ? 2 : 0);
            for (int i = 0; i < queued.size(); i++) {
                expectQos(queued.get(i), Math.min(i + 1, granted));
            }
        }
    }

    private static void expectQos(Packet packet, int qos) {
        Unexpected.unless(packet.qos() == qos, "expected QoS %d: %s", qos, packet);
    }

    @Spec(
            value = {"MQTT-3.8.4-3", "MQTT3-3.8.4-3"},
            says = "the same filter again replaces the subscription")
    public void the_same_filter_replaces_the_subscription(Broker broker) {
        String topic = broker.topic("replaced");
        Client client = broker.client();
        Client publisher = broker.client();
        client.subscribe(topic, 2, subscriptionId(1));
        client.subscribe(topic, 0, subscriptionId(2));

        publisher.publish(Publish.to(topic, "once, at QoS 0").qos(2));

        Packet packet = client.expectPublish(topic, "once, at QoS 0");
        expectQos(packet, 0);
        if (broker.speaks5()) {
            Unexpected.unless(
                    packet.properties().all(0x0B).equals(List.of(2L)), "came with %s", packet);
        }
        client.expectNothingFrom(publisher);
    }

    @Spec(
            value = {"MQTT-3.8.4-4", "MQTT3-3.8.4-3"},
            says = "subscribing again loses no live message")
    public void subscribing_again_loses_nothing(Broker broker) {
        String topic = broker.topic("live");
        Client subscriber = broker.subscriber(topic, 1);
        Client publisher = broker.client();
        for (int i = 1; i <= 100; i++) {
            subscriber.sendSubscribe(i, topic, 1, "");
            publisher.publish(Publish.to(topic, "message " + i).qos(1, i));
        }

        int messages = 0;
        int answers = 0;
        while (messages < 100 || answers < 100) {
            Packet packet = subscriber.receive();
            if (packet.type() == PacketType.SUBACK) {
                answers++;
            } else {
                messages++;
                String payload = packet.payload().text();
                Unexpected.unless(
                        payload.equals("message " + messages), "%d is %s", messages, payload);
                subscriber.acknowledge(packet);
            }
        }
    }

    @Spec(
            value = {"MQTT-3.8.1-1", "MQTT3-3.8.1-1", "H-FRM-13"},
            says = "SUBSCRIBE has the flags 0010")
    public void subscribe_with_other_flags_is_malformed(Broker broker) {
        for (int firstByte : new int[] {0x80, 0x81, 0x83, 0x86, 0x8A}) {
            Client client = broker.client();

            client.sendPacket(firstByte, "0001 %s <a> 00".formatted(broker.noProperties()));

            client.expectViolation(MALFORMED);
        }
    }

    @Spec(
            value = {"MQTT3-3.8.1-1", "MQTT3-3.6.1-1", "MQTT3-3.10.1-1"},
            says = "MQTT 3.1 may set DUP on SUBSCRIBE, PUBREL and UNSUBSCRIBE")
    public void dup_is_tolerated_under_3_1(Broker broker) {
        Client old = broker.connect().version(Version.V31).open();

        old.sendPacket(0x8A, "0001 <%s> 00".formatted(broker.topic("t")));
        old.expectOffered(PacketType.SUBACK, "DUP on requests, as 3.1 has it");
        old.send(Publish.to(broker.topic("t"), "x").qos(2, 7));
        old.expectAck(PacketType.PUBREC, 7);
        old.sendPacket(0x6A, "0007");
        old.expectAck(PacketType.PUBCOMP, 7);
        old.sendPacket(0xAA, "0002 <a>");
        old.expectAck(PacketType.UNSUBACK, 2);
    }

    @Spec(
            value = {
                "MQTT-3.8.3-1",
                "MQTT3-3.8.3-1",
                "MQTT-1.5.4-1",
                "MQTT3-1.5.3-1",
                "MQTT3-1.5.3-2"
            },
            says = "filters are UTF-8")
    public void a_filter_that_is_not_utf_8_is_a_violation(Broker broker) {
        for (String filter : Strings.NOT_UTF_8) {
            Client client = broker.client();

            client.sendPacket(0x82, "0001 %s %s 00".formatted(broker.noProperties(), filter));

            client.expectViolation(MALFORMED);
        }
    }

    @Spec(
            value = {"MQTT-3.8.3-2", "MQTT3-3.8.3-3"},
            says = "SUBSCRIBE has at least one filter with its options")
    public void a_subscribe_without_filters_is_a_violation(Broker broker) {
        String none = broker.noProperties();
        Client empty = broker.client();
        empty.sendPacket(0x82, "0001 " + none);
        empty.expectViolation(PROTOCOL_ERROR);

        for (String cut : List.of("<a>", "<a> 00 <b>", "0005 'a'", "00")) {
            Client client = broker.client();
            client.sendPacket(0x82, "0001 %s %s".formatted(none, cut));
            client.expectViolation(MALFORMED);
        }
    }

    @Spec(
            value = {"MQTT3-3-8.3-4", "MQTT-3.8.3-5", "MQTT-3.3.1-11", "H-SUB-04"},
            says = "reserved option bits, QoS 3 and retain handling 3 are violations")
    public void wrong_options_are_a_violation(Broker broker) {
        List<Integer> wrong =
                broker.speaks5()
                        ? List.of(0x03, 0x40, 0x80, 0xC0, 0x30)
                        : List.of(0x03, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80);
        for (int options : wrong) {
            String good = broker.topic("good");
            Client client = broker.client();

            client.sendPacket(
                    0x82,
                    "0001 %s <%s> 00 <%s> %02X"
                            .formatted(broker.noProperties(), good, broker.topic("t"), options));

            client.expectViolation(options < 0x40 ? PROTOCOL_ERROR : MALFORMED, MALFORMED);
        }
    }

    @Spec(
            value = {"MQTT-3.8.3-3"},
            says = "with no local nothing comes back to its publisher, live, queued or as will")
    public void no_local_keeps_a_clients_own_messages_away(Broker broker) {
        String topic = broker.topic("echo");
        String id = broker.id("echo");
        Client client =
                broker.connect().id(id).lasting().will(Will.to(topic, "own will").qos(1)).open();
        client.subscribe(topic, 1 | NO_LOCAL, "");

        client.publish(Publish.to(topic, "own").qos(1));
        broker.client().publish(Publish.to(topic, "foreign").qos(1));
        client.take(topic, "foreign");
        client.expectNothing();
        client.drop();

        Client after = broker.connect().id(id).lasting().open();
        after.publish(Publish.to(topic, "own again").qos(1));
        after.expectNothing();
    }

    @Spec(
            value = {"MQTT-3.8.3-3"},
            says = "without no local a client's own messages come back")
    public void without_no_local_own_messages_come_back(Broker broker) {
        String topic = broker.topic("echo");
        Client client = broker.subscriber(topic, 0);

        client.publish(topic, "own");

        client.expectPublish(topic, "own");
    }

    @Spec(
            value = {"MQTT-3.8.3-4", "H-SUB-03"},
            says = "no local on a shared subscription is a protocol error")
    public void no_local_on_a_shared_subscription_is_refused(Broker broker) {
        Client client = broker.client();

        client.sendSubscribe(1, "$share/group/" + broker.topic("t"), NO_LOCAL, "");

        client.expectViolation(PROTOCOL_ERROR);
    }

    @Spec(
            value = {"MQTT-3.8.3-2", "H-SUB-10"},
            says = "a subscription identifier is 1 to 268,435,455, once")
    public void wrong_subscription_identifiers_are_refused(Broker broker) {
        for (String wrong :
                List.of(
                        "0B 00", // 0
                        "0B 01 0B 02", // two
                        "0B 81 00", // 1 in two bytes
                        "0B 80 80 80 80 01", // five bytes
                        "01 00", // payload format
                        "11 00000001")) { // session expiry
            Client client = broker.client();

            client.sendSubscribe(1, broker.topic("t"), 0, wrong);

            client.expectViolation(PROTOCOL_ERROR, MALFORMED);
        }
    }

    @Spec(
            value = {"MQTT-3.8.4-7", "MQTT3-3.9.3-2", "H-SUB-01"},
            says = "a filter of very many levels is served, or refused, best in its SUBACK")
    public void a_filter_of_a_thousand_levels_is_answered(Broker broker) {
        Client client = broker.client();

        client.sendSubscribe(1, "/".repeat(1_000), 0, "");

        Optional<Packet> answer = client.receiveOrEnd();
        boolean subAck = answer.filter(p -> p.type() == PacketType.SUBACK).isPresent();
        broker.recommended(subAck, "the connection is closed instead");
        if (subAck) {
            int code = answer.get().reason();
            Unexpected.unless(
                    code == 0 || code == (broker.speaks5() ? 0x8F : 0x80) || code == 0x97,
                    "answered with 0x%02X",
                    code);
            client.expectNothing();
        }
    }
}
