package io.sotto.conformance.chapters;

import static io.sotto.conformance.Property.sessionExpiry;

import io.sotto.conformance.Broker;
import io.sotto.conformance.Client;
import io.sotto.conformance.Packet;
import io.sotto.conformance.PacketType;
import io.sotto.conformance.Publish;
import io.sotto.conformance.Spec;
import io.sotto.conformance.Unexpected;
import io.sotto.conformance.Version;
import io.sotto.conformance.WallTime;
import io.sotto.conformance.Will;
import java.util.List;

/// Chapters 3.1.2.4, 3.1.2.11.2, 3.1.4, 3.2.2.1 and 4.1: sessions begin, are resumed, taken over
/// and end.
@SuppressWarnings("MemberName") // a test's name is a sentence
public final class SessionTest {
    private static final int TAKEN_OVER = 0x8E;

    @Spec(
            value = {
                "MQTT-3.1.2-5",
                "MQTT3-3.1.2-4",
                "MQTT3-3.1.2-5",
                "MQTT3-3.2.2-2",
                "MQTT-3.2.2-3",
                "MQTT3-4.1.0-1",
                "MQTT-4.5.0-1",
                "MQTT3-4.5.0-1"
            },
            says = "a session is resumed with its subscriptions and what was queued meanwhile")
    public void a_session_is_resumed_with_its_queue(Broker broker) {
        String topic = broker.topic("queue");
        String id = broker.id("away");
        Client before = broker.connect().id(id).lasting().open();
        before.subscribe(topic, 2);
        before.drop();
        Client publisher = broker.client();
        for (int i = 0; i < 20; i++) {
            publisher.publish(Publish.to(topic, "message " + i).qos(1 + i % 2, 1 + i));
        }

        Client after = broker.connect().id(id).lasting().open();

        expectPresent(after, true);
        List<Packet> messages = after.takeAll(20);
        for (int i = 0; i < 20; i++) {
            Packet message = messages.get(i);
            String payload = message.payload().text();
            Unexpected.unless(payload.equals("message " + i), "message %d is %s", i, payload);
            Unexpected.unless(message.qos() == 1 + i % 2, "wrong QoS: %s", message);
        }
        publisher.publish(topic, "live");
        after.expectPublish(topic, "live");
    }

    @Spec(
            value = {"MQTT-3.1.2-6", "MQTT-3.2.2-3", "MQTT3-3.2.2-3", "MQTT3-3.1.2-4"},
            says = "without a session, clean start 0 makes one and says that none was present")
    public void a_session_that_is_not_there_is_made(Broker broker) {
        String topic = broker.topic("new");
        Client client = broker.connect().lasting().open();

        expectPresent(client, false);
        client.subscribe(topic, 0);
        broker.client().publish(topic, "works");
        client.expectPublish(topic, "works");
    }

    @Spec(
            value = {
                "MQTT-3.1.2-4",
                "MQTT-3.1.4-4",
                "MQTT-3.2.2-2",
                "MQTT3-3.1.2-6",
                "MQTT3-3.1.4-3",
                "MQTT3-3.2.2-1"
            },
            says = "clean start discards the old session: its subscriptions and its queue")
    public void a_clean_start_discards_the_old_session(Broker broker) {
        String topic = broker.topic("old");
        String id = broker.id("clean");
        Client before = broker.connect().id(id).lasting().open();
        before.subscribe(topic, 1);
        before.drop();
        Client publisher = broker.client();
        publisher.publish(Publish.to(topic, "queued").qos(1));

        Client clean = broker.connect().id(id).open();

        expectPresent(clean, false);
        clean.expectNothing();
        publisher.publish(Publish.to(topic, "live").qos(1));
        clean.expectNothingFrom(publisher);
    }

    @Spec(
            value = {"MQTT-3.1.2-4", "MQTT3-3.1.2-6", "MQTT3-3.2.2-3"},
            says = "nothing of a clean session is there afterwards")
    public void a_clean_session_ends_with_its_connection(Broker broker) {
        String id = broker.id("brief");
        String topic = broker.topic("brief");
        Client brief = broker.connect().id(id).open();
        brief.subscribe(topic, 1);
        brief.drop();

        Client after = broker.connect().id(id).lasting().open();

        expectPresent(after, false);
        Client publisher = broker.client();
        publisher.publish(Publish.to(topic, "nobody").qos(1));
        after.expectNothingFrom(publisher);
    }

    @Spec(
            value = {"MQTT-3.1.2-4", "MQTT-3.1.2-10"},
            says = "a clean start ends the old session, so its delayed will goes out")
    public void a_clean_start_sends_the_delayed_will_of_the_old_session(Broker broker) {
        String testament = broker.topic("will");
        String id = broker.id("clean");
        Client heir = broker.subscriber(testament, 0);
        broker.connect()
                .id(id)
                .lasting()
                .will(Will.to(testament, "at last").with("18 00000037")) // delay 55 s
                .open()
                .drop();

        Client clean = broker.connect().id(id).open();

        expectPresent(clean, false);
        heir.expectPublish(testament, "at last");
    }

    @Spec(
            value = {"MQTT-3.1.2-23", "MQTT-4.1.0-2", "MQTT-3.2.2-3"},
            says = "a session is kept for its expiry interval, and no longer")
    public void a_session_is_kept_until_its_expiry(Broker broker) throws InterruptedException {
        String id = broker.id("expiry");
        broker.connect().id(id).with(sessionExpiry(2)).open().drop();

        Client soon = broker.connect().id(id).resume().with(sessionExpiry(1)).open();
        expectPresent(soon, true);
        soon.drop();

        WallTime.pass(2_500);
        expectPresent(broker.connect().id(id).resume().open(), false);
    }

    @Spec(
            value = {"MQTT-3.1.2-23"},
            says = "without an expiry interval the session ends with the connection")
    public void without_an_expiry_the_session_ends_with_the_connection(Broker broker) {
        String id = broker.id("none");
        broker.connect().id(id).resume().open().drop();

        expectPresent(broker.connect().id(id).resume().open(), false);
    }

    @Spec(
            value = {"MQTT-3.1.2-23", "H-SES-04"},
            says = "DISCONNECT may change the expiry interval")
    public void disconnect_changes_the_expiry(Broker broker) {
        String id = broker.id("shorter");
        Client client = broker.connect().id(id).with(sessionExpiry(60)).open();

        client.sendPacket(0xE0, "00 05 11 00000000"); // DISCONNECT, session expiry 0
        client.expectClosed();

        expectPresent(broker.connect().id(id).resume().open(), false);
    }

    @Spec(
            value = {"MQTT-4.1.0-1", "MQTT3-4.1.0-2"},
            says = "a session lasts at least as long as its connection")
    public void a_connected_session_does_not_expire(Broker broker) throws InterruptedException {
        String topic = broker.topic("long");
        Client client = broker.connect().with(sessionExpiry(1)).open();
        client.subscribe(topic, 1);

        WallTime.pass(2_500);

        broker.client().publish(topic, "still subscribed");
        client.expectPublish(topic, "still subscribed");
    }

    @Spec(
            value = {"MQTT-3.1.4-3", "MQTT3-3.1.4-2", "H-CON-16"},
            says = "a second connection of the same identifier takes the session over")
    public void a_second_connection_takes_over(Broker broker) {
        String id = broker.id("twice");
        String topic = broker.topic("twice");
        Client old = broker.connect().id(id).lasting().open();
        old.subscribe(topic, 1);

        Client newcomer = broker.connect().id(id).lasting().open();

        old.expectViolation(TAKEN_OVER);
        expectPresent(newcomer, true);
        broker.client().publish(Publish.to(topic, "to the new one").qos(1));
        newcomer.take(topic, "to the new one");
    }

    @Spec(
            value = {"MQTT-3.1.4-3", "MQTT3-3.1.4-2", "H-CON-16"},
            says = "of many that fight for one identifier one stays")
    public void of_many_takeovers_one_stays(Broker broker) {
        String id = broker.id("fight");
        Client last = broker.connect().id(id).open();
        for (int i = 0; i < 30; i++) {
            Client next = broker.connect().id(id).open();
            last.expectViolation(TAKEN_OVER);
            last = next;
        }
        last.expectNothing();
    }

    @Spec(
            value = {"MQTT-3.1.4-2", "MQTT3-3.1.4-2", "MQTT3-3.1.4-3"},
            says = "a CONNECT that is refused takes nothing over and cleans nothing")
    public void a_refused_connect_leaves_the_session_alone(Broker broker) {
        String id = broker.id("victim");
        String topic = broker.topic("victim");
        Client victim = broker.connect().id(id).lasting().open();
        victim.subscribe(topic, 1);

        // Refused for its version, with the victim's identifier and a clean start.
        broker.open(Version.V5)
                .sendPacket(0x10, "<MQTT> 09 02 003C 00 <%s>".formatted(id))
                .expectConnectViolation(0x84, 0x01);

        broker.client().publish(topic, "unharmed");
        victim.expectPublish(topic, "unharmed");
    }

    @Spec(
            value = {"MQTT-3.2.0-1", "MQTT3-3.2.0-1"},
            says = "CONNACK comes before everything else, also when a queue waits")
    public void connack_precedes_the_queue(Broker broker) {
        String topic = broker.topic("race");
        String id = broker.id("race");
        Client first = broker.connect().id(id).lasting().open();
        first.subscribe(topic, 1);
        Client publisher = broker.client();
        for (int i = 1; i <= 50; i++) {
            publisher.publish(Publish.to(topic, "message " + i).qos(1, i));
        }

        for (int round = 0; round < 10; round++) {
            // open() fails if the first packet is anything but CONNACK
            Client next = broker.connect().id(id).lasting().open();
            expectPresent(next, true);
        }
    }

    @Spec(value = "MQTT-3.2.0-2", says = "a connection has one CONNACK")
    public void there_is_one_connack(Broker broker) {
        broker.client().expectNothing();
    }

    @Spec(
            value = {"MQTT-3.2.2-6", "MQTT3-3.2.2-4", "MQTT-3.2.2-7", "MQTT3-3.2.2-5"},
            says = "a refusal does not say that a session is present, and closes")
    public void a_refusal_knows_no_session(Broker broker) {
        String id = broker.id("present");
        broker.connect().id(id).lasting().open();

        // That it says so is checked whenever a CONNACK is read.
        broker.open(Version.V5)
                .sendPacket(0x10, "<MQTT> 09 00 003C 00 <%s>".formatted(id))
                .expectConnectViolation(0x84, 0x01);
    }

    @Spec(
            value = {"MQTT3-3.1.2-7"},
            says = "a retained message survives the session of its publisher")
    public void a_retained_message_survives_its_session(Broker broker) {
        String topic = broker.topic("retained");
        Client publisher = broker.client();
        publisher.publish(Publish.to(topic, "kept").qos(1).retain());
        publisher.disconnect();

        broker.subscriber(topic, 0).expectPublish(topic, "kept");
    }

    @Spec(
            value = {"MQTT-3.14.4-3", "MQTT-3.1.2-23"},
            says = "an unacknowledged message is sent again to the resumed session")
    public void what_was_not_acknowledged_comes_again(Broker broker) {
        String topic = broker.topic("again");
        String id = broker.id("again");
        Client before = broker.connect().id(id).lasting().open();
        before.subscribe(topic, 1);
        broker.client().publish(Publish.to(topic, "twice").qos(1));
        Packet first = before.expectPublish(topic, "twice");
        before.drop();

        Client after = broker.connect().id(id).lasting().open();

        Packet second = after.expectPublish(topic, "twice");
        Unexpected.unless(second.dup(), "a repetition without DUP: %s", second);
        Unexpected.unless(second.id() == first.id(), "another identifier: %s", second);
        after.sendAck(PacketType.PUBACK, second.id());
        after.expectNothing();
    }

    private static void expectPresent(Client client, boolean present) {
        Unexpected.unless(
                client.connAck().sessionPresent() == present,
                "expected session present %s: %s",
                present,
                client.connAck());
    }
}
