package io.sotto.conformance.chapters;

import io.sotto.conformance.Broker;
import io.sotto.conformance.Client;
import io.sotto.conformance.Packet;
import io.sotto.conformance.PacketType;
import io.sotto.conformance.Publish;
import io.sotto.conformance.Spec;
import io.sotto.conformance.Unexpected;
import java.util.List;

/// Chapters 3.10 and 3.11: UNSUBSCRIBE and UNSUBACK.
@SuppressWarnings("MemberName") // a test's name is a sentence
public final class UnsubscribeTest {
    private static final int MALFORMED = 0x81;
    private static final int PROTOCOL_ERROR = 0x82;
    private static final int NO_SUBSCRIPTION = 0x11;

    @Spec(
            value = {"MQTT-3.10.4-1", "MQTT-3.10.4-2", "MQTT3-3.10.4-1", "MQTT3-3.10.4-2"},
            says = "exactly the named subscription ends, and no new messages come for it")
    public void only_the_named_subscription_ends(Broker broker) {
        String base = broker.topic("exact");
        Client client = broker.client();
        client.subscribe(base + "/+", 0);
        client.subscribe(base + "/b", 0);
        Client publisher = broker.client();

        for (String near : List.of(base + "//b", base + "/B", base + "/#", base)) {
            client.unsubscribe(near);
        }
        client.unsubscribe(base + "/+");

        publisher.publish(base + "/a", "no longer");
        publisher.publish(base + "/b", "still");
        client.expectPublish(base + "/b", "still");
        client.expectNothingFrom(publisher);
    }

    @Spec(
            value = {"MQTT-3.10.4-3", "MQTT3-3.10.4-3"},
            says = "deliveries that have begun are finished")
    public void a_delivery_that_has_begun_is_finished(Broker broker) {
        String topic = broker.topic("begun");
        Client client = broker.subscriber(topic, 2);
        broker.client().publish(Publish.to(topic, "begun").qos(2));
        Packet publish = client.expectPublish(topic, "begun");

        client.unsubscribe(topic);

        client.acknowledge(publish);
        client.expectNothing();
    }

    @Spec(
            value = {
                "MQTT-3.10.4-4",
                "MQTT-3.10.4-5",
                "MQTT-2.2.1-6",
                "MQTT3-3.10.4-4",
                "MQTT3-3.10.4-5",
                "MQTT3-2.3.1-7"
            },
            says = "UNSUBACK has the identifier of its request, even if nothing ended")
    public void each_unsubscribe_has_its_unsuback(Broker broker) {
        Client client = broker.client();
        int[] ids = {1, 255, 256, 65_535};
        for (int id : ids) {
            client.sendPacket(
                    0xA2,
                    "%04X %s <%s>".formatted(id, broker.noProperties(), broker.topic("unknown")));
        }

        for (int id : ids) {
            Packet unsubAck = client.expect(PacketType.UNSUBACK);
            Unexpected.unless(unsubAck.id() == id, "expected %d: %s", id, unsubAck);
            broker.recommended(
                    !broker.speaks5() || unsubAck.codes().equals(List.of(NO_SUBSCRIPTION)),
                    "nothing ended: %s",
                    unsubAck);
        }
    }

    @Spec(
            value = {"MQTT-3.10.4-6", "MQTT-3.11.3-1", "MQTT-3.11.3-2", "MQTT3-3.10.4-6"},
            says = "several filters have one UNSUBACK, with codes in their order")
    public void several_filters_have_one_unsuback(Broker broker) {
        String one = broker.topic("one");
        String two = broker.topic("two");
        Client client = broker.client();
        client.subscribe(one, 0);
        client.subscribe(two, 0);

        client.sendPacket(
                0xA2,
                "0009 %s <%s> <%s/never> <%s>".formatted(broker.noProperties(), one, one, two));

        Packet unsubAck = client.expect(PacketType.UNSUBACK);
        int count = unsubAck.codes().size();
        Unexpected.unless(!broker.speaks5() || count == 3, "three filters: %s", unsubAck);
        broker.recommended(
                !broker.speaks5() || unsubAck.codes().equals(List.of(0, NO_SUBSCRIPTION, 0)),
                "known, unknown, known: %s",
                unsubAck);
        Client publisher = broker.client();
        publisher.publish(one, "no longer");
        publisher.publish(two, "no longer");
        client.expectNothingFrom(publisher);
    }

    @Spec(
            value = {"MQTT-3.10.1-1", "MQTT3-3.10.1-1", "H-FRM-13"},
            says = "UNSUBSCRIBE has the flags 0010")
    public void unsubscribe_with_other_flags_is_malformed(Broker broker) {
        for (int firstByte : new int[] {0xA0, 0xA1, 0xA3, 0xAA}) {
            Client client = broker.client();

            client.sendPacket(firstByte, "0001 %s <a>".formatted(broker.noProperties()));

            client.expectViolation(MALFORMED);
        }
    }

    @Spec(
            value = {"MQTT-3.10.3-1", "MQTT3-3.10.3-1"},
            says = "filters are UTF-8, one after another")
    public void a_filter_that_is_not_utf_8_is_a_violation(Broker broker) {
        for (String filter : Strings.NOT_UTF_8) {
            Client client = broker.client();

            client.sendPacket(0xA2, "0001 %s %s".formatted(broker.noProperties(), filter));

            client.expectViolation(MALFORMED);
        }
        for (String cut : List.of("0005 'a'", "<a> 00", "FFFF 'a'")) {
            Client client = broker.client();

            client.sendPacket(0xA2, "0001 %s %s".formatted(broker.noProperties(), cut));

            client.expectViolation(MALFORMED);
        }
    }

    @Spec(
            value = {"MQTT-3.10.3-2", "MQTT3-3.10.3-2"},
            says = "UNSUBSCRIBE has at least one filter")
    public void an_unsubscribe_without_filters_is_a_violation(Broker broker) {
        Client client = broker.client();

        client.sendPacket(0xA2, "0001 " + broker.noProperties());

        client.expectViolation(PROTOCOL_ERROR);
    }
}
