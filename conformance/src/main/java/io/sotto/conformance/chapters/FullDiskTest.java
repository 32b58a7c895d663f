package io.sotto.conformance.chapters;

import io.sotto.conformance.Broker;
import io.sotto.conformance.Client;
import io.sotto.conformance.Packet;
import io.sotto.conformance.PacketType;
import io.sotto.conformance.Property;
import io.sotto.conformance.Publish;
import io.sotto.conformance.Spec;
import io.sotto.conformance.Unexpected;

/// Chapter 4.8: what cannot be kept is not acknowledged.
///
/// Runs against brokers whose disk has no room.
@SuppressWarnings("MemberName") // a test's name is a sentence
public final class FullDiskTest {
    private static final int QUOTA_EXCEEDED = 0x97;

    @Spec(
            value = {"MQTT3-4.8.0-2"},
            says = "a message that cannot be kept is not acknowledged, and its connection ends")
    public void a_message_that_cannot_be_kept_ends_its_connection(Broker broker) {
        broker.needsFullDisk();
        for (int qos = 1; qos <= 2; qos++) {
            Client publisher = broker.client();

            publisher.send(Publish.to(broker.topic("t"), "x").qos(qos, 1));

            publisher.expectClosed();
        }
    }

    @Spec(
            value = {"MQTT-3.4.2-1", "MQTT-3.5.2-1"},
            says = "a message that cannot be kept is refused with 0x97, and the connection goes on")
    public void a_message_that_cannot_be_kept_is_refused(Broker broker) {
        broker.needsFullDisk();
        Client publisher = broker.client();

        publisher.send(Publish.to(broker.topic("t"), "x").qos(1, 1));
        expectQuota(publisher.expect(PacketType.PUBACK));
        publisher.send(Publish.to(broker.topic("t"), "x").qos(2, 2));
        expectQuota(publisher.expect(PacketType.PUBREC));
    }

    @Spec(
            value = {"MQTT-3.2.2-7"},
            says = "a session that could not be kept is refused with 0x97")
    public void a_session_that_cannot_be_kept_is_refused(Broker broker) {
        broker.needsFullDisk();
        Client client = broker.connect().resume().with(Property.sessionExpiry(60)).send();

        client.expectConnectViolation(QUOTA_EXCEEDED);
    }

    @Spec(
            value = {"MQTT-4.3.1-1", "MQTT3-4.3.1-1"},
            says = "what need not be kept goes on")
    public void what_need_not_be_kept_goes_on(Broker broker) {
        broker.needsFullDisk();
        String topic = broker.topic("t");
        Client subscriber = broker.subscriber(topic, 0);

        broker.client().send(Publish.to(topic, "x"));

        subscriber.expectPublish(topic, "x");
    }

    private static void expectQuota(Packet ack) {
        Unexpected.unless(ack.reason() == QUOTA_EXCEEDED, "acknowledged: %s", ack);
    }
}
