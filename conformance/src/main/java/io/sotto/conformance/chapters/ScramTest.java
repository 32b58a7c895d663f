package io.sotto.conformance.chapters;

import io.sotto.conformance.Broker;
import io.sotto.conformance.Bytes;
import io.sotto.conformance.Client;
import io.sotto.conformance.Connect;
import io.sotto.conformance.Packet;
import io.sotto.conformance.PacketType;
import io.sotto.conformance.Property;
import io.sotto.conformance.Scram;
import io.sotto.conformance.Spec;
import io.sotto.conformance.Unexpected;
import io.sotto.conformance.Will;
import java.util.List;

/// Chapters 3.15 and 4.12: enhanced authentication with a method that both sides know.
///
/// Runs against brokers at which a user may log in by SCRAM.
@SuppressWarnings("MemberName") // a test's name is a sentence
public final class ScramTest {
    private static final int SUCCESS = 0x00;
    private static final int CONTINUE = 0x18;
    private static final int REAUTHENTICATE = 0x19;
    private static final int PROTOCOL_ERROR = 0x82;
    private static final int BAD_LOGIN = 0x86;
    private static final int NOT_AUTHORIZED = 0x87;
    private static final int BAD_METHOD = 0x8C;

    @Spec(
            value = {"MQTT-4.12.0-2", "MQTT-4.12.0-5", "MQTT-3.15.2-1"},
            says = "the broker asks with AUTH 0x18, and lets in who proves to know the password")
    public void who_proves_to_know_the_password_is_let_in(Broker broker) {
        Scram scram = new Scram(broker.scram());
        Client client = connect(broker, scram).send();

        answer(client, scram);

        Packet connAck = client.expect(PacketType.CONNACK);
        Unexpected.unless(connAck.reason() == SUCCESS, "refused: %s", connAck);
        scram.expectProof(scram.expectMethod(connAck));
        client.expectNothing();
    }

    @Spec(
            value = {"MQTT-4.12.0-4", "MQTT-3.2.2-7", "H-CON-04"},
            says = "who does not know the password is refused, then the end")
    public void a_wrong_proof_is_refused(Broker broker) {
        Scram scram = new Scram(broker.scram());
        Client client = connect(broker, scram).send();
        Packet challenge = scram.expectMethod(client.expectAuth(CONTINUE));

        client.sendAuth(CONTINUE, scram.wrongAnswer(challenge));

        client.expectConnectViolation(NOT_AUTHORIZED, BAD_LOGIN);
    }

    @Spec(
            value = {"MQTT-4.12.0-3"},
            says = "a challenge is answered with code 0x18 and no other")
    public void a_challenge_is_answered_with_0x18(Broker broker) {
        for (int code : new int[] {SUCCESS, REAUTHENTICATE, 0x87}) {
            Scram scram = new Scram(broker.scram());
            Client client = connect(broker, scram).send();
            Packet challenge = client.expectAuth(CONTINUE);

            client.sendAuth(code, scram.answer(challenge));

            client.expectConnectViolation(PROTOCOL_ERROR, 0x81);
        }
    }

    @Spec(
            value = {"MQTT-4.12.0-5"},
            says = "another method than that of CONNECT ends the login")
    public void another_method_midway_ends_the_login(Broker broker) {
        for (String other : List.of("SCRAM-SHA-0", "", "scram")) {
            Scram scram = new Scram(broker.scram());
            Client client = connect(broker, scram).send();
            client.expectAuth(CONTINUE);

            client.sendAuth(CONTINUE, Property.authenticationMethod(other));

            client.expectConnectViolation(BAD_METHOD, PROTOCOL_ERROR, NOT_AUTHORIZED);
        }
    }

    @Spec(
            value = {"MQTT-3.1.2-30"},
            says = "before CONNACK only AUTH or DISCONNECT, and nothing else takes effect")
    public void only_auth_or_disconnect_during_the_login(Broker broker) {
        Scram watching = new Scram(broker.scram());
        Client watcher = login(broker, watching);
        String topic = broker.topic("early");
        watcher.subscribe("%s/#".formatted(topic), 0);
        List<Bytes> early =
                List.of(
                        Bytes.packet(0x31, "<%s/x> 00 'x'".formatted(topic)),
                        Bytes.packet(0x82, "0001 00 <%s/y> 00".formatted(topic)),
                        Bytes.packet(0xA2, "0001 00 <%s/y>".formatted(topic)),
                        Bytes.of("C0 00"));
        for (Bytes packet : early) {
            Client client = connect(broker, new Scram(broker.scram())).send();
            client.expectAuth(CONTINUE);

            client.send(packet);

            client.expectConnectViolation(PROTOCOL_ERROR);
        }
        watcher.expectNothing();

        Client leaving = connect(broker, new Scram(broker.scram())).send();
        leaving.expectAuth(CONTINUE);
        leaving.send("E0 00");
        leaving.expectClosed();
    }

    @Spec(
            value = {"MQTT-3.15.2-2", "MQTT-3.15.2-3", "MQTT-3.1.2-24"},
            says = "AUTH keeps to the client's maximum, and leaves out what does not fit")
    public void auth_keeps_to_the_clients_maximum(Broker broker) {
        int whole = sizeOfChallenge(broker);
        for (int limit : new int[] {whole + 64, whole, whole - 1, whole / 2, 8}) {
            Scram scram = new Scram(broker.scram());
            Client client = connect(broker, scram).packetLimit(limit).send();

            // That nothing larger comes is checked whenever a packet is read.
            Packet packet = client.receiveOrEnd().orElse(null);
            if (packet != null && packet.type() == PacketType.AUTH) {
                client.sendAuth(CONTINUE, scram.answer(packet));
                packet = client.receiveOrEnd().orElse(null);
            } else {
                // A broker's nonce may be a little longer this time.
                Unexpected.unless(limit <= whole, "a challenge fits into %d bytes", limit);
            }
            if (packet != null) {
                Unexpected.unless(packet.type() == PacketType.CONNACK, "got %s", packet);
            }
        }
    }

    /// Without what may be left out: reason string and user properties.
    private static int sizeOfChallenge(Broker broker) {
        Client client = connect(broker, new Scram(broker.scram())).send();
        Packet challenge = client.expectAuth(CONTINUE);
        int optional = 0;
        if (challenge.properties().has(0x1F)) {
            optional += 3 + Bytes.of("'%s'".formatted(challenge.properties().text(0x1F))).size();
        }
        for (Object property : challenge.properties().userProperties()) {
            optional += 4 + Bytes.of("'%s'".formatted(property)).size();
        }
        return challenge.size() - optional;
    }

    @Spec(
            value = {"MQTT-4.12.1-1", "MQTT-4.12.0-2", "MQTT-4.12.0-5"},
            says = "a connected client proves itself again, and everything goes on meanwhile")
    public void a_connected_client_authenticates_again(Broker broker) {
        Client client = login(broker, new Scram(broker.scram()));
        String topic = broker.topic("meanwhile");
        client.subscribe(topic, 0);
        for (int round = 0; round < 3; round++) {
            Scram again = new Scram(broker.scram());
            client.sendAuth(REAUTHENTICATE, again.first());
            Packet challenge = again.expectMethod(client.expectAuth(CONTINUE));
            client.publish(topic, "meanwhile");
            client.expectPublish(topic, "meanwhile");

            client.sendAuth(CONTINUE, again.answer(challenge));

            again.expectProof(again.expectMethod(client.expectAuth(SUCCESS)));
        }
    }

    @Spec(
            value = {"MQTT-4.12.1-2"},
            says = "a failed re-authentication ends the connection, and its will is published")
    public void a_failed_reauthentication_ends_the_connection(Broker broker) {
        String testament = broker.topic("will");
        Client heir = login(broker, new Scram(broker.scram()));
        heir.subscribe(testament, 0);
        Scram scram = new Scram(broker.scram());
        Client client = connect(broker, scram).will(Will.to(testament, "not me")).send();
        answer(client, scram);
        client.expect(PacketType.CONNACK);
        Scram again = new Scram(broker.scram());
        client.sendAuth(REAUTHENTICATE, again.first());
        Packet challenge = client.expectAuth(CONTINUE);

        client.sendAuth(CONTINUE, again.wrongAnswer(challenge));

        client.expectViolation(NOT_AUTHORIZED);
        heir.expectPublish(testament, "not me");
    }

    @Spec(
            value = {"MQTT-4.12.1-1", "MQTT-4.12.0-5"},
            says = "re-authentication by another method is refused")
    public void another_method_for_reauthentication_is_refused(Broker broker) {
        for (String other : List.of("SCRAM-SHA-0", "PLAIN")) {
            Client client = login(broker, new Scram(broker.scram()));

            client.sendAuth(REAUTHENTICATE, Property.authenticationMethod(other));

            client.expectViolation(BAD_METHOD, PROTOCOL_ERROR, NOT_AUTHORIZED);
        }
    }

    @Spec(
            value = {"MQTT-4.12.0-3"},
            says = "AUTH 0x18 that nobody asked for ends the connection")
    public void an_answer_that_nobody_asked_for_is_refused(Broker broker) {
        Scram scram = new Scram(broker.scram());
        Client client = login(broker, scram);

        client.sendAuth(CONTINUE, scram.first());

        client.expectViolation(PROTOCOL_ERROR);
    }

    private static Connect connect(Broker broker, Scram scram) {
        return broker.connectAnonymously().with(scram.first());
    }

    private static Client login(Broker broker, Scram scram) {
        Client client = connect(broker, scram).send();
        answer(client, scram);
        Packet connAck = client.expect(PacketType.CONNACK);
        Unexpected.unless(connAck.reason() == SUCCESS, "refused: %s", connAck);
        return client;
    }

    private static void answer(Client client, Scram scram) {
        Packet challenge = scram.expectMethod(client.expectAuth(CONTINUE));
        client.sendAuth(CONTINUE, scram.answer(challenge));
    }
}
