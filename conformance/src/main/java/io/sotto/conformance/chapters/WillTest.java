package io.sotto.conformance.chapters;

import static io.sotto.conformance.Property.sessionExpiry;
import static io.sotto.conformance.Property.userProperty;
import static io.sotto.conformance.Property.willDelay;

import io.sotto.conformance.Broker;
import io.sotto.conformance.Bystander;
import io.sotto.conformance.Client;
import io.sotto.conformance.NotOffered;
import io.sotto.conformance.Packet;
import io.sotto.conformance.Spec;
import io.sotto.conformance.Unexpected;
import io.sotto.conformance.WallTime;
import io.sotto.conformance.Will;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Chapters 3.1.2.5 to 3.1.2.7, 3.1.3.2 and 3.1.3.3: the will, when it is published and when not.
@SuppressWarnings("MemberName") // a test's name is a sentence
public final class WillTest {
    private static final int MALFORMED = 0x81;
    private static final int PROTOCOL_ERROR = 0x82;
    private static final int TOPIC_INVALID = 0x90;

    @Spec(
            value = {"MQTT-3.1.2-7", "MQTT-3.1.2-8", "MQTT3-3.1.2-8"},
            says = "the will is published when the connection ends without DISCONNECT")
    public void a_lost_connection_publishes_the_will(Broker broker) {
        String testament = broker.topic("will");
        Client heir = broker.subscriber(testament, 2);

        broker.connect().will(Will.to(testament, "lost").qos(1)).open().drop();

        Packet will = heir.take(testament, "lost");
        Unexpected.unless(will.qos() == 1, "a will of QoS 1 came as %s", will);
        Unexpected.unless(!will.retain(), "a will that is not retained came as %s", will);
    }

    @Spec(
            value = {"MQTT-3.1.2-8", "MQTT3-3.1.2-8", "H-TCP-05"},
            says = "the will is published when the connection is reset")
    public void a_reset_publishes_the_will(Broker broker) {
        String testament = broker.topic("will");
        Client heir = broker.subscriber(testament, 0);

        broker.connect().will(Will.to(testament, "reset")).open().reset();

        heir.expectPublish(testament, "reset");
    }

    @Spec(
            value = {"MQTT-3.1.2-8", "MQTT3-3.1.2-8", "MQTT-4.13.1-1", "MQTT3-4.8.0-1"},
            says = "the will is published when the broker closes for a violation")
    public void a_violation_publishes_the_will(Broker broker) {
        String testament = broker.topic("will");
        Client heir = broker.subscriber(testament, 0);
        Bystander bystander = broker.bystander();
        Client client = broker.connect().will(Will.to(testament, "violation")).open();

        client.send("C1 00"); // PINGREQ with a wrong flag

        client.expectViolation(MALFORMED);
        heir.expectPublish(testament, "violation");
        bystander.noticesNothing();
    }

    @Spec(
            value = {"MQTT-3.1.2-8", "MQTT3-3.1.2-8", "MQTT3-3.1.4-2"},
            says = "the will is published when another connection takes over")
    public void a_takeover_publishes_the_will(Broker broker) {
        String testament = broker.topic("will");
        String id = broker.id("twice");
        Client heir = broker.subscriber(testament, 0);
        broker.connect().id(id).will(Will.to(testament, "taken over")).open();

        broker.connect().id(id).open();

        heir.expectPublish(testament, "taken over");
    }

    @Spec(
            value = {"MQTT-3.14.4-3", "MQTT-3.1.2-10", "MQTT3-3.14.4-3", "MQTT3-3.1.2-10"},
            says = "DISCONNECT throws the will away")
    public void a_disconnect_discards_the_will(Broker broker) {
        String testament = broker.topic("will");
        String id = broker.id("gone");
        Client heir = broker.subscriber(testament, 0);

        broker.connect().id(id).will(Will.to(testament, "never")).open().disconnect();

        heir.expectNothingFrom(broker.connect().id(id).open());
    }

    @Spec(
            value = {"MQTT-3.1.2-10", "MQTT3-3.1.2-10", "MQTT3-3.1.2-12"},
            says = "a published will is gone: a later connection without will publishes none")
    public void a_will_is_published_once(Broker broker) {
        String testament = broker.topic("will");
        String id = broker.id("once");
        Client heir = broker.subscriber(testament, 0);
        broker.connect().id(id).lasting().will(Will.to(testament, "once")).open().drop();
        heir.expectPublish(testament, "once");

        broker.connect().id(id).lasting().open().drop();

        heir.expectNothingFrom(broker.connect().id(id).lasting().open());
    }

    @Spec(
            value = {"MQTT-3.14.4-3", "MQTT-3.1.2-8"},
            says = "DISCONNECT with will publishes the will")
    public void disconnect_with_will_publishes_it(Broker broker) {
        String testament = broker.topic("will");
        Client heir = broker.subscriber(testament, 0);

        broker.connect().will(Will.to(testament, "asked for")).open().disconnect(0x04);
        broker.connect().will(Will.to(testament, "with an error")).open().disconnect(0x80);

        heir.expectPublish(testament, "asked for");
        heir.expectPublish(testament, "with an error");
    }

    @Spec(
            value = {"MQTT-3.1.2-8"},
            says = "the will waits for its delay")
    public void a_delayed_will_waits(Broker broker) {
        String testament = broker.topic("will");
        Client heir = broker.subscriber(testament, 0);
        Client client =
                broker.connect()
                        .with(sessionExpiry(10))
                        .will(Will.to(testament, "late").with(willDelay(2)))
                        .open();
        long start = System.nanoTime();

        client.drop();

        heir.expectPublish(testament, "late", Duration.ofSeconds(5));
        long millis = (System.nanoTime() - start) / 1_000_000;
        Unexpected.unless(millis >= 1_900, "a will delayed by 2 s came after %d ms", millis);
    }

    @Spec(
            value = {"MQTT-3.1.2-8", "H-CON-09"},
            says = "the will does not wait longer than the session lasts")
    public void the_end_of_the_session_ends_the_delay(Broker broker) {
        String testament = broker.topic("will");
        Client heir = broker.subscriber(testament, 0);

        broker.connect()
                .with(sessionExpiry(1))
                .will(Will.to(testament, "session ended").with(willDelay(30)))
                .open()
                .drop();

        heir.expectPublish(testament, "session ended", Duration.ofSeconds(4));
    }

    @Spec(
            value = {"MQTT-3.1.2-8", "H-CON-09"},
            says = "without a session to outlive the connection there is no delay")
    public void without_session_expiry_there_is_no_delay(Broker broker) {
        String testament = broker.topic("will");
        Client heir = broker.subscriber(testament, 0);

        broker.connect().will(Will.to(testament, "at once").with(willDelay(30))).open().drop();

        heir.expectPublish(testament, "at once", Duration.ofSeconds(2));
    }

    @Spec(
            value = {"MQTT-3.1.3-9", "MQTT-3.1.2-8"},
            says = "who returns within the delay leaves no will")
    public void a_timely_return_cancels_the_will(Broker broker) throws InterruptedException {
        String testament = broker.topic("will");
        String id = broker.id("back");
        Client heir = broker.subscriber(testament, 0);
        broker.connect()
                .id(id)
                .lasting()
                .will(Will.to(testament, "never").with(willDelay(2)))
                .open()
                .drop();

        Client back = broker.connect().id(id).lasting().open();
        WallTime.pass(3_000);

        heir.expectNothingFrom(back);
    }

    @Spec(
            value = {"MQTT-3.1.3-9"},
            says = "a takeover within the delay leaves no will")
    public void a_takeover_cancels_a_delayed_will(Broker broker) throws InterruptedException {
        String testament = broker.topic("will");
        String id = broker.id("taken");
        Client heir = broker.subscriber(testament, 0);
        broker.connect().id(id).lasting().will(Will.to(testament, "no").with(willDelay(1))).open();

        Client back = broker.connect().id(id).lasting().open();
        WallTime.pass(2_000);

        heir.expectNothingFrom(back);
    }

    @Spec(
            value = {"MQTT-3.1.2-14", "MQTT3-3.1.2-16"},
            says = "a will without retain is an ordinary message")
    public void a_will_without_retain_is_not_kept(Broker broker) {
        String testament = broker.topic("will");
        Client heir = broker.subscriber(testament, 0);
        broker.connect().will(Will.to(testament, "passing")).open().drop();
        heir.expectPublish(testament, "passing");

        broker.subscriber(testament, 0).expectNothing();
    }

    @Spec(
            value = {"MQTT-3.1.2-15", "MQTT3-3.1.2-17"},
            says = "a will with retain is kept as a retained message")
    public void a_will_with_retain_is_kept(Broker broker) {
        String testament = broker.topic("will");
        Client heir = broker.subscriber(testament, 0);
        broker.connect()
                .will(Will.to(testament, "kept").qos(1).retained().with(userProperty("a", "1")))
                .open()
                .drop();
        heir.expectPublish(testament, "kept");

        Packet retained = broker.subscriber(testament, 2).take(testament, "kept");

        Unexpected.unless(retained.retain() && retained.qos() == 1, "kept as %s", retained);
        Unexpected.unless(
                !broker.speaks5() || retained.properties().userProperties().contains("a=1"),
                "its user property is lost: %s",
                retained.properties());
    }

    @Spec(
            value = {"MQTT-3.1.3-10", "MQTT-3.3.2-15", "MQTT-3.3.2-16", "MQTT-3.3.2-20"},
            says = "the properties of the will arrive unchanged and in order")
    public void will_properties_arrive_in_order(Broker broker) {
        String testament = broker.topic("will");
        Client heir = broker.subscriber(testament, 0);
        List<String> expected = new ArrayList<>();
        StringBuilder properties = new StringBuilder("01 01 02 00000064 ");
        properties.append("03 <text/plain> 08 <reply/to> 09 0003 00FF80 ");
        for (int i = 0; i < 50; i++) {
            properties.append(userProperty("key" + i % 7, "value" + i));
            expected.add("key" + i % 7 + "=value" + i);
        }

        broker.connect().will(Will.to(testament, "rich").with(properties.toString())).open().drop();

        var got = heir.expectPublish(testament, "rich").properties();
        Unexpected.unless(got.userProperties().equals(expected), "user properties came as %s", got);
        Unexpected.unless(got.number(0x01, 0) == 1, "payload format came as %s", got);
        Unexpected.unless(got.number(0x02, 0) >= 98, "message expiry came as %s", got);
        Unexpected.unless(got.text(0x03).equals("text/plain"), "content type came as %s", got);
        Unexpected.unless(got.text(0x08).equals("reply/to"), "response topic came as %s", got);
        Unexpected.unless(got.text(0x09).equals("00 FF 80"), "correlation came as %s", got);
    }

    @Spec(
            value = {"MQTT-3.1.2-9", "MQTT3-3.1.2-9"},
            says = "the will flag needs topic and payload")
    public void a_will_that_is_cut_is_closed(Broker broker) {
        String start = "<%s> %s ".formatted(broker.id("a"), broker.noProperties());
        for (String payload :
                List.of("<a>", start, start + "<t>", start + "<t> 00", start + "<t> 0005 'x'")) {
            broker.openWith(0x06, payload).expectConnectViolation(MALFORMED);
        }
    }

    @Spec(
            value = {"MQTT-3.1.2-11", "MQTT3-3.1.2-11", "MQTT3-3.1.2-13"},
            says = "without the will flag the will QoS is 0")
    public void a_will_qos_without_will_is_closed(Broker broker) {
        for (int flags : new int[] {0x0A, 0x12, 0x1A, 0x08}) {
            broker.openWith(flags, "<%s>".formatted(broker.id("a")))
                    .expectConnectViolation(MALFORMED);
        }
    }

    @Spec(
            value = {"MQTT-3.1.2-13", "MQTT3-3.1.2-11", "MQTT3-3.1.2-15"},
            says = "without the will flag will retain is 0")
    public void a_will_retain_without_will_is_closed(Broker broker) {
        broker.openWith(0x22, "<%s>".formatted(broker.id("a"))).expectConnectViolation(MALFORMED);
    }

    @Spec(
            value = {"MQTT-3.1.2-12", "MQTT3-3.1.2-14"},
            says = "the will QoS is not 3")
    public void a_will_of_qos_3_is_closed(Broker broker) {
        broker.openWith(0x1E, willPayload(broker, "<t>")).expectConnectViolation(MALFORMED);
    }

    @Spec(
            value = {"MQTT-3.1.3-11", "MQTT3-3.1.3-10"},
            says = "the will topic is UTF-8")
    public void a_will_topic_that_is_not_utf_8_is_closed(Broker broker) {
        for (String topic : Strings.NOT_UTF_8) {
            broker.openWith(0x06, willPayload(broker, topic))
                    .expectConnectViolation(MALFORMED, TOPIC_INVALID);
        }
    }

    @Spec(
            value = {
                "MQTT-3.1.3-11",
                "MQTT-4.7.0-1",
                "MQTT-4.7.3-1",
                "MQTT3-3.1.3-10",
                "MQTT3-4.7.1-1",
                "MQTT3-4.7.3-1",
                "H-CON-08"
            },
            says = "the will topic is a topic name: no wildcards, not empty")
    public void a_will_topic_with_wildcards_or_empty_is_closed(Broker broker) {
        for (String topic : List.of("<+>", "<#>", "<a/#>", "<>")) {
            broker.openWith(0x06, willPayload(broker, topic))
                    .expectConnectViolation(MALFORMED, PROTOCOL_ERROR, TOPIC_INVALID);
        }
    }

    @Spec(
            value = {"MQTT-3.1.3-11", "H-CON-08", "MQTT-3.3.2-14", "MQTT-3.1.2-9"},
            says = "wrong will properties are refused")
    public void wrong_will_properties_are_refused(Broker broker) {
        for (String wrong :
                List.of(
                        "08 <a/#>", // a response topic with a wildcard
                        "01 02", // payload format 2
                        "18 00000001 18 00000001", // will delay twice
                        "23 0001", // topic alias
                        "11 00000001")) { // session expiry
            broker.connect()
                    .will(Will.to(broker.topic("will"), "wrong").with(wrong))
                    .send()
                    .expectConnectViolation(MALFORMED, PROTOCOL_ERROR, TOPIC_INVALID);
        }
    }

    @Spec(
            value = {"MQTT-3.1.3-11", "H-CON-08"},
            says = "a will to the broker's own topics is refused")
    public void a_will_to_the_brokers_own_topics_is_refused(Broker broker) {
        for (String topic : List.of("$SYS/broker/x", "$share/group/x")) {
            Client client = broker.connect().will(Will.to(topic, "never")).send();

            boolean accepted = client.receiveOrEnd().filter(p -> p.reason() == 0).isPresent();

            broker.recommended(!accepted, "a will to %s is accepted", topic);
        }
    }

    @Spec(
            value = {"MQTT3-3.2.2-6"},
            says = "3.1.1 is refused with a code of its table, or without CONNACK")
    public void a_refusal_without_a_fitting_code_has_no_connack(Broker broker) {
        Client client = broker.connect().will(Will.to("$SYS/broker/x", "never")).send();

        // Codes above 5 fail when they are read.
        client.receiveOrEnd()
                .filter(packet -> packet.reason() == 0)
                .ifPresent(packet -> {
                    throw new NotOffered("a reason to refuse a CONNECT that is in order");
                });
    }

    @Spec(
            value = {"MQTT3-3.1.2-8"},
            says = "a refused CONNECT leaves no will behind")
    public void a_refused_connect_leaves_no_will(Broker broker) {
        String testament = broker.topic("will");
        Client heir = broker.subscriber(testament, 0);

        // An empty identifier with clean session 0 is refused; the will must not outlive it.
        broker.openWith(0x04, "<> <%s> <never>".formatted(testament)).expectRefused(0x02);

        heir.expectNothingFrom(broker.client());
    }

    private static String willPayload(Broker broker, String topic) {
        return "<%s> %s %s <bye>".formatted(broker.id("a"), broker.noProperties(), topic);
    }
}
