package io.sotto.conformance.chapters;

import io.sotto.conformance.Broker;
import io.sotto.conformance.Client;
import io.sotto.conformance.NotOffered;
import io.sotto.conformance.Packet;
import io.sotto.conformance.Publish;
import io.sotto.conformance.Spec;
import io.sotto.conformance.Unexpected;
import io.sotto.conformance.Will;
import java.util.List;
import java.util.Optional;

/// Chapters 3.2.2.3.4, 3.2.2.3.5 and 3.2.2.3.11 to 3.2.2.3.13: what a broker says it cannot do, and
/// how it keeps to it.
@SuppressWarnings("MemberName") // a test's name is a sentence
public final class CapabilitiesTest {
    private static final int MAXIMUM_QOS = 0x24;
    private static final int RETAIN_AVAILABLE = 0x25;
    private static final int QOS_NOT_SUPPORTED = 0x9B;
    private static final int RETAIN_NOT_SUPPORTED = 0x9A;

    @Spec(
            value = {"MQTT-3.2.2-9"},
            says = "a broker that announces no maximum QoS serves QoS 2")
    public void without_a_maximum_qos_2_is_served(Broker broker) {
        Client client = broker.client();
        if (client.connAck().properties().has(MAXIMUM_QOS)) {
            Unexpected.unless(maximumQos(client) < 2, "announced: %s", client.connAck());
        } else {
            client.publish(Publish.to(broker.topic("t"), "x").qos(2));
        }
    }

    @Spec(
            value = {"MQTT-3.2.2-10"},
            says = "SUBSCRIBE is accepted at any QoS, whatever the broker's maximum")
    public void every_qos_can_be_subscribed_to(Broker broker) {
        Client client = broker.client();
        for (int qos = 0; qos <= 2; qos++) {
            int granted = client.subscribeForCode(broker.topic("t"), qos, "");
            Unexpected.unless(granted <= qos, "%d got 0x%02X", qos, granted);
            broker.recommended(
                    granted == Math.min(qos, maximumQos(client)),
                    "QoS %d granted, above the maximum",
                    granted);
        }
    }

    @Spec(
            value = {"MQTT-3.2.2-11"},
            says = "a PUBLISH above the maximum QoS is refused")
    public void a_publish_above_the_maximum_qos_is_refused(Broker broker) {
        Client client = broker.client();
        int above = aboveMaximumQos(client);

        client.send(Publish.to(broker.topic("t"), "x").qos(above));

        client.expectViolation(QOS_NOT_SUPPORTED);
    }

    @Spec(
            value = {"MQTT-3.2.2-12"},
            says = "a will above the maximum QoS is refused")
    public void a_will_above_the_maximum_qos_is_refused(Broker broker) {
        int above = aboveMaximumQos(broker.client());

        broker.connect()
                .will(Will.to(broker.topic("t"), "x").qos(above))
                .send()
                .expectConnectViolation(QOS_NOT_SUPPORTED);
    }

    @Spec(
            value = {"MQTT-3.2.2-13"},
            says = "without retained messages a retained will is refused")
    public void a_retained_will_without_retain_is_refused(Broker broker) {
        requireNoRetain(broker.client().connAck());

        broker.connect()
                .will(Will.to(broker.topic("t"), "x").retained())
                .send()
                .expectConnectViolation(RETAIN_NOT_SUPPORTED);
    }

    @Spec(
            value = {"MQTT-3.2.2-14"},
            says = "without retained messages a retained PUBLISH is refused")
    public void a_retained_publish_without_retain_is_refused(Broker broker) {
        Client client = broker.client();
        requireNoRetain(client.connAck());

        client.send(Publish.to(broker.topic("t"), "x").retain());

        client.expectViolation(RETAIN_NOT_SUPPORTED);
    }

    @Spec(
            value = {"MQTT3-3.8.3-2", "MQTT-3.8.4-7"},
            says = "without wildcards a filter that has one is refused in its SUBACK")
    public void without_wildcards_such_filters_are_refused(Broker broker) {
        Client client = broker.client();
        if (isRefused(client, broker.topic("t") + "/+", broker.speaks5() ? 0xA2 : 0x80)) {
            Unexpected.unless(
                    !broker.speaks5() || client.connAck().properties().number(0x28, 1) == 0,
                    "not announced: %s",
                    client.connAck());
            broker.client().subscribe(broker.topic("t"), 0);
        } else {
            throw new NotOffered("doing without wildcards: the broker has them");
        }
    }

    /// Whether a subscription is refused with this code, be it in a SUBACK or by the end of the
    /// connection, which before 5.0 has no code.
    private static boolean isRefused(Client client, String filter, int code) {
        client.sendSubscribe(1, filter, 0, "");
        Optional<Packet> answer = client.receiveOrEnd();
        Unexpected.unless(
                answer.isEmpty() || List.of(0, code).contains(answer.get().reason()),
                "refused with %s",
                answer);
        return answer.isEmpty() || answer.get().reason() == code;
    }

    @Spec(
            value = {"MQTT-3.8.4-7"},
            says = "without shared subscriptions they are refused with 0x9E")
    public void without_shared_subscriptions_they_are_refused(Broker broker) {
        Client client = broker.client();
        if (client.connAck().properties().number(0x2A, 1) == 1) {
            throw new NotOffered("doing without shared subscriptions: the broker has them");
        }

        boolean refused = isRefused(client, "$share/group/" + broker.topic("t"), 0x9E);

        Unexpected.unless(refused, "granted, though announced as not available");
    }

    private static long maximumQos(Client client) {
        return client.connAck().properties().number(MAXIMUM_QOS, 2);
    }

    private static int aboveMaximumQos(Client client) {
        if (maximumQos(client) == 2) {
            throw new NotOffered("a limit on QoS: the broker serves all three");
        }
        return (int) maximumQos(client) + 1;
    }

    private static void requireNoRetain(Packet connAck) {
        if (connAck.properties().number(RETAIN_AVAILABLE, 1) == 1) {
            throw new NotOffered("doing without retained messages: the broker has them");
        }
    }
}
