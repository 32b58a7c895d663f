package io.sotto.conformance.hostile;

import io.sotto.conformance.Broker;
import io.sotto.conformance.Bytes;
import io.sotto.conformance.Client;
import io.sotto.conformance.PacketType;
import io.sotto.conformance.Property;
import io.sotto.conformance.Publish;
import io.sotto.conformance.Spec;
import io.sotto.conformance.Unexpected;
import io.sotto.conformance.WallTime;
import java.util.ArrayList;
import java.util.List;

/// Messages in numbers, of every size, and never finished.
@SuppressWarnings("MemberName") // a test's name is a sentence
public final class PublishSiege {
    private static final int QUOTA_EXCEEDED = 0x97;

    @Spec(
            value = {"H-PUB-04"},
            says = "one alias that is pointed elsewhere 20,000 times points where it did last")
    public void an_alias_may_be_set_again_and_again(Broker broker) {
        String topic = broker.topic("alias");
        Client subscriber = broker.subscriber(topic + "/last", 0);
        Client publisher = broker.client();
        for (int i = 0; i < 20_000; i++) {
            publisher.send(Publish.to(topic + "/" + i, "x").with(Property.topicAlias(1)));
        }
        publisher.send(Publish.to(topic + "/last", "named").with(Property.topicAlias(1)));

        publisher.send(Publish.to("", "by alias").with(Property.topicAlias(1)));

        subscriber.expectPublish(topic + "/last", "named");
        subscriber.expectPublish(topic + "/last", "by alias");
    }

    @Spec(
            value = {"H-PUB-07"},
            says = "a payload that is said to be text and is not is passed on, or refused as such")
    public void a_payload_that_is_no_text_is_passed_on(Broker broker) {
        String topic = broker.topic("text");
        Client subscriber = broker.subscriber(topic, 0);
        Client publisher = broker.client();
        Bytes payload = Bytes.of("C0 80 FF FE");

        publisher.send(Publish.to(topic, payload).qos(1).with(Property.payloadFormat(1)));

        int reason = publisher.expect(PacketType.PUBACK).reason();
        if (reason != 0x99) {
            Unexpected.unless(
                    subscriber.expect(PacketType.PUBLISH).payload().equals(payload),
                    "another payload than was sent");
        }
    }

    @Spec(
            value = {"H-PUB-08"},
            says = "QoS 2 messages that are never released are bounded, and end with their clients")
    public void unreleased_messages_are_bounded(Broker broker) {
        Bytes payload = Bytes.of(new byte[10_000]);
        String topic = broker.topic("unreleased");
        for (int i = 0; i < 20; i++) {
            Client client = broker.client();
            int id = 1;
            for (; id <= 100; id++) {
                client.send(Publish.to(topic, payload).qos(2, id));
                client.expectAck(PacketType.PUBREC, id);
            }
            client.send(Publish.to(topic, payload).qos(2, id));
            client.expectOptionalDisconnect(QUOTA_EXCEEDED, 0x93);
        }
    }

    @Spec(
            value = {"H-PUB-09"},
            says = "one QoS 2 message sent 20,000 times is delivered once")
    public void one_message_repeated_is_delivered_once(Broker broker) {
        String topic = broker.topic("again");
        Client subscriber = broker.subscriber(topic, 2);
        Client publisher = broker.client();
        for (int i = 0; i < 20_000; i += 500) {
            for (int j = 0; j < 500; j++) {
                publisher.send(Publish.to(topic, "once").qos(2, 7).dup());
            }
            for (int j = 0; j < 500; j++) {
                publisher.expectAck(PacketType.PUBREC, 7);
            }
        }
        publisher.release(7);

        subscriber.take(topic, "once");
        subscriber.expectNothing();
    }

    @Spec(
            value = {"H-PUB-10"},
            says = "50 publishers at full speed to one that does not read: the others are served")
    public void a_flood_at_qos_0_drowns_nobody(Broker broker) throws InterruptedException {
        String topic = broker.topic("flood");
        Client deaf = broker.connect().receiveBuffer(4_096).open();
        deaf.subscribe(topic, 0);
        Client reader = broker.subscriber(broker.topic("calm"), 1);
        Bytes hundred = Bytes.of("");
        for (int i = 0; i < 100; i++) {
            hundred = hundred.plus(Bytes.packet(0x30, "<%s> 00 '%0200d'".formatted(topic, i)));
        }
        List<Thread> flood = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            Client publisher = broker.client();
            Bytes load = hundred;
            flood.add(
                    Thread.startVirtualThread(() -> {
                        for (int j = 0; j < 30; j++) {
                            publisher.send(load);
                        }
                        publisher.settle();
                    }));
        }
        for (Thread publisher : flood) {
            publisher.join();
        }

        reader.expectNothing();
    }

    @Spec(
            value = {"H-PUB-11", "H-FRM-07"},
            says = "200 clients announce payloads of 256 MB: refused when the header is there")
    public void announced_giants_are_refused(Broker broker) {
        for (int i = 0; i < 200; i++) {
            broker.client().send("30 FF FF FF 7F").expectViolation(0x95);
        }
    }

    @Spec(
            value = {"H-PUB-12"},
            says = "retained messages are bounded, and what is not retained goes on")
    public void retained_messages_are_bounded(Broker broker) {
        String topic = broker.topic("kept");
        Client client = broker.client();
        int kept = 0;
        int reason = 0;
        while (reason != QUOTA_EXCEEDED && kept < 1_000) {
            client.send(Publish.to(topic + "/" + kept, "x".repeat(1_000)).qos(1).retain());
            reason = client.expect(PacketType.PUBACK).reason();
            kept++;
        }

        Unexpected.unless(reason == QUOTA_EXCEEDED, "no end of retained messages: %d", kept);
        client.publish(Publish.to(topic + "/0", "replaced").qos(1).retain());
        Client subscriber = broker.subscriber(topic, 1);
        client.publish(Publish.to(topic, "not retained").qos(1));
        subscriber.take(topic, "not retained");
        for (int i = 0; i < kept; i++) {
            client.publish(Publish.to(topic + "/" + i, "").qos(1).retain());
        }
    }

    @Spec(
            value = {"H-PUB-16"},
            says = "an expiry of 0 has passed at once, one of 0xFFFFFFFF not for an age")
    public void the_ends_of_message_expiry(Broker broker) throws InterruptedException {
        String topic = broker.topic("expiry");
        String id = broker.id("away");
        Client away = broker.connect().id(id).lasting().open();
        away.subscribe(topic, 1);
        away.disconnect();
        Client publisher = broker.client();

        publisher.publish(Publish.to(topic, "stale").qos(1).with(Property.messageExpiry(0)));
        publisher.publish(
                Publish.to(topic, "fresh").qos(1).with(Property.messageExpiry(0xFFFF_FFFFL)));
        WallTime.pass(50);

        broker.connect().id(id).lasting().open().take(topic, "fresh");
    }

    @Spec(
            value = {"H-PUB-17", "H-SUB-11"},
            says = "a topic that matches 2,048 filters of one client, each with + somewhere else")
    public void very_many_matching_filters_are_one_copy(Broker broker) {
        String topic = broker.topic("deep") + "/b".repeat(7);
        String[] levels = topic.split("/");
        Client client = broker.client();
        for (int from = 0; from < 1 << levels.length; from += 256) {
            StringBuilder filters = new StringBuilder();
            for (int mask = from; mask < from + 256; mask++) {
                String[] filter = levels.clone();
                for (int level = 0; level < levels.length; level++) {
                    filter[level] = (mask >> level & 1) == 1 ? "+" : levels[level];
                }
                filters.append("<%s> 01".formatted(String.join("/", filter)));
            }
            client.sendPacket(0x82, "0001 00 " + filters);
            client.expect(PacketType.SUBACK);
        }
        Client publisher = broker.client();

        for (int i = 0; i < 100; i++) {
            publisher.publish(Publish.to(topic, "copy " + i).qos(1));
            client.take(topic, "copy " + i);
        }

        client.expectNothing();
    }
}
