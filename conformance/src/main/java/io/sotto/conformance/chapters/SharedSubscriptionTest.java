package io.sotto.conformance.chapters;

import static io.sotto.conformance.Property.receiveMaximum;
import static io.sotto.conformance.Property.sessionExpiry;

import io.sotto.conformance.Broker;
import io.sotto.conformance.Bystander;
import io.sotto.conformance.Client;
import io.sotto.conformance.Lenient;
import io.sotto.conformance.Packet;
import io.sotto.conformance.PacketType;
import io.sotto.conformance.Publish;
import io.sotto.conformance.Spec;
import io.sotto.conformance.Unexpected;
import io.sotto.conformance.Version;
import io.sotto.conformance.WallTime;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Chapter 4.8.2: shared subscriptions.
@SuppressWarnings("MemberName") // a test's name is a sentence
public final class SharedSubscriptionTest {
    private static final int MALFORMED = 0x81;
    private static final int PROTOCOL_ERROR = 0x82;
    private static final int FILTER_INVALID = 0x8F;

    @Spec(
            value = {"MQTT-4.8.2-1", "MQTT-4.8.2-2", "H-SUB-02"},
            says = "a shared filter is $share/, a name without wildcards, and a filter")
    public void a_broken_shared_filter_is_refused(Broker broker) {
        Bystander bystander = broker.bystander();
        for (String filter :
                List.of(
                        "$share",
                        "$share/",
                        "$share/g",
                        "$share//t",
                        "$share/ab",
                        "$share/g/",
                        "$share/g+/t",
                        "$share/+/t",
                        "$share/#/t",
                        "$share/g#/t",
                        "$share/g/a#",
                        "$share/g/#/b")) {
            Client client = broker.client();

            client.sendSubscribe(1, filter, 0, "");

            Packet packet = client.receive();
            boolean refused =
                    packet.type() == PacketType.SUBACK
                            ? packet.reason() == FILTER_INVALID
                            : packet.type() == PacketType.DISCONNECT
                                    && List.of(MALFORMED, PROTOCOL_ERROR, FILTER_INVALID)
                                            .contains(packet.reason());
            if (!refused) {
                throw new Lenient("%s: %s".formatted(filter, packet));
            }
        }
        // Nothing was stored that a message could trip over.
        broker.client().publish(Publish.to("t", "x").qos(1));
        bystander.noticesNothing();
    }

    @Spec(
            value = {"MQTT-4.8.2-1", "MQTT-3.3.2-3"},
            says = "each message goes to one member of the group, and to every other subscriber")
    public void each_message_goes_to_one_member(Broker broker) {
        String topic = broker.topic("shared");
        Client one = broker.subscriber("$share/group/" + topic, 1);
        Client two = broker.subscriber("$share/group/" + topic, 1);
        Client plain = broker.subscriber(topic, 1);
        Client publisher = broker.client();

        for (int i = 0; i < 10; i++) {
            publisher.publish(Publish.to(topic, "message " + i).qos(1));
        }

        Unexpected.unless(plain.takeAll(10).size() == 10, "the plain subscriber misses some");
        int ones = countUpTo(one, publisher, broker);
        int twos = countUpTo(two, publisher, broker);
        Unexpected.unless(ones + twos == 10, "%d and %d of 10", ones, twos);
        broker.recommended(ones > 0 && twos > 0, "unevenly: %d and %d of 10", ones, twos);
    }

    /// How many messages wait for this member.
    private static int countUpTo(Client member, Client publisher, Broker broker) {
        String marker = broker.topic("marker");
        member.sendSubscribe(9, marker, 1, "");
        int count = 0;
        for (Packet packet = member.receive(); ; packet = member.receive()) {
            if (packet.type() == PacketType.SUBACK) {
                publisher.publish(Publish.to(marker, "marker").qos(1));
            } else {
                member.acknowledge(packet);
                if (packet.topic().equals(marker)) {
                    return count;
                }
                count++;
            }
        }
    }

    @Spec(
            value = {"MQTT-4.8.2-1"},
            says = "3.1.1 clients take part too")
    public void older_clients_share_too(Broker broker) {
        String topic = broker.topic("shared");
        Client old = broker.connect().version(Version.V311).open();
        old.subscribe("$share/group/" + topic, 1);

        broker.client().publish(Publish.to(topic, "to the only member").qos(1));

        old.take(topic, "to the only member");
    }

    @Spec(
            value = {"MQTT-4.8.2-3"},
            says = "each member gets messages at its granted QoS")
    public void each_member_has_its_granted_qos(Broker broker) {
        for (int granted = 0; granted <= 2; granted++) {
            String topic = broker.topic("shared");
            Client member = broker.subscriber("$share/group/" + topic, granted);

            broker.client().publish(Publish.to(topic, "x").qos(2));

            Packet packet = member.take(topic, "x");
            Unexpected.unless(packet.qos() == granted, "granted %d: %s", granted, packet);
        }
    }

    @Spec(
            value = {"MQTT-4.8.2-1", "MQTT-3.3.1-9"},
            says = "a shared subscription gets no retained messages when it is made")
    public void no_retained_messages_for_a_shared_subscription(Broker broker) {
        String topic = broker.topic("shared");
        broker.client().publish(Publish.to(topic, "stored").qos(1).retain());

        broker.subscriber("$share/group/" + topic, 1).expectNothing();
    }

    @Spec(
            value = {"MQTT-4.8.2-4"},
            says = "a QoS 2 delivery that has begun is completed to its member")
    public void a_begun_qos_2_delivery_is_completed_to_its_member(Broker broker) {
        String topic = broker.topic("shared");
        String id = broker.id("member");
        Client member = broker.connect().id(id).lasting().open();
        member.subscribe("$share/group/" + topic, 2);
        Client publisher = broker.client();
        publisher.publish(Publish.to(topic, "begun").qos(2));
        Packet begun = member.expectPublish(topic, "begun");
        Client other = broker.subscriber("$share/group/" + topic, 2);
        member.drop();

        other.expectNothing();
        Client back = broker.connect().id(id).lasting().open();

        Packet again = back.take(topic, "begun");
        Unexpected.unless(again.dup() && again.id() == begun.id(), "came as %s", again);
        other.expectNothing();
    }

    @Spec(
            value = {"MQTT-4.8.2-5"},
            says = "if its session ends, a begun QoS 2 message goes to nobody else")
    public void a_begun_qos_2_message_ends_with_its_session(Broker broker)
            throws InterruptedException {
        String topic = broker.topic("shared");
        Client member = broker.connect().with(sessionExpiry(1)).resume().open();
        member.subscribe("$share/group/" + topic, 2);
        broker.client().publish(Publish.to(topic, "begun").qos(2));
        member.expectPublish(topic, "begun");
        Client other = broker.subscriber("$share/group/" + topic, 2);
        member.drop();

        WallTime.pass(2_200);

        other.expectNothing();
    }

    @Spec(
            value = {"MQTT-4.8.2-4"},
            says = "unacknowledged QoS 1 best goes to another member when a session ends")
    public void an_unacknowledged_qos_1_message_goes_to_another_member(Broker broker) {
        String topic = broker.topic("shared");
        Client member = broker.subscriber("$share/group/" + topic, 1);
        broker.client().publish(Publish.to(topic, "handed on").qos(1));
        member.expectPublish(topic, "handed on");
        Client other = broker.subscriber("$share/group/" + topic, 1);

        member.drop();

        boolean handedOn = other.receives(Duration.ofSeconds(5));
        broker.recommended(handedOn, "it is lost with its member");
    }

    @Spec(
            value = {"MQTT-4.8.2-6"},
            says = "a message that a member refuses is not handed to another")
    public void a_refused_message_is_not_handed_on(Broker broker) {
        String topic = broker.topic("shared");
        Client member = broker.subscriber("$share/group/" + topic, 2);
        Client publisher = broker.client();
        publisher.publish(Publish.to(topic, "one").qos(1));
        publisher.publish(Publish.to(topic, "two").qos(2));
        Packet one = member.expectPublish(topic, "one");
        Packet two = member.expectPublish(topic, "two");
        Client other = broker.subscriber("$share/group/" + topic, 2);

        member.sendPacket(0x40, "%04X 80".formatted(one.id()));
        member.sendPacket(0x50, "%04X 80".formatted(two.id()));
        member.expectNothing();
        member.drop();

        other.expectNothingFrom(publisher);
    }

    @Spec(
            value = {"MQTT-3.10.4-6"},
            says = "a shared and a plain subscription of the same filter end each by itself")
    public void shared_and_plain_subscriptions_are_apart(Broker broker) {
        String topic = broker.topic("shared");
        Client client = broker.client();
        client.subscribe(topic, 0);
        client.subscribe("$share/group/" + topic, 0);
        Client publisher = broker.client();

        client.unsubscribe(topic);
        publisher.publish(topic, "shared only");
        client.expectPublish(topic, "shared only");
        client.unsubscribe("$share/group/" + topic);
        publisher.publish(topic, "nobody");
        client.expectNothingFrom(publisher);
    }

    @Spec(
            value = {"MQTT-3.3.4-9"},
            says = "a member whose window is full does not hold up the group for ever")
    public void a_full_member_leaves_work_to_the_others(Broker broker) {
        String topic = broker.topic("shared");
        Client full = broker.connect().with(receiveMaximum(1)).open();
        full.subscribe("$share/group/" + topic, 1);
        Client free = broker.subscriber("$share/group/" + topic, 1);
        Client publisher = broker.client();

        for (int i = 0; i < 10; i++) {
            publisher.publish(Publish.to(topic, "message " + i).qos(1));
        }

        // The full one has at most the one message that fills its window.
        full.expect(PacketType.PUBLISH);
        full.expectNothing();
        Optional<Packet> last = Optional.empty();
        for (int i = 0; i < 4; i++) {
            last = free.receiveOrEnd();
            last.ifPresent(free::acknowledge);
        }
        Unexpected.unless(last.isPresent(), "the free member was closed");
    }
}
