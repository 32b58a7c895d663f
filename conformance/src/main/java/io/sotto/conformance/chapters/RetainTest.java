package io.sotto.conformance.chapters;

import static io.sotto.conformance.Property.contentType;
import static io.sotto.conformance.Property.messageExpiry;
import static io.sotto.conformance.Property.userProperty;

import io.sotto.conformance.Broker;
import io.sotto.conformance.Client;
import io.sotto.conformance.Packet;
import io.sotto.conformance.PacketType;
import io.sotto.conformance.Publish;
import io.sotto.conformance.Spec;
import io.sotto.conformance.Unexpected;
import io.sotto.conformance.WallTime;
import java.util.Set;
import java.util.TreeSet;

/// Chapter 3.3.1.3: retained messages.
@SuppressWarnings("MemberName") // a test's name is a sentence
public final class RetainTest {
    private static final int ONLY_IF_NEW = 0x10;
    private static final int NEVER = 0x20;
    private static final int AS_PUBLISHED = 0x08;

    @Spec(
            value = {"MQTT-3.3.1-5", "MQTT3-3.3.1-5", "MQTT3-3.3.1-6", "MQTT3-3.3.1-8"},
            says = "a retained message is stored with its QoS and goes to later subscribers")
    public void a_retained_message_goes_to_later_subscribers(Broker broker) {
        for (int qos = 0; qos <= 2; qos++) {
            String topic = broker.topic("retained");
            Client publisher = broker.client();
            publisher.publish(Publish.to(topic, "older").qos(qos).retain());
            publisher.publish(Publish.to(topic, "newer").qos(qos).retain());
            publisher.settle();

            Client subscriber = broker.subscriber(topic, 2);

            Packet packet = subscriber.take(topic, "newer");
            Unexpected.unless(packet.retain(), "without the flag: %s", packet);
            Unexpected.unless(packet.qos() == qos, "with another QoS: %s", packet);
            subscriber.expectNothing();
        }
    }

    @Spec(
            value = {"MQTT-3.3.1-5"},
            says = "a retained message is stored with its properties")
    public void a_retained_message_keeps_its_properties(Broker broker) {
        String topic = broker.topic("retained");
        broker.client()
                .publish(
                        Publish.to(topic, "rich")
                                .qos(1)
                                .retain()
                                .with(contentType("text/plain"), userProperty("a", "1")));

        var properties = broker.subscriber(topic, 0).take(topic, "rich").properties();

        Unexpected.unless(
                properties.text(0x03).equals("text/plain")
                        && properties.userProperties().contains("a=1"),
                "stored with %s",
                properties);
    }

    @Spec(
            value = {"MQTT3-3.3.1-6", "MQTT-3.3.1-9"},
            says = "a new subscription gets the retained message of every matching topic, once")
    public void every_matching_topic_has_its_retained_message(Broker broker) {
        String base = broker.topic("many");
        Client publisher = broker.client();
        Set<String> expected = new TreeSet<>();
        for (int i = 0; i < 50; i++) {
            publisher.publish(Publish.to(base + "/" + i + "/x", "v").qos(1, i + 1).retain());
            expected.add(base + "/" + i + "/x");
        }
        publisher.publish(Publish.to(base + "/1/y", "another").qos(1).retain());

        Client subscriber = broker.subscriber(base + "/+/x", 0);

        Set<String> got = new TreeSet<>();
        for (int i = 0; i < 50; i++) {
            got.add(subscriber.expect(PacketType.PUBLISH).topic());
        }
        Unexpected.unless(got.equals(expected), "got only %d of 50 topics", got.size());
        subscriber.expectNothing();
    }

    @Spec(value = "MQTT3-3.3.1-7", says = "a retained QoS 0 message replaces the old one")
    public void a_retained_qos_0_message_replaces_the_old_one(Broker broker) {
        String topic = broker.topic("replaced");
        broker.client().publish(Publish.to(topic, "old").qos(1).retain());
        Client publisher = broker.client();
        publisher.publish(Publish.to(topic, "new").retain());
        publisher.settle();

        broker.subscriber(topic, 1).expectPublish(topic, "new");
    }

    @Spec(
            value = {"MQTT-3.3.1-12", "MQTT3-3.3.1-9"},
            says = "to a subscription that exists a message goes without the retain flag")
    public void a_live_retained_message_has_no_retain_flag(Broker broker) {
        String topic = broker.topic("live");
        Client subscriber = broker.subscriber(topic, 0);

        broker.client().publish(Publish.to(topic, "live").retain());

        Packet packet = subscriber.take(topic, "live");
        Unexpected.unless(!packet.retain(), "with the flag: %s", packet);
    }

    @Spec(
            value = {"MQTT-3.3.1-13"},
            says = "with retain as published the publisher's flag is kept, live and queued")
    public void retain_as_published_keeps_the_flag(Broker broker) {
        String topic = broker.topic("asPublished");
        String id = broker.id("rap");
        Client before = broker.connect().id(id).lasting().open();
        before.subscribe(topic, 1 | AS_PUBLISHED, "");
        Client publisher = broker.client();
        publisher.publish(Publish.to(topic, "live, retained").qos(1).retain());
        publisher.publish(Publish.to(topic, "live, plain").qos(1));
        expectRetain(before.take(topic, "live, retained"), true);
        expectRetain(before.take(topic, "live, plain"), false);
        before.disconnect();
        publisher.publish(Publish.to(topic, "queued, retained").qos(1).retain());
        publisher.publish(Publish.to(topic, "queued, plain").qos(1));

        Client after = broker.connect().id(id).lasting().open();

        expectRetain(after.take(topic, "queued, retained"), true);
        expectRetain(after.take(topic, "queued, plain"), false);
    }

    private static void expectRetain(Packet packet, boolean retain) {
        Unexpected.unless(packet.retain() == retain, "expected retain %s: %s", retain, packet);
    }

    @Spec(
            value = {"MQTT-3.3.1-6", "MQTT-3.3.1-7", "MQTT3-3.3.1-10", "MQTT3-3.3.1-11"},
            says = "an empty retained message is delivered, removes the stored one, is not stored")
    public void an_empty_retained_message_deletes(Broker broker) {
        String topic = broker.topic("deleted");
        Client publisher = broker.client();
        publisher.publish(Publish.to(topic, "stored").qos(1).retain());
        Client live = broker.client();
        live.subscribe(topic, 1);
        live.take(topic, "stored");

        publisher.publish(Publish.to(topic, "").qos(1).retain());

        expectRetain(live.take(topic, ""), false);
        broker.subscriber(topic, 0).expectNothing();
    }

    @Spec(
            value = {"MQTT-3.3.1-8", "MQTT3-3.3.1-12"},
            says = "a message without retain leaves the stored one alone")
    public void a_plain_message_leaves_the_retained_one_alone(Broker broker) {
        String topic = broker.topic("kept");
        Client publisher = broker.client();
        publisher.publish(Publish.to(topic, "stored").qos(1).retain());
        publisher.publish(Publish.to(topic, "plain").qos(1));
        publisher.publish(Publish.to(topic, "").qos(1));

        broker.subscriber(topic, 0).expectPublish(topic, "stored");
    }

    @Spec(
            value = {"MQTT-3.3.1-9", "MQTT-3.8.4-4", "MQTT3-3.8.4-3"},
            says = "every SUBSCRIBE brings the retained messages again")
    public void every_subscribe_brings_the_retained_message(Broker broker) {
        String topic = broker.topic("again");
        broker.client().publish(Publish.to(topic, "stored").qos(1).retain());
        Client subscriber = broker.client();
        for (int round = 0; round < 3; round++) {
            subscriber.subscribe(topic, 0);
            subscriber.expectPublish(topic, "stored");
            subscriber.expectNothing();
        }
    }

    @Spec(
            value = {"MQTT-3.3.1-10"},
            says = "retain handling 1: only a new subscription brings the retained message")
    public void retain_handling_1_sends_only_to_new_subscriptions(Broker broker) {
        String topic = broker.topic("new");
        String id = broker.id("new");
        broker.client().publish(Publish.to(topic, "stored").qos(1).retain());
        Client client = broker.connect().id(id).lasting().open();

        client.subscribe(topic, ONLY_IF_NEW, "");
        client.expectPublish(topic, "stored");
        client.subscribe(topic, ONLY_IF_NEW, "");
        client.expectNothing();
        client.unsubscribe(topic);
        client.subscribe(topic, ONLY_IF_NEW, "");
        client.expectPublish(topic, "stored");
        client.drop();

        // The subscription of a resumed session exists already.
        Client resumed = broker.connect().id(id).lasting().open();
        resumed.subscribe(topic, ONLY_IF_NEW, "");
        resumed.expectNothing();
    }

    @Spec(
            value = {"MQTT-3.3.1-11"},
            says = "retain handling 2: no retained message on SUBSCRIBE")
    public void retain_handling_2_sends_nothing(Broker broker) {
        String topic = broker.topic("never");
        broker.client().publish(Publish.to(topic, "stored").qos(1).retain());
        Client client = broker.client();

        client.subscribe(topic, NEVER, "");

        client.expectNothing();
    }

    @Spec(
            value = {"MQTT-3.3.2-5", "MQTT-3.3.2-6"},
            says = "a retained message vanishes at its expiry, and counts down until then")
    public void a_retained_message_expires(Broker broker) throws InterruptedException {
        String brief = broker.topic("brief");
        String longer = broker.topic("longer");
        Client publisher = broker.client();
        publisher.publish(Publish.to(brief, "gone").qos(1).retain().with(messageExpiry(1)));
        publisher.publish(Publish.to(longer, "here").qos(1).retain().with(messageExpiry(10)));

        WallTime.pass(2_200);

        broker.subscriber(brief, 0).expectNothing();
        Packet packet = broker.subscriber(longer, 0).expectPublish(longer, "here");
        long left = packet.properties().number(0x02, -1);
        Unexpected.unless(left >= 5 && left <= 8, "%d s are left of 10 after 2.2 s", left);
    }

    @Spec(
            value = {"MQTT-3.8.4-8", "MQTT3-3.8.4-6"},
            says = "a retained message is delivered at the lower of its QoS and the granted one")
    public void retained_delivery_has_the_lower_qos(Broker broker) {
        String base = broker.topic("matrix");
        Client publisher = broker.client();
        for (int published = 0; published <= 2; published++) {
            publisher.publish(Publish.to(base + "/" + published, "v").qos(published).retain());
        }
        publisher.settle();
        for (int granted = 0; granted <= 2; granted++) {
            Client subscriber = broker.subscriber(base + "/+", granted);
            for (Packet packet : subscriber.takeAll(3)) {
                int published = packet.topic().charAt(packet.topic().length() - 1) - '0';
                Unexpected.unless(
                        packet.qos() == Math.min(published, granted),
                        "published %d, granted %d: %s",
                        published,
                        granted,
                        packet);
            }
        }
    }
}
