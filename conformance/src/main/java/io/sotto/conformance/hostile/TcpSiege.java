package io.sotto.conformance.hostile;

import io.sotto.conformance.Broker;
import io.sotto.conformance.Bytes;
import io.sotto.conformance.Client;
import io.sotto.conformance.Publish;
import io.sotto.conformance.Spec;
import io.sotto.conformance.Unexpected;
import io.sotto.conformance.WallTime;
import io.sotto.conformance.Will;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Connections that are opened, filled, cut and left alone in numbers.
@SuppressWarnings("MemberName") // a test's name is a sentence
public final class TcpSiege {
    private static final Duration DEADLINE = Duration.ofSeconds(8);
    private static final int KIBI = 1024;

    @Spec(
            value = {"H-TCP-01"},
            says = "many silent connections are all closed, and somebody else gets in at once")
    public void many_silent_connections_are_closed(Broker broker) {
        List<Client> silent = new ArrayList<>();
        for (int i = 0; i < Sieges.many(1_500); i++) {
            silent.add(broker.open());
        }
        long start = System.nanoTime();
        broker.client().expectNothing();
        Duration took = Duration.ofNanos(System.nanoTime() - start);

        Unexpected.unless(took.toMillis() < 1_000, "a login took %d ms", took.toMillis());
        silent.forEach(client -> client.expectClosed(DEADLINE));
    }

    @Spec(
            value = {"H-TCP-02"},
            says = "200 CONNECTs in drops are all closed at the deadline of the whole")
    public void many_connects_in_drops_are_closed(Broker broker) throws InterruptedException {
        byte[] connect = broker.connect().bytes().toArray();
        List<Client> slow = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            slow.add(broker.open());
        }

        for (int at = 0; at < 6; at++) {
            Bytes drop = Bytes.of(new byte[] {connect[at]});
            slow.forEach(client -> client.send(drop));
            WallTime.pass(250);
        }

        slow.forEach(client -> client.expectConnectViolation(DEADLINE, 0x81, 0x82, 0x80, 0x9F));
    }

    @Spec(
            value = {"H-TCP-04"},
            says = "a peer that answers nothing and takes nothing is lost with its keep alive")
    public void a_peer_that_takes_nothing_is_lost_with_its_keep_alive(Broker broker) {
        String testament = broker.topic("will");
        Client heir = broker.subscriber(testament, 0);
        String topic = broker.topic("flood");
        Client deaf =
                broker.connect()
                        .keepAlive(1)
                        .receiveBuffer(4 * KIBI)
                        .will(Will.to(testament, "lost"))
                        .open();
        deaf.subscribe(topic, 1);

        flood(broker, topic, 64);

        heir.expectPublish(testament, "lost");
    }

    @Spec(
            value = {"H-TCP-09"},
            says = "a peer that takes nothing of what waits for it is lost after the write timeout")
    public void a_peer_that_takes_nothing_is_lost_after_the_write_timeout(Broker broker) {
        String testament = broker.topic("will");
        Client heir = broker.subscriber(testament, 0);
        String topic = broker.topic("flood");
        Client deaf =
                broker.connect()
                        .keepAlive(0)
                        .receiveBuffer(4 * KIBI)
                        .will(Will.to(testament, "lost"))
                        .open();
        deaf.subscribe(topic, 0);

        flood(broker, topic, 64);

        heir.expectPublish(testament, "lost", DEADLINE);
    }

    /// More than the systems of both sides take for one connection.
    private static void flood(Broker broker, String topic, int messages) {
        Client publisher = broker.client();
        Bytes payload = Bytes.of(new byte[100 * KIBI]);
        for (int i = 0; i < messages; i++) {
            publisher.send(Publish.to(topic, payload));
        }
        publisher.settle();
        publisher.disconnect();
    }

    @Spec(
            value = {"H-TCP-05"},
            says = "many resets in the middle of a PUBLISH: nothing of them is processed")
    public void many_resets_in_a_publish_leave_nothing(Broker broker) {
        String topic = broker.topic("half");
        Client witness = broker.subscriber(topic, 0);
        Bytes publish =
                Bytes.packet(0x31, Bytes.of("<%s> 00".formatted(topic)).plus(zeros(60 * KIBI)));
        Bytes part = publish.first(publish.size() - 1);

        for (int i = 0; i < Sieges.many(1_000); i++) {
            broker.client().send(part).reset();
        }

        witness.expectNothing();
        broker.client().publish(topic, "whole");
        witness.expectPublish(topic, "whole");
    }

    private static Bytes zeros(int count) {
        return Bytes.of(new byte[count]);
    }

    @Spec(
            value = {"H-TCP-10"},
            says = "one subscriber in ten does not read: all others get everything, in order")
    public void deaf_subscribers_hold_up_no_other(Broker broker) {
        String topic = broker.topic("news");
        List<Client> readers = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            boolean deaf = i % 10 == 0;
            Client client = broker.connect().receiveBuffer(deaf ? 4 * KIBI : 0).open();
            client.subscribe(topic, 0);
            if (!deaf) {
                readers.add(client);
            }
        }
        Client publisher = broker.client();
        String filler = "x".repeat(20 * KIBI);

        for (int i = 0; i < 50; i++) {
            publisher.publish(topic, "%d %s".formatted(i, filler));
            if (i % 10 == 9) {
                for (Client reader : readers) {
                    for (int j = i - 9; j <= i; j++) {
                        reader.expectPublish(topic, "%d %s".formatted(j, filler));
                    }
                }
            }
        }
    }

    @Spec(
            value = {"H-TCP-11"},
            says = "many connections that begin with random bytes are closed without a word")
    public void random_bytes_are_closed(Broker broker) {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < Sieges.many(500); i++) {
            byte[] bytes = new byte[1 + random.nextInt(200)];
            random.nextBytes(bytes);
            // Anything but the beginning of a CONNECT.
            bytes[0] = bytes[0] == 0x10 ? 0x11 : bytes[0];
            try (Client client = broker.open()) {
                client.send(Bytes.of(bytes)).expectClosed();
            } catch (Unexpected e) {
                throw new Unexpected("seed %d: %s".formatted(seed, e.getMessage()));
            }
        }
    }

    @Spec(
            value = {"H-FRM-06"},
            says = "many announcements of 256 MB before any login are refused at once")
    public void announcements_before_the_login_are_refused(Broker broker) {
        for (int i = 0; i < Sieges.many(500); i++) {
            broker.open().send("10 FF FF FF 7F").expectConnectViolation(0x95, 0x81);
        }
    }

    @Spec(
            value = {"H-FRM-08"},
            says = "half a packet, then silence, ends in time, also without keep alive")
    public void half_a_packet_ends_in_time(Broker broker) {
        List<Client> halves = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            halves.add(broker.connect().keepAlive(0).open());
        }
        Bytes half = Bytes.packet(0x30, Bytes.of("<t> 00").plus(zeros(90 * KIBI)));

        halves.forEach(client -> client.send(half.first(50 * KIBI)));

        halves.forEach(client -> client.expectOptionalDisconnect(0x97, 0x81, 0x8D));
    }

    @Spec(
            value = {"H-FRM-12"},
            says = "50,000 pings in one piece are all answered")
    public void very_many_pings_are_answered(Broker broker) {
        Client client = broker.client();

        client.send("C000".repeat(50_000));

        for (int i = 0; i < 50_000; i++) {
            client.expectBytes("D0 00");
        }
    }
}
