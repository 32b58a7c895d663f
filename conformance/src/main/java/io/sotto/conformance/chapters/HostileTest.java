package io.sotto.conformance.chapters;

import io.sotto.conformance.Broker;
import io.sotto.conformance.Bystander;
import io.sotto.conformance.Bytes;
import io.sotto.conformance.Client;
import io.sotto.conformance.Publish;
import io.sotto.conformance.Spec;
import io.sotto.conformance.WallTime;
import io.sotto.conformance.Will;
import java.time.Duration;
import java.util.List;

/// Peers that are no MQTT clients, or bad ones: each meets its reaction, and a bystander notices
/// nothing.
@SuppressWarnings("MemberName") // a test's name is a sentence
public final class HostileTest {
    private static final Duration CONNECT_DEADLINE = Duration.ofSeconds(15);

    @Spec(
            value = {"H-TCP-01", "MQTT3-3.1.4-1", "MQTT-3.1.4-1"},
            says = "a silent connection is closed within 15 s")
    public void a_silent_connection_is_closed(Broker broker) {
        Bystander bystander = broker.bystander();
        Client silent = broker.open();

        silent.recommendEnd(CONNECT_DEADLINE, "a silent connection");

        bystander.noticesNothing();
    }

    @Spec(
            value = {"H-TCP-02", "MQTT3-3.1.4-1", "MQTT-3.1.4-1"},
            says = "the deadline is for the whole CONNECT: single bytes do not prolong it")
    public void a_connect_in_drops_is_closed(Broker broker) throws InterruptedException {
        Bystander bystander = broker.bystander();
        Client slow = broker.open();
        byte[] connect = broker.connect().bytes().toArray();

        for (int i = 0; i < 9; i++) {
            slow.send(Bytes.of(new byte[] {connect[i]}));
            WallTime.pass(1_000);
        }

        slow.recommendEnd(Duration.ofSeconds(6), "a CONNECT that comes in drops");
        bystander.noticesNothing();
    }

    @Spec(
            value = {"H-FRM-08", "MQTT-3.1.2-22", "MQTT3-3.1.2-24"},
            says = "half a packet, then silence, ends with the keep alive")
    public void half_a_packet_ends_with_the_keep_alive(Broker broker) {
        Client client = broker.connect().keepAlive(1).open();

        client.send("30 10 00 05");

        client.expectOptionalDisconnect(0x8D, 0x81);
    }

    @Spec(
            value = {"H-TCP-03", "MQTT3-3.1.2-8"},
            says = "a half-closed connection is a lost one: the will is published")
    public void a_half_closed_connection_is_lost(Broker broker) {
        String testament = broker.topic("will");
        Client heir = broker.subscriber(testament, 0);

        broker.connect().will(Will.to(testament, "half closed")).open().drop();

        heir.expectPublish(testament, "half closed");
    }

    @Spec(
            value = {"H-TCP-05"},
            says = "a reset in the middle of a PUBLISH: nothing of it is processed")
    public void half_a_publish_is_not_processed(Broker broker) {
        String topic = broker.topic("half");
        String testament = broker.topic("will");
        Client heir = broker.client();
        heir.subscribe(topic, 0);
        heir.subscribe(testament, 0);
        Client client = broker.connect().will(Will.to(testament, "gone")).open();
        Bytes publish = Bytes.packet(0x31, "<%s> 00 'not all of this'".formatted(topic));

        client.send(publish.first(publish.size() - 3));
        client.reset();

        heir.expectPublish(testament, "gone");
        heir.expectNothing();
    }

    @Spec(
            value = {"H-TCP-11", "MQTT-3.1.0-1", "MQTT3-3.1.0-1"},
            says = "other protocols are closed without a word")
    public void other_protocols_are_closed(Broker broker) {
        Bystander bystander = broker.bystander();
        for (String hello :
                List.of(
                        "'GET / HTTP/1.1' 0D0A 'Host: x' 0D0A0D0A",
                        "'SSH-2.0-OpenSSH_9.9' 0D0A",
                        "'PROXY TCP4 1.2.3.4 1.2.3.4 1 2' 0D0A",
                        "16 03 01 00 05 01 00 00 01 00", // a TLS ClientHello
                        "FF FF FF FF FF FF")) {
            broker.open().send(hello).expectClosed(CONNECT_DEADLINE);
        }
        bystander.noticesNothing();
    }

    @Spec(
            value = {"H-TCP-08", "MQTT-4.13.2-1", "MQTT3-4.5.0-2"},
            says = "a slow reader holds up nobody: neither publisher nor another subscriber")
    public void a_slow_reader_holds_up_nobody(Broker broker) {
        Bystander bystander = broker.bystander();
        String topic = broker.topic("flood");
        String done = broker.topic("done");
        Client slow = broker.connect().receiveBuffer(4_096).open();
        slow.subscribe(topic, 0);
        Client publisher = broker.client();
        Client reader = broker.subscriber(done, 1);

        String payload = "x".repeat(10_000);
        for (int i = 0; i < 1_500; i++) {
            publisher.publish(topic, payload);
            if (i % 500 == 0) {
                bystander.noticesNothing();
            }
        }
        publisher.publish(Publish.to(done, "done").qos(1));

        reader.take(done, "done");
        bystander.noticesNothing();
        slow.expectPublish(topic, payload);
    }

    @Spec(
            value = {"H-FRM-12"},
            says = "two thousand pings in one piece are all answered")
    public void many_pings_in_one_piece_are_answered(Broker broker) {
        Bystander bystander = broker.bystander();
        Client client = broker.client();

        client.send("C000".repeat(2_000));

        for (int i = 0; i < 2_000; i++) {
            client.expectBytes("D0 00");
        }
        bystander.noticesNothing();
    }
}
