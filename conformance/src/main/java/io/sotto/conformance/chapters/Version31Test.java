package io.sotto.conformance.chapters;

import io.sotto.conformance.Broker;
import io.sotto.conformance.Client;
import io.sotto.conformance.Connect;
import io.sotto.conformance.Packet;
import io.sotto.conformance.PacketType;
import io.sotto.conformance.Publish;
import io.sotto.conformance.Spec;
import io.sotto.conformance.Unexpected;
import io.sotto.conformance.Version;
import io.sotto.conformance.Will;

/// MQTT 3.1, where it differs from 3.1.1, whose statements allow to go on by "another
/// specification".
///
/// The rest of its differences stand with what they differ from: an empty identifier, DUP on
/// requests, the protocol's name.
@SuppressWarnings("MemberName") // a test's name is a sentence
public final class Version31Test {
    @Spec(
            value = {"MQTT3-3.1.2-1"},
            says = "3.1: messages of every QoS go both ways")
    public void messages_of_every_qos_go_both_ways(Broker broker) {
        String topic = broker.topic("both");
        Client client = open(connect(broker));
        client.subscribe(topic, 2);
        Client publisher = open(connect(broker));
        for (int qos = 0; qos <= 2; qos++) {
            publisher.publish(Publish.to(topic, "QoS " + qos).qos(qos));

            Packet message = client.take(topic, "QoS " + qos);

            Unexpected.unless(message.qos() == qos, "another QoS: %s", message);
        }
        client.unsubscribe(topic);
        client.expectNothing();
    }

    @Spec(
            value = {"MQTT3-3.1.2-1"},
            says = "3.1: a session is resumed, and CONNACK has no flag that says so")
    public void a_resumed_session_has_no_flag(Broker broker) {
        String topic = broker.topic("queue");
        String id = broker.id("old");
        Client before = open(connect(broker).id(id).resume());
        before.subscribe(topic, 1);
        before.drop();
        broker.client().publish(Publish.to(topic, "queued").qos(1));

        Client after = open(connect(broker).id(id).resume());

        Unexpected.unless(
                !after.connAck().sessionPresent(), "a reserved bit is set: %s", after.connAck());
        after.take(topic, "queued");
        after.disconnect();
        open(connect(broker).id(id)).disconnect();
    }

    @Spec(
            value = {"MQTT3-3.1.2-1"},
            says = "3.1: a will is published when the client is lost, and retained if it asks so")
    public void a_will_is_published(Broker broker) {
        String topic = broker.topic("will");
        Client heir = broker.subscriber(topic, 1);
        Client lost = open(connect(broker).will(Will.to(topic, "gone").qos(1).retained()));

        lost.drop();

        heir.take(topic, "gone");
        Packet retained = broker.subscriber(topic, 1).expectPublish(topic, "gone");
        Unexpected.unless(retained.retain(), "not retained: %s", retained);
        broker.client().publish(Publish.to(topic, "").retain().qos(1));
    }

    private static Connect connect(Broker broker) {
        return broker.connect().version(Version.V31);
    }

    private static Client open(Connect connect) {
        Client client = connect.send();
        Packet connAck = client.expectOffered(PacketType.CONNACK, "MQTT 3.1");
        client.accepted(connAck);
        return client;
    }
}
