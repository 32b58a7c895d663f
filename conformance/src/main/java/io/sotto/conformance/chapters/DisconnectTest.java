package io.sotto.conformance.chapters;

import static io.sotto.conformance.Property.sessionExpiry;

import io.sotto.conformance.Broker;
import io.sotto.conformance.Bytes;
import io.sotto.conformance.Client;
import io.sotto.conformance.Publish;
import io.sotto.conformance.Spec;
import io.sotto.conformance.Will;
import java.util.List;

/// Chapters 3.14 and 4.13: DISCONNECT, from either side.
@SuppressWarnings("MemberName") // a test's name is a sentence
public final class DisconnectTest {
    private static final int MALFORMED = 0x81;
    private static final int PROTOCOL_ERROR = 0x82;

    @Spec(
            value = {"MQTT-3.14.4-2", "MQTT3-3.14.4-1"},
            says = "after DISCONNECT the broker closes if the client does not")
    public void the_broker_closes_after_disconnect(Broker broker) {
        Client client = broker.client();

        client.send("E0 00");

        client.expectClosed();
    }

    @Spec(
            value = {"MQTT-3.14.4-1", "MQTT3-3.14.4-2"},
            says = "what follows DISCONNECT is not processed")
    public void what_follows_disconnect_is_not_processed(Broker broker) {
        String topic = broker.topic("after");
        Client watcher = broker.subscriber(topic, 0);
        Client client = broker.client();

        client.send(
                Bytes.of("E0 00")
                        .plus(
                                Bytes.packet(
                                        0x30,
                                        "<%s> %s 'x'".formatted(topic, broker.noProperties()))));
        client.expectClosed();

        watcher.expectNothingFrom(broker.client());
    }

    @Spec(
            value = {"MQTT-3.14.1-1", "MQTT3-3.14.1-1", "H-FRM-13"},
            says = "DISCONNECT with flags is a violation, and the will is published")
    public void disconnect_with_flags_is_a_violation(Broker broker) {
        for (int firstByte : new int[] {0xE1, 0xE2, 0xEF}) {
            String testament = broker.topic("will");
            Client heir = broker.subscriber(testament, 0);
            Client client = broker.connect().will(Will.to(testament, "not clean")).open();

            client.send("%02X 00".formatted(firstByte));

            client.expectViolation(MALFORMED);
            heir.expectPublish(testament, "not clean");
        }
    }

    @Spec(
            value = {"MQTT-3.14.2-1"},
            says = "DISCONNECT with a code that clients do not have is refused, the will published")
    public void disconnect_with_another_code_is_refused(Broker broker) {
        for (int code : new int[] {0x03, 0x8E, 0xFF, 0x8B}) {
            String testament = broker.topic("will");
            Client heir = broker.subscriber(testament, 0);
            Client client = broker.connect().will(Will.to(testament, "not clean")).open();

            client.sendPacket(0xE0, "%02X 00".formatted(code));

            client.expectViolation(PROTOCOL_ERROR, MALFORMED);
            heir.expectPublish(testament, "not clean");
        }
    }

    @Spec(
            value = {"MQTT-3.14.2-2", "H-SES-04"},
            says = "DISCONNECT may not raise a session expiry of 0")
    public void disconnect_may_not_raise_the_expiry_from_0(Broker broker) {
        for (Client client :
                List.of(broker.client(), broker.connect().with(sessionExpiry(0)).open())) {
            client.sendPacket(0xE0, "00 05 11 00000064"); // session expiry 100

            client.expectViolation(PROTOCOL_ERROR);
        }
    }

    @Spec(
            value = {"MQTT-3.14.2-2", "MQTT-3.14.2-1", "MQTT-3.14.4-1", "MQTT-4.13.1-1"},
            says = "the broker's DISCONNECT has a code of its table, no expiry, and is the last")
    public void the_brokers_disconnect_is_the_last_packet(Broker broker) {
        Client client = broker.client();

        client.send("36 00 C0 00"); // QoS 3, then PINGREQ

        // Codes and properties are checked whenever a packet is read.
        client.expectViolation(MALFORMED);
    }

    @Spec(
            value = {"MQTT-3.14.0-1", "MQTT-3.14.4-1"},
            says = "no DISCONNECT before CONNACK")
    public void no_disconnect_before_connack(Broker broker) {
        // expectConnectViolation takes CONNACK or nothing, but no DISCONNECT.
        broker.open().send("C0 00").expectClosed();
        broker.openWith(0x01, "<a>").expectConnectViolation(MALFORMED);
        broker.open().send("10 01 00").expectConnectViolation(MALFORMED);
    }

    @Spec(
            value = {"MQTT-3.14.2-1", "MQTT-2.2.2-1"},
            says = "wrong DISCONNECT properties are refused")
    public void wrong_disconnect_properties_are_refused(Broker broker) {
        for (String wrong :
                List.of(
                        "00 0A 11 00000000 11 00000000", // session expiry twice
                        "00 02 01 00", // payload format
                        "00 03 1C 0001", // a cut server reference
                        "00 05", // properties that are not there
                        "00 00 00")) { // a byte too many
            Client client = broker.connect().with(sessionExpiry(5)).open();

            client.sendPacket(0xE0, wrong);

            client.expectViolation(MALFORMED, PROTOCOL_ERROR);
        }
    }

    @Spec(
            value = {"MQTT-4.13.2-1"},
            says = "a client that never reads is closed all the same")
    public void a_violator_that_never_reads_is_closed(Broker broker) {
        String topic = broker.topic("flood");
        Client deaf = broker.connect().receiveBuffer(4_096).open();
        deaf.subscribe(topic, 0);
        Client publisher = broker.client();
        for (int i = 0; i < 200; i++) {
            publisher.publish(topic, "x".repeat(10_000));
        }
        publisher.expectNothing();
        String testament = broker.topic("will");
        Client heir = broker.subscriber(testament, 0);

        deaf.send("36 00"); // QoS 3

        publisher.publish(Publish.to(testament, "the broker goes on").qos(1));
        heir.expectPublish(testament, "the broker goes on");
        deaf.drop();
    }
}
