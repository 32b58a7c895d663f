package io.sotto.conformance.chapters;

import io.sotto.conformance.Broker;
import io.sotto.conformance.Bystander;
import io.sotto.conformance.Bytes;
import io.sotto.conformance.Client;
import io.sotto.conformance.Packet;
import io.sotto.conformance.PacketType;
import io.sotto.conformance.Spec;
import io.sotto.conformance.Unexpected;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// Chapters 2.1 and 4.13: how packets lie on the wire, on a connection that is accepted.
@SuppressWarnings("MemberName") // a test's name is a sentence
public final class FramingTest {
    private static final int MALFORMED = 0x81;
    private static final int PROTOCOL_ERROR = 0x82;

    private static final List<PacketType> FROM_CLIENTS =
            List.of(
                    PacketType.PUBACK,
                    PacketType.PUBREC,
                    PacketType.PUBREL,
                    PacketType.PUBCOMP,
                    PacketType.SUBSCRIBE,
                    PacketType.UNSUBSCRIBE,
                    PacketType.PINGREQ,
                    PacketType.DISCONNECT);

    @Spec(
            value = {"MQTT-2.1.3-1", "MQTT3-2.2.2-1", "MQTT3-2.2.2-2", "H-FRM-13"},
            says = "reserved flags have the value of the table")
    public void wrong_reserved_flags_end_the_connection(Broker broker) {
        Bystander bystander = broker.bystander();
        for (PacketType type : FROM_CLIENTS) {
            for (int flags = 0; flags <= 0xF; flags++) {
                if (flags != (type.firstByte() & 0xF)) {
                    expectRefused(broker, type.firstByte() & 0xF0 | flags);
                }
            }
        }
        bystander.noticesNothing();
    }

    private static void expectRefused(Broker broker, int firstByte) {
        try (Client client = broker.client()) {
            client.sendPacket(firstByte, "0001");

            client.expectViolation(MALFORMED);
        }
    }

    @Spec(
            value = {"MQTT-4.13.1-1", "MQTT3-4.8.0-1", "H-FRM-01"},
            says = "packet types that do not exist end the connection")
    public void reserved_packet_types_end_the_connection(Broker broker) {
        List<String> reserved = broker.speaks5() ? List.of("00 00") : List.of("00 00", "F0 00");
        for (String packet : reserved) {
            Client client = broker.client();

            client.send(packet);

            client.expectViolation(MALFORMED, PROTOCOL_ERROR);
        }
    }

    @Spec(
            value = {"MQTT-4.13.1-1", "MQTT3-4.8.0-1", "H-FRM-03"},
            says = "packets that only brokers send end the connection")
    public void packets_of_a_broker_end_the_connection(Broker broker) {
        List<String> packets =
                broker.speaks5()
                        ? List.of("20 03 00 00 00", "90 04 0001 00 00", "B0 04 0001 00 00", "D0 00")
                        : List.of("20 02 00 00", "90 03 0001 00", "B0 02 0001", "D0 00");
        for (String packet : packets) {
            Client client = broker.client();

            client.send(packet);

            client.expectViolation(PROTOCOL_ERROR);
        }
    }

    @Spec(
            value = {"MQTT-1.5.5-1", "MQTT-4.13.1-1", "MQTT3-4.8.0-1", "H-FRM-04", "H-FRM-05"},
            says = "a remaining length of five bytes, or longer than needed, is malformed")
    public void a_broken_remaining_length_is_malformed(Broker broker) {
        for (String wrong :
                List.of("C0 80 00", "30 81 80 00", "30 80 80 80 80 01", "30 FF FF FF FF 7F")) {
            Client client = broker.client();

            client.send(wrong);

            client.expectViolation(MALFORMED);
        }
    }

    @Spec(
            value = {"MQTT-4.13.1-1", "MQTT3-4.8.0-1", "H-FRM-09", "H-FRM-10"},
            says = "bytes after the last field, or too few, are malformed")
    public void packets_of_a_wrong_length_are_malformed(Broker broker) {
        String none = broker.noProperties();
        for (Bytes wrong :
                List.of(
                        Bytes.of("C0 01 00"), // PINGREQ with a body
                        Bytes.of("40 00"), // PUBACK without identifier
                        Bytes.of("40 01 00"),
                        Bytes.of("50 01 00"), // PUBREC
                        Bytes.of("62 01 00"), // PUBREL
                        Bytes.of("70 01 00"), // PUBCOMP
                        Bytes.of("82 01 00"), // SUBSCRIBE
                        Bytes.of("A2 01 00"), // UNSUBSCRIBE
                        Bytes.packet(0x82, "0001 %s <a> 00 00".formatted(none)),
                        Bytes.packet(0xA2, "0001 %s <a> 00".formatted(none)))) {
            Client client = broker.client();

            client.send(wrong);

            client.expectViolation(MALFORMED);
        }
    }

    @Spec(
            value = {"MQTT3-4.8.0-1"},
            says = "acknowledgements of 3.1.1 have nothing after their identifier")
    public void longer_acknowledgements_are_malformed(Broker broker) {
        for (int firstByte : new int[] {0x40, 0x50, 0x62, 0x70}) {
            Client client = broker.client();

            client.sendPacket(firstByte, "0001 00");

            client.expectViolation();
        }
        broker.client().sendPacket(0xE0, "00").expectViolation();
    }

    @Spec(
            value = {"MQTT-4.2-1", "MQTT3-7.1.1-1", "H-TCP-12"},
            says = "the stream may come in any pieces: byte by byte, or all at once")
    public void a_session_byte_by_byte_works(Broker broker) {
        String topic = broker.topic("pieces");
        String none = broker.noProperties();
        Bytes stream =
                broker.connect()
                        .bytes()
                        .plus(Bytes.packet(0x82, "0001 %s <%s> 01".formatted(none, topic)))
                        .plus(Bytes.packet(0x32, "<%s> 0002 %s 'whole'".formatted(topic, none)))
                        .plus("C0 00");

        Client piecemeal = broker.open();
        for (byte one : stream.toArray()) {
            piecemeal.send(Bytes.of(new byte[] {one}));
        }
        expectWholeSession(piecemeal);
        expectWholeSession(broker.open().send(stream));
    }

    private static void expectWholeSession(Client client) {
        client.expect(PacketType.CONNACK);
        Set<PacketType> missing =
                EnumSet.of(
                        PacketType.SUBACK,
                        PacketType.PUBACK,
                        PacketType.PUBLISH,
                        PacketType.PINGRESP);
        while (!missing.isEmpty()) {
            Packet packet = client.receive();
            Unexpected.unless(missing.remove(packet.type()), "a packet too many: %s", packet);
        }
    }

    @Spec(
            value = {"MQTT-4.13.1-1", "MQTT3-4.8.0-1"},
            says = "what follows a violation is not processed")
    public void what_follows_a_violation_is_not_processed(Broker broker) {
        String topic = broker.topic("after");
        Client watcher = broker.subscriber(topic, 0);
        Client client = broker.client();

        client.send(
                Bytes.of("C1 00")
                        .plus(
                                Bytes.packet(
                                        0x30,
                                        "<%s> %s 'x'".formatted(topic, broker.noProperties()))));

        client.expectViolation(MALFORMED);
        watcher.expectNothingFrom(broker.client());
    }
}
