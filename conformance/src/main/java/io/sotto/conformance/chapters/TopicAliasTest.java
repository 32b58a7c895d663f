package io.sotto.conformance.chapters;

import static io.sotto.conformance.Property.topicAlias;
import static io.sotto.conformance.Property.topicAliasMaximum;

import io.sotto.conformance.Broker;
import io.sotto.conformance.Client;
import io.sotto.conformance.NotOffered;
import io.sotto.conformance.Packet;
import io.sotto.conformance.PacketType;
import io.sotto.conformance.Publish;
import io.sotto.conformance.Spec;
import io.sotto.conformance.Unexpected;
import java.util.HashMap;
import java.util.Map;

/// Chapters 3.1.2.11.5, 3.2.2.3.8 and 3.3.2.3.4: topic aliases, both ways.
@SuppressWarnings("MemberName") // a test's name is a sentence
public final class TopicAliasTest {
    private static final int PROTOCOL_ERROR = 0x82;
    private static final int ALIAS_INVALID = 0x94;

    @Spec(
            value = {"MQTT-3.1.2-26", "MQTT-3.3.2-11"},
            says = "the broker's aliases stay within the client's maximum")
    public void aliases_to_the_client_stay_within_its_maximum(Broker broker) {
        String base = broker.topic("out");
        Client subscriber = broker.connect().with(topicAliasMaximum(2)).open();
        subscriber.subscribe(base + "/+", 0);
        Client publisher = broker.client();
        Map<Long, String> aliases = new HashMap<>();

        for (int i = 0; i < 30; i++) {
            publisher.publish(base + "/" + i % 10, "message " + i);

            Packet packet = subscriber.expect(PacketType.PUBLISH);
            long alias = packet.properties().number(0x23, 0);
            Unexpected.unless(alias <= 2, "alias %d: %s", alias, packet);
            if (alias > 0 && !packet.topic().isEmpty()) {
                aliases.put(alias, packet.topic());
            }
            String topic =
                    packet.topic().isEmpty() ? aliases.getOrDefault(alias, "") : packet.topic();
            Unexpected.unless(topic.equals(base + "/" + i % 10), "for %s: %s", topic, packet);
        }
    }

    @Spec(
            value = {"MQTT-3.1.2-27"},
            says = "without a maximum no aliases are sent, and a publisher's is not passed on")
    public void a_publishers_alias_is_not_passed_on(Broker broker) {
        String topic = broker.topic("in");
        Client publisher = broker.client();
        aliasMaximum(publisher);
        Client subscriber = broker.subscriber(topic, 0);

        publisher.publish(Publish.to(topic, "first").with(topicAlias(1)));
        publisher.publish(Publish.to("", "second").with(topicAlias(1)));

        for (String payload : new String[] {"first", "second"}) {
            Packet packet = subscriber.expectPublish(topic, payload);
            Unexpected.unless(!packet.properties().has(0x23), "with an alias: %s", packet);
        }
    }

    @Spec(
            value = {"MQTT-3.3.2-12"},
            says =
                    "every alias up to the broker's maximum is accepted, and may be given a new topic")
    public void every_alias_up_to_the_maximum_is_accepted(Broker broker) {
        String base = broker.topic("in");
        Client publisher = broker.client();
        int maximum = (int) Math.min(aliasMaximum(publisher), 100);
        Client subscriber = broker.subscriber(base + "/#", 0);

        for (int round = 0; round < 2; round++) {
            for (int alias = 1; alias <= maximum; alias++) {
                String topic = "%s/%d/%d".formatted(base, round, alias);
                publisher.publish(Publish.to(topic, "named").with(topicAlias(alias)));
                subscriber.expectPublish(topic, "named");
            }
            for (int alias = 1; alias <= maximum; alias++) {
                String topic = "%s/%d/%d".formatted(base, round, alias);
                publisher.publish(Publish.to("", "by alias").with(topicAlias(alias)));
                subscriber.expectPublish(topic, "by alias");
            }
        }
    }

    @Spec(
            value = {"MQTT-3.2.2-17", "MQTT-3.2.2-18", "MQTT-3.3.2-9", "H-PUB-04"},
            says = "an alias above the broker's maximum ends the connection")
    public void an_alias_above_the_maximum_is_refused(Broker broker) {
        for (int above : new int[] {1, 65_535}) {
            Client client = broker.client();
            long maximum = client.connAck().properties().number(0x22, 0);
            int alias = (int) Math.min(65_535, above == 1 ? maximum + 1 : above);

            client.send(Publish.to(broker.topic("t"), "x").with(topicAlias(alias)));

            client.expectViolation(ALIAS_INVALID);
        }
    }

    @Spec(
            value = {"MQTT-3.3.2-8", "H-PUB-04"},
            says = "alias 0 ends the connection")
    public void alias_0_is_refused(Broker broker) {
        Client client = broker.client();

        client.send(Publish.to(broker.topic("t"), "x").with(topicAlias(0)));

        client.expectViolation(ALIAS_INVALID);
    }

    @Spec(
            value = {"MQTT-3.3.2-1", "H-PUB-04"},
            says = "an alias that names nothing is refused")
    public void an_alias_never_set_is_refused(Broker broker) {
        Client client = broker.client();
        aliasMaximum(client);

        client.send(Publish.to("", "x").with(topicAlias(1)));

        client.expectViolation(PROTOCOL_ERROR, ALIAS_INVALID);
    }

    @Spec(
            value = {"MQTT-3.3.2-7"},
            says = "aliases end with the connection")
    public void aliases_end_with_the_connection(Broker broker) {
        String id = broker.id("alias");
        Client before = broker.connect().id(id).lasting().open();
        aliasMaximum(before);
        before.publish(Publish.to(broker.topic("t"), "x").with(topicAlias(1)));
        before.expectNothing();
        before.drop();

        Client after = broker.connect().id(id).lasting().open();
        after.send(Publish.to("", "x").with(topicAlias(1)));

        after.expectViolation(PROTOCOL_ERROR, ALIAS_INVALID);
    }

    private static long aliasMaximum(Client client) {
        long maximum = client.connAck().properties().number(0x22, 0);
        if (maximum == 0) {
            throw new NotOffered("the broker takes no topic aliases");
        }
        return maximum;
    }
}
