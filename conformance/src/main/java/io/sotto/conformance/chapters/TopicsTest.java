package io.sotto.conformance.chapters;

import io.sotto.conformance.Broker;
import io.sotto.conformance.Bystander;
import io.sotto.conformance.Client;
import io.sotto.conformance.Packet;
import io.sotto.conformance.PacketType;
import io.sotto.conformance.Publish;
import io.sotto.conformance.Spec;
import io.sotto.conformance.Unexpected;
import java.util.List;
import java.util.Optional;

/// Chapter 4.7: topic names and topic filters.
@SuppressWarnings("MemberName") // a test's name is a sentence
public final class TopicsTest {
    private static final int MALFORMED = 0x81;
    private static final int PROTOCOL_ERROR = 0x82;
    private static final int FILTER_INVALID = 0x8F;
    private static final int TOPIC_INVALID = 0x90;
    private static final String DOLLAR_TOPICS = "publishing to topics that begin with $";

    @Spec(
            value = {"MQTT-4.7.1-1", "MQTT3-4.7.1-2", "H-SUB-01"},
            says = "# stands alone or after a slash, and last")
    public void a_misplaced_hash_is_refused(Broker broker) {
        for (String filter : List.of("a#", "a/#/b", "#/", "a/##", "#a", "##")) {
            expectFilterRefused(broker, filter);
        }
    }

    @Spec(
            value = {"MQTT-4.7.1-2", "MQTT3-4.7.1-3", "H-SUB-01"},
            says = "+ fills a whole level")
    public void a_misplaced_plus_is_refused(Broker broker) {
        for (String filter : List.of("a+", "+a", "+a/b", "a/b+/c", "++", "a/+b", "+#")) {
            expectFilterRefused(broker, filter);
        }
    }

    @Spec(
            value = {"MQTT-4.7.3-1", "MQTT3-4.7.3-1", "H-SUB-01"},
            says = "a filter is not empty, in SUBSCRIBE and UNSUBSCRIBE")
    public void an_empty_filter_is_refused(Broker broker) {
        expectFilterRefused(broker, "");

        Client client = broker.client();
        client.sendPacket(0xA2, "0001 %s <>".formatted(broker.noProperties()));
        Optional<Packet> answer = client.receiveOrEnd();
        boolean refused =
                answer.isEmpty()
                        || answer.get().type() == PacketType.DISCONNECT
                        || answer.get().codes().equals(List.of(FILTER_INVALID));
        Unexpected.unless(refused && (broker.speaks5() || answer.isEmpty()), "got %s", answer);
    }

    /// 3.1.1 is closed; 5.0 may also be told in a SUBACK. Nothing may be granted.
    private static void expectFilterRefused(Broker broker, String filter) {
        Client client = broker.client();
        client.sendSubscribe(1, filter, 0, "");
        Optional<Packet> answer = client.receiveOrEnd();
        if (answer.isEmpty()) {
            Unexpected.unless(!broker.speaks5(), "%s: closed without a reason", filter);
            return;
        }
        Packet packet = answer.get();
        if (packet.type() == PacketType.DISCONNECT) {
            Unexpected.unless(
                    List.of(MALFORMED, PROTOCOL_ERROR, FILTER_INVALID).contains(packet.reason()),
                    "%s: %s",
                    filter,
                    packet);
            client.expectClosed();
            return;
        }
        int refusal = broker.speaks5() ? FILTER_INVALID : 0x80;
        Unexpected.unless(
                packet.type() == PacketType.SUBACK && packet.reason() == refusal,
                "%s: %s",
                filter,
                packet);
    }

    @Spec(
            value = {"MQTT-4.7.1-1", "MQTT-4.7.1-2", "MQTT3-4.7.1-2", "MQTT3-4.7.1-3"},
            says = "wildcards match as chapter 4.7 draws it")
    public void wildcards_match_whole_levels(Broker broker) {
        String base = broker.topic("w");
        expectMatch(broker, base + "/#", base, true); // the parent level too
        expectMatch(broker, base + "/#", base + "/", true);
        expectMatch(broker, base + "/#", base + "/a/b/c", true);
        expectMatch(broker, base + "/#", base + "x", false);
        expectMatch(broker, base + "/+", base + "/a", true);
        expectMatch(broker, base + "/+", base + "/", true); // an empty level
        expectMatch(broker, base + "/+", base, false);
        expectMatch(broker, base + "/+", base + "/a/b", false);
        expectMatch(broker, base + "/+/+/#", base + "/a/b", true);
        expectMatch(broker, base + "/+/c", base + "/a/b/c", false);
    }

    @Spec(
            value = {"MQTT-4.7.3-4", "MQTT3-4.7.3-4"},
            says = "topics are compared byte by byte")
    public void topics_are_not_normalised(Broker broker) {
        String base = broker.topic("n");
        expectMatch(broker, base + "/A", base + "/a", false);
        expectMatch(broker, base + "/a", base + "/a/", false);
        expectMatch(broker, base + "/a", base + "//a", false);
        expectMatch(broker, base + "/a", "/" + base + "/a", false);
        expectMatch(broker, base + "/a ", base + "/a", false);
        // é composed, and as e with an accent
        expectMatch(broker, base + "/\u00e9", base + "/e\u0301", false);
        expectMatch(broker, base + "/\u00e9", base + "/\u00e9", true);
        expectMatch(broker, base + "/ /\ud83c\udfe0", base + "/ /\ud83c\udfe0", true);
    }

    private static void expectMatch(Broker broker, String filter, String topic, boolean match) {
        try (Client subscriber = broker.subscriber(filter, 0);
                Client publisher = broker.client()) {
            publisher.publish(topic, topic);
            if (match) {
                subscriber.expectPublish(topic, topic);
            }
            subscriber.expectNothingFrom(publisher);
        }
    }

    @Spec(
            value = {"MQTT-4.7.2-1", "MQTT3-4.7.2-1"},
            says = "a leading wildcard does not match topics that begin with $, live or retained")
    public void leading_wildcards_do_not_match_dollar_topics(Broker broker) {
        String dollar = broker.dollarTopic();
        String last = broker.id("x");
        Client exact = broker.subscriber(dollar + "/" + last, 0);
        Client below = broker.subscriber(dollar + "/#", 0);
        Client wild = broker.client();
        wild.subscribe("+/" + last, 0);
        Client publisher = broker.client();

        publisher.send(Publish.to(dollar + "/" + last, "hidden").qos(1).retain());
        publisher.expectOffered(PacketType.PUBACK, DOLLAR_TOPICS);

        exact.expectPublish(dollar + "/" + last, "hidden");
        below.expectPublish(dollar + "/" + last, "hidden");
        wild.expectNothingFrom(publisher);
        broker.subscriber("+/" + last, 0).expectNothing();
        broker.subscriber("+/+", 0).expectNoTopic(dollar + "/" + last);
        publisher.publish(Publish.to(dollar + "/" + last, "").qos(1).retain());
    }

    @Spec(
            value = {"MQTT-4.7.2-1", "MQTT3-4.7.2-1"},
            says = "# alone does not match topics that begin with $")
    public void hash_does_not_match_dollar_topics(Broker broker) {
        String dollar = broker.dollarTopic();
        String marker = broker.topic("marker");
        Client everything = broker.subscriber("#", 0);
        Client publisher = broker.client();

        publisher.send(Publish.to(dollar + "/x", "hidden").qos(1));
        publisher.expectOffered(PacketType.PUBACK, DOLLAR_TOPICS);
        publisher.publish(Publish.to(marker, "marker").qos(1));

        String topic = "";
        while (!topic.equals(marker)) {
            topic = everything.expect(PacketType.PUBLISH).topic();
            Unexpected.unless(!topic.startsWith("$"), "# matched %s", topic);
        }
    }

    @Spec(
            value = {"MQTT-4.7.3-2", "MQTT3-4.7.3-2", "MQTT-1.5.4-2", "MQTT3-1.5.3-2"},
            says = "topics and filters have no U+0000")
    public void u_0000_in_topics_and_filters_is_a_violation(Broker broker) {
        String none = broker.noProperties();
        String bad = "0003 610062";
        Client publisher = broker.client();
        publisher.sendPacket(0x30, "%s %s 'x'".formatted(bad, none));
        publisher.expectViolation(MALFORMED, TOPIC_INVALID);
        Client subscriber = broker.client();
        subscriber.sendPacket(0x82, "0001 %s %s 00".formatted(none, bad));
        subscriber.expectViolation(MALFORMED);
        Client unsubscriber = broker.client();
        unsubscriber.sendPacket(0xA2, "0001 %s %s".formatted(none, bad));
        unsubscriber.expectViolation(MALFORMED);
    }

    @Spec(
            value = {"MQTT-4.7.3-3", "MQTT3-4.7.3-3", "H-PUB-01"},
            says = "a topic of 65,535 bytes is served, or refused without harm")
    public void the_longest_topic_is_served_or_refused(Broker broker) {
        Bystander bystander = broker.bystander();
        String start = broker.topic("");
        for (String filling : List.of("x", "/")) {
            String topic = start + filling.repeat(65_535 - start.length());
            Client client = broker.client();

            client.send(Publish.to(topic, "x").qos(1));

            client.receiveOrEnd()
                    .ifPresent(packet ->
                            Unexpected.unless(
                                    packet.type() == PacketType.PUBACK || packet.reason() >= 0x80,
                                    "answered with %s",
                                    packet));
        }
        bystander.noticesNothing();
    }

    @Spec(
            value = {"MQTT-4.7.3-3", "MQTT3-4.7.3-3", "H-SUB-01"},
            says = "a filter of 65,535 bytes is served, or refused without harm")
    public void the_longest_filter_is_served_or_refused(Broker broker) {
        Bystander bystander = broker.bystander();
        for (String filter : List.of("x".repeat(65_535), "/".repeat(65_535), "+/".repeat(32_767))) {
            Client client = broker.client();

            client.sendSubscribe(1, filter, 0, "");

            client.receiveOrEnd()
                    .ifPresent(packet ->
                            Unexpected.unless(
                                    packet.type() == PacketType.SUBACK || packet.reason() >= 0x80,
                                    "answered with %s",
                                    packet));
        }
        bystander.noticesNothing();
    }
}
