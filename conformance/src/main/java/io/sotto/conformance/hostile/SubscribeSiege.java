package io.sotto.conformance.hostile;

import io.sotto.conformance.Broker;
import io.sotto.conformance.Client;
import io.sotto.conformance.Packet;
import io.sotto.conformance.PacketType;
import io.sotto.conformance.Publish;
import io.sotto.conformance.Spec;
import io.sotto.conformance.Unexpected;
import java.util.Collections;
import java.util.List;

/// Subscriptions in numbers, in a hurry and in the wrong order; sessions that come and go.
@SuppressWarnings("MemberName") // a test's name is a sentence
public final class SubscribeSiege {
    /// What one session may hold.
    private static final int MOST = 2_048;

    @Spec(
            value = {"H-SUB-05"},
            says = "10,000 filters in one packet: each is judged, and the codes are in order")
    public void each_filter_of_a_large_packet_is_judged(Broker broker) {
        String topic = broker.topic("f");
        StringBuilder filters = new StringBuilder();
        for (int i = 0; i < 10_000; i++) {
            filters.append(i % 1_000 == 7 ? "<a/#/b> 01" : "<%s/%d> 01".formatted(topic, i));
        }
        Client client = broker.client();

        client.sendPacket(0x82, "0001 00 " + filters);

        List<Integer> codes = client.expect(PacketType.SUBACK).codes();
        Unexpected.unless(codes.size() == 10_000, "%d codes", codes.size());
        for (int i = 0; i < codes.size(); i++) {
            int granted = i - (i + 992) / 1_000;
            int expected = i % 1_000 == 7 ? 0x8F : granted < MOST ? 1 : 0x97;
            Unexpected.unless(codes.get(i) == expected, "filter %d has 0x%02X", i, codes.get(i));
        }
        client.sendPacket(0x82, "0002 00 " + filters + "<one/more> 01");
        client.expectOptionalDisconnect(0x97, 0x95, 0x81, 0x82);
    }

    @Spec(
            value = {"H-SUB-07"},
            says = "2,048 filters of 100 levels each, made and undone twice")
    public void deep_filters_leave_nothing(Broker broker) {
        Client client = broker.client();
        for (int round = 0; round < 2; round++) {
            for (int from = 0; from < MOST; from += 128) {
                StringBuilder filters = new StringBuilder();
                for (int i = from; i < from + 128; i++) {
                    filters.append("<%s> 01".formatted("l%d/".formatted(i).repeat(100)));
                }
                client.sendPacket(0x82, "0001 00 " + filters);
                Packet subAck = client.expect(PacketType.SUBACK);
                Unexpected.unless(subAck.codes().equals(Collections.nCopies(128, 1)), "%s", subAck);
            }
            Unexpected.unless(
                    client.subscribeForCode("one/more", 1, "") == 0x97, "one more was granted");
            for (int i = 0; i < MOST; i++) {
                Packet unsubAck = client.unsubscribe("l%d/".formatted(i).repeat(100));
                Unexpected.unless(unsubAck.reason() == 0, "%s", unsubAck);
            }
        }
    }

    @Spec(
            value = {"H-SUB-08"},
            says = "while others subscribe and unsubscribe in a hurry, a steady one misses nothing")
    public void others_may_come_and_go_in_a_hurry(Broker broker) throws InterruptedException {
        String topic = broker.topic("busy");
        String id = broker.id("hasty");
        Client steady = broker.subscriber(topic, 1);
        Client publisher = broker.client();
        Thread hurry =
                Thread.startVirtualThread(() -> {
                    for (int i = 0; i < 50; i++) {
                        Client hasty = broker.connect().id(id).open();
                        for (int j = 0; j < 20; j++) {
                            hasty.sendSubscribe(1 + j, topic, 0, "");
                            hasty.sendPacket(0xA2, "%04X 00 <%s>".formatted(100 + j, topic));
                        }
                        hasty.send(i % 2 == 0 ? "E0 00" : "C0 00");
                    }
                });

        for (int i = 0; i < 1_000; i++) {
            publisher.publish(Publish.to(topic, "message " + i).qos(1));
            steady.take(topic, "message " + i);
        }

        hurry.join();
    }

    @Spec(
            value = {"H-SUB-09"},
            says = "a subscription to many retained messages, made again and again, is streamed")
    public void retained_messages_are_streamed_again_and_again(Broker broker) {
        String topic = broker.topic("many");
        Client publisher = broker.client();
        for (int i = 0; i < 200; i++) {
            publisher.publish(Publish.to(topic + "/" + i, "x".repeat(20_000)).qos(1).retain());
        }
        Client greedy = broker.connect().receiveBuffer(4_096).open();

        for (int i = 0; i < 100; i++) {
            greedy.sendSubscribe(1 + i, topic + "/#", 0, "");
        }

        publisher.publish(Publish.to(broker.topic("other"), "served").qos(1));
        int answered = 0;
        while (answered < 100) {
            answered += greedy.receive().type() == PacketType.SUBACK ? 1 : 0;
        }
        for (int i = 0; i < 200; i++) {
            publisher.publish(Publish.to(topic + "/" + i, "").qos(1).retain());
        }
    }

    @Spec(
            value = {"H-SUB-12"},
            says = "10,000 unknown filters are unsubscribed; shared and plain ones are two things")
    public void unknown_filters_are_unsubscribed(Broker broker) {
        String topic = broker.topic("both");
        Client client = broker.client();
        client.subscribe(topic, 1);
        client.subscribe("$share/g/" + topic, 1);
        StringBuilder filters = new StringBuilder();
        for (int i = 0; i < 9_999; i++) {
            filters.append("<%s/%d>".formatted(topic, i));
        }

        client.sendPacket(0xA2, "0001 00 " + filters + "<$share/g/%s>".formatted(topic));

        List<Integer> codes = client.expect(PacketType.UNSUBACK).codes();
        Unexpected.unless(
                codes.subList(0, 9_999).equals(Collections.nCopies(9_999, 0x11))
                        && codes.getLast() == 0,
                "other codes");
        broker.client().publish(Publish.to(topic, "the plain one is left").qos(1));
        client.take(topic, "the plain one is left");
        client.expectNothing();
    }

    @Spec(
            value = {"H-SES-01"},
            says = "a hundred reconnects in the middle of a QoS 2 handshake deliver once")
    public void reconnects_within_a_handshake_deliver_once(Broker broker) {
        String topic = broker.topic("once");
        String id = broker.id("restless");
        Client subscriber = broker.subscriber(topic, 2);
        for (int message = 0; message < 10; message++) {
            String payload = "message " + message;
            for (int attempt = 0; attempt < 10; attempt++) {
                Client publisher = broker.connect().id(id).lasting().open();
                publisher.send(Publish.to(topic, payload).qos(2, 7).dup());
                publisher.expectAck(PacketType.PUBREC, 7);
                publisher.reset();
            }
            Client last = broker.connect().id(id).lasting().open();
            last.release(7);
            last.disconnect();

            subscriber.take(topic, payload);
        }
        subscriber.expectNothing();
    }

    @Spec(
            value = {"H-SES-02"},
            says = "a full queue drops what comes later, keeps its order, and goes on afterwards")
    public void a_full_queue_goes_on(Broker broker) {
        String topic = broker.topic("queue");
        String id = broker.id("away");
        Client away = broker.connect().id(id).lasting().open();
        away.subscribe(topic, 1);
        away.disconnect();
        Client publisher = broker.client();
        for (int i = 0; i < 700; i++) {
            publisher.publish(Publish.to(topic, "queued " + i).qos(1));
        }

        Client back = broker.connect().id(id).lasting().open();
        for (int i = 0; i < 500; i++) {
            back.take(topic, "queued " + i);
        }
        publisher.publish(Publish.to(topic, "after the flood").qos(1));

        back.take(topic, "after the flood");
        back.expectNothing();
    }
}
