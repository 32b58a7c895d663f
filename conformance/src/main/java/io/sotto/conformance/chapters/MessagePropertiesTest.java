package io.sotto.conformance.chapters;

import static io.sotto.conformance.Property.contentType;
import static io.sotto.conformance.Property.correlationData;
import static io.sotto.conformance.Property.messageExpiry;
import static io.sotto.conformance.Property.payloadFormat;
import static io.sotto.conformance.Property.responseTopic;
import static io.sotto.conformance.Property.subscriptionId;
import static io.sotto.conformance.Property.userProperty;

import io.sotto.conformance.Broker;
import io.sotto.conformance.Bytes;
import io.sotto.conformance.Client;
import io.sotto.conformance.Packet;
import io.sotto.conformance.PacketType;
import io.sotto.conformance.Properties;
import io.sotto.conformance.Publish;
import io.sotto.conformance.Spec;
import io.sotto.conformance.Unexpected;
import io.sotto.conformance.WallTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Chapter 3.3.2.3: the properties of a message, on their way through the broker.
@SuppressWarnings("MemberName") // a test's name is a sentence
public final class MessagePropertiesTest {
    private static final int MALFORMED = 0x81;
    private static final int PROTOCOL_ERROR = 0x82;
    private static final int TOPIC_INVALID = 0x90;

    @Spec(
            value = "MQTT-3.3.2-4",
            says = "the payload format indicator is passed on unchanged, or absent")
    public void the_payload_format_stays_as_it_is(Broker broker) {
        Unexpected.unless(passedOn(broker, payloadFormat(0)).number(0x01, -1) == 0, "0 is lost");
        Unexpected.unless(passedOn(broker, payloadFormat(1)).number(0x01, -1) == 1, "1 is lost");
        Unexpected.unless(passedOn(broker, "").isEmpty(), "from nothing came something");
    }

    @Spec(
            value = {"MQTT-3.3.2-15", "MQTT-3.3.2-20"},
            says = "response topic and content type stay")
    public void response_topic_and_content_type_are_passed_on(Broker broker) {
        Properties got =
                passedOn(broker, responseTopic("reply/\u00fcber") + contentType("text/\u00e4"));

        Unexpected.unless(got.text(0x08).equals("reply/\u00fcber"), "response topic in %s", got);
        Unexpected.unless(got.text(0x03).equals("text/\u00e4"), "content type in %s", got);
    }

    @Spec(
            value = {"MQTT-3.3.2-16"},
            says = "correlation data is passed on, whatever its bytes")
    public void correlation_data_is_passed_on(Broker broker) {
        for (String hex : List.of("", "00", "00FF80C0", "AB".repeat(10_000))) {
            Properties got = passedOn(broker, correlationData(hex));

            Unexpected.unless(
                    got.all(0x09).equals(List.of(Bytes.of(hex))),
                    "%d bytes of correlation data came as %s",
                    hex.length() / 2,
                    got);
        }
    }

    @Spec(
            value = {"MQTT-3.3.2-17", "MQTT-3.3.2-18", "MQTT-1.5.7-1"},
            says = "user properties are passed on unchanged and in order")
    public void user_properties_keep_their_order(Broker broker) {
        StringBuilder properties = new StringBuilder(userProperty("", "") + userProperty("a", ""));
        List<Object> expected = new ArrayList<>(List.of("=", "a="));
        for (int i = 0; i < 60; i++) {
            properties.append(userProperty("key" + i % 3, "value" + i));
            expected.add("key" + i % 3 + "=value" + i);
        }

        Properties got = passedOn(broker, properties.toString());

        Unexpected.unless(got.userProperties().equals(expected), "they came as %s", got);
    }

    @Spec(
            value = {
                "MQTT-3.3.2-15",
                "MQTT-3.3.2-16",
                "MQTT-3.3.2-17",
                "MQTT-3.3.2-18",
                "MQTT-3.3.2-20"
            },
            says = "properties also survive the queue of an absent client")
    public void properties_survive_the_queue(Broker broker) {
        String topic = broker.topic("queued");
        String id = broker.id("queued");
        Client before = broker.connect().id(id).lasting().open();
        before.subscribe(topic, 1);
        before.drop();
        broker.client()
                .publish(
                        Publish.to(topic, "rich")
                                .qos(1)
                                .with(
                                        contentType("c"),
                                        responseTopic("r"),
                                        correlationData("00FF"),
                                        userProperty("b", "2"),
                                        userProperty("a", "1")));

        Properties got = broker.connect().id(id).lasting().open().take(topic, "rich").properties();

        Unexpected.unless(
                got.text(0x03).equals("c")
                        && got.text(0x08).equals("r")
                        && got.text(0x09).equals("00 FF")
                        && got.userProperties().equals(List.of("b=2", "a=1")),
                "they came as %s",
                got);
    }

    @Spec(
            value = {"MQTT-3.3.2-6"},
            says = "the forwarded expiry is what is left of it")
    public void the_expiry_counts_down_while_waiting(Broker broker) throws InterruptedException {
        String topic = broker.topic("waiting");
        String id = broker.id("waiting");
        Client before = broker.connect().id(id).lasting().open();
        before.subscribe(topic, 1);
        before.drop();
        broker.client().publish(Publish.to(topic, "later").qos(1).with(messageExpiry(10)));

        WallTime.pass(2_200);

        Packet packet = broker.connect().id(id).lasting().open().take(topic, "later");
        long left = packet.properties().number(0x02, -1);
        Unexpected.unless(left >= 5 && left <= 8, "%d s are left of 10 after 2.2 s", left);
    }

    @Spec(
            value = {"MQTT-3.3.2-5"},
            says = "a message that expired in the queue is not delivered and blocks nothing")
    public void an_expired_message_is_not_delivered(Broker broker) throws InterruptedException {
        String topic = broker.topic("expired");
        String id = broker.id("expired");
        Client before = broker.connect().id(id).lasting().open();
        before.subscribe(topic, 1);
        before.drop();
        Client publisher = broker.client();
        publisher.publish(Publish.to(topic, "expired").qos(1).with(messageExpiry(1)));
        publisher.publish(Publish.to(topic, "lasting").qos(1));

        WallTime.pass(2_200);

        Client after = broker.connect().id(id).lasting().open();
        after.take(topic, "lasting");
        after.expectNothing();
    }

    @Spec(
            value = {
                "MQTT-3.3.2-13",
                "MQTT-3.3.2-19",
                "MQTT-1.5.4-1",
                "MQTT-1.5.4-2",
                "MQTT-1.5.7-1"
            },
            says = "strings in properties are UTF-8 without U+0000")
    public void strings_in_properties_are_utf_8(Broker broker) {
        for (String bytes : Strings.NOT_UTF_8) {
            for (String property :
                    List.of(
                            "08 " + bytes,
                            "03 " + bytes,
                            "26 <k>" + bytes,
                            "26 " + bytes + "<v>")) {
                Client client = broker.client();

                client.send(Publish.to(broker.topic("t"), "x").with(property));

                client.expectViolation(MALFORMED, TOPIC_INVALID);
            }
        }
    }

    @Spec(
            value = {"MQTT-3.3.2-14", "H-PUB-06"},
            says = "a response topic has no wildcards")
    public void a_response_topic_with_wildcards_is_refused(Broker broker) {
        for (String topic : List.of("a/#", "+", "#")) {
            Client client = broker.client();

            client.send(Publish.to(broker.topic("t"), "x").with(responseTopic(topic)));

            client.expectViolation(PROTOCOL_ERROR, TOPIC_INVALID);
        }
    }

    @Spec(
            value = {"MQTT-4.13.1-1", "H-PUB-06"},
            says = "properties that PUBLISH does not have, or has once, are refused")
    public void wrong_publish_properties_are_refused(Broker broker) {
        for (String wrong :
                List.of(
                        "01 02", // payload format 2
                        "01 00 01 00", // twice
                        "02 00000001 02 00000001", // message expiry twice
                        "03 <a> 03 <a>", // content type twice
                        "08 <a> 08 <a>", // response topic twice
                        "09 0001 00 09 0001 00", // correlation data twice
                        "23 0001 23 0001", // topic alias twice
                        "11 00000001", // session expiry
                        "1F <reason>", // reason string
                        "7F 00", // unknown
                        "26 <key>", // a pair without its value
                        "02 0000")) { // cut
            Client client = broker.client();

            client.send(Publish.to(broker.topic("t"), "x").with(wrong));

            client.expectViolation(MALFORMED, PROTOCOL_ERROR);
        }
    }

    @Spec(
            value = {"MQTT-1.5.5-1", "MQTT-2.2.2-1"},
            says = "the length of properties has the shortest form, and is there")
    public void a_broken_property_length_is_malformed(Broker broker) {
        for (String length :
                List.of("80 00", "81 00 01 00", "FF FF FF FF 7F", "80 80 80 80 01", "05", "")) {
            Client client = broker.client();

            client.sendPacket(0x30, "<%s> %s".formatted(broker.topic("t"), length));

            client.expectViolation(MALFORMED);
        }
    }

    @Spec(
            value = {"MQTT-3.3.4-3", "MQTT-3.3.4-4", "MQTT-3.3.4-5"},
            says =
                    "overlapping subscriptions send their identifiers, together or each with its own")
    public void overlapping_subscriptions_send_their_identifiers(Broker broker) {
        String base = broker.topic("ids");
        Client subscriber = broker.client();
        subscriber.subscribe(base + "/#", 1, subscriptionId(1));
        subscriber.subscribe(base + "/+", 1, subscriptionId(200));
        subscriber.subscribe(base + "/a", 1, subscriptionId(268_435_455));
        Client publisher = broker.client();

        publisher.publish(Publish.to(base + "/a", "three").qos(1));

        Set<Object> ids = new HashSet<>();
        for (int copies = 0; ids.size() < 3; copies++) {
            Unexpected.unless(copies < 3, "three copies, but identifiers %s", ids);
            ids.addAll(subscriber.take(base + "/a", "three").properties().all(0x0B));
        }
        Unexpected.unless(ids.equals(Set.of(1L, 200L, 268_435_455L)), "they came as %s", ids);
        publisher.publish(Publish.to(base + "/b/c", "one").qos(1));
        Properties one = subscriber.take(base + "/b/c", "one").properties();
        Unexpected.unless(one.all(0x0B).equals(List.of(1L)), "identifiers came as %s", one);
    }

    @Spec(
            value = {"MQTT-1.5.4-3", "MQTT3-1.5.3-3"},
            says = "the bytes EF BB BF are a character that stays")
    public void the_byte_order_mark_is_a_character(Broker broker) {
        String topic = broker.topic("mark");
        String marked = topic + "/\uFEFFa";
        Client subscriber = broker.subscriber(marked, 0);
        Client other = broker.subscriber(topic + "/a", 0);
        Client publisher = broker.client();

        publisher.publish(
                Publish.to(marked, "x")
                        .with(contentType("\uFEFFc"), userProperty("\uFEFFk", "\uFEFFv")));

        Properties got = subscriber.expectPublish(marked, "x").properties();
        if (broker.speaks5()) {
            Unexpected.unless(
                    got.text(0x03).equals("\uFEFFc")
                            && got.userProperties().contains("\uFEFFk=\uFEFFv"),
                    "the mark is lost: %s",
                    got);
        }
        other.expectNothingFrom(publisher);
    }

    /// The properties with which a message arrives that was published with these.
    private static Properties passedOn(Broker broker, String properties) {
        String topic = broker.topic("passed");
        Client subscriber = broker.subscriber(topic, 1);
        broker.client().publish(Publish.to(topic, "x").qos(1).with(properties));
        Packet packet = subscriber.expect(PacketType.PUBLISH);
        subscriber.acknowledge(packet);
        return packet.properties();
    }
}
