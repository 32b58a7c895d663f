package io.sotto.conformance.hostile;

import io.sotto.conformance.Broker;
import io.sotto.conformance.Bytes;
import io.sotto.conformance.Client;
import io.sotto.conformance.Packet;
import io.sotto.conformance.PacketType;
import io.sotto.conformance.Property;
import io.sotto.conformance.Publish;
import io.sotto.conformance.Spec;
import io.sotto.conformance.Unexpected;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Logins in numbers, with much in them, or wrong.
@SuppressWarnings("MemberName") // a test's name is a sentence
public final class ConnectSiege {
    private static final int BUSY = 0x89;
    private static final int WRONG = 0x86;
    private static final int TOO_OFTEN = 0x9F;
    private static final long NEVER = 0xFFFF_FFFFL;

    @Spec(
            value = {"H-CON-06"},
            says = "user properties beyond the bound end the connection, in CONNECT and PUBLISH")
    public void too_many_user_properties_are_refused(Broker broker) {
        Bytes pairs = Bytes.of("26 0000 0000".repeat(100_000));
        String topic = broker.topic("t");

        for (int i = 0; i < 20; i++) {
            Bytes connect =
                    Bytes.of("<MQTT> 05 02 003C" + Bytes.variableInteger(pairs.size()))
                            .plus(pairs)
                            .plus("<id>");
            broker.open().send(Bytes.packet(0x10, connect)).expectConnectViolation(0x95, 0x97);
            Bytes publish =
                    Bytes.of("<%s> %s".formatted(topic, Bytes.variableInteger(pairs.size())))
                            .plus(pairs);
            broker.client()
                    .send(Bytes.packet(0x30, publish))
                    .expectOptionalDisconnect(0x97, 0x95, 0x81, 0x82);
        }
    }

    @Spec(
            value = {"H-CON-10"},
            says = "many clients with the longest keep alive, or none, hold up nobody")
    public void idle_clients_hold_up_nobody(Broker broker) {
        List<Client> idle = new ArrayList<>();
        for (int i = 0; i < Sieges.many(400); i++) {
            idle.add(broker.connect().keepAlive(i % 2 == 0 ? 0 : 65_535).open());
        }

        idle.forEach(Client::expectNothing);
    }

    @Spec(
            value = {"H-CON-16"},
            says = "many takeovers of one client id: one owner at any time, the others are told")
    public void takeovers_leave_one_owner(Broker broker) {
        String id = broker.id("contested");
        Client owner = broker.connect().id(id).open();
        for (int i = 0; i < Sieges.many(500); i++) {
            Client next = broker.connect().id(id).open();
            owner.expectOptionalDisconnect(0x8E);
            owner = next;
        }

        String topic = broker.topic("owned");
        owner.subscribe(topic, 1);
        owner.publish(topic, "mine");
        owner.expectPublish(topic, "mine");
    }

    @Spec(
            value = {"H-CON-17"},
            says = "sessions that nobody comes back to are bounded; those that are there go on")
    public void sessions_are_bounded(Broker broker) {
        List<String> kept = new ArrayList<>();
        int reason = 0;
        for (int i = 0; i < 1_000 && reason == 0; i++) {
            String id = broker.id("filler");
            Client client =
                    broker.connect().id(id).resume().with(Property.sessionExpiry(NEVER)).send();
            reason = client.expect(PacketType.CONNACK).reason();
            if (reason == 0) {
                kept.add(id);
                client.disconnect();
            }
        }

        Unexpected.unless(reason == 0x97, "no end of sessions: %d, %d", kept.size(), reason);
        try (Client back = broker.connect().id(kept.getFirst()).resume().open()) {
            Unexpected.unless(back.connAck().sessionPresent(), "the session is gone");
        }
        kept.forEach(id -> broker.connect().id(id).open().disconnect());
    }

    @Spec(
            value = {"H-CON-18", "H-CON-19"},
            says = "60 wrong passwords of 50 KB: few are judged, all get one of the same answers")
    public void guessing_is_slowed_down(Broker broker) {
        String password = "x".repeat(50_000);
        List<Client> guessing = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            guessing.add(broker.connectAnonymously().user("ann" + i).password(password).send());
        }

        int judged = 0;
        for (Client client : guessing) {
            Optional<Packet> answer = client.receiveOrEnd();
            int reason = answer.map(Packet::reason).orElse(TOO_OFTEN);
            Unexpected.unless(
                    reason == WRONG || reason == TOO_OFTEN || reason == BUSY,
                    "a wrong password was answered with 0x%02X",
                    reason);
            judged += reason == WRONG ? 1 : 0;
        }

        Unexpected.unless(judged >= 1 && judged < 50, "%d of 60 were judged", judged);
    }

    @Spec(
            value = {"H-CON-23"},
            says =
                    "methods that are not known, AUTH without a method and AUTH of 10 MB are refused")
    public void broken_enhanced_authentication_is_refused(Broker broker) {
        for (int i = 0; i < 50; i++) {
            broker.connectAnonymously()
                    .with(Property.authenticationMethod("no such method " + i))
                    .send()
                    .expectRefused(0x8C);
            broker.client().send("F0 00").expectViolation(0x82);
            broker.client().send("F0 80 80 80 05 18").expectViolation(0x95);
        }
    }

    @Spec(
            value = {"H-CON-12"},
            says = "a client that can take nothing is closed, 200 times")
    public void clients_that_can_take_nothing_are_closed(Broker broker) {
        for (int size = 1; size <= 200; size++) {
            try (Client client =
                    broker.connect().with(Property.maximumPacketSize(1 + size % 4)).send()) {
                client.expectClosed();
            }
        }
        broker.client().publish(Publish.to(broker.topic("t"), "x").qos(1));
    }
}
