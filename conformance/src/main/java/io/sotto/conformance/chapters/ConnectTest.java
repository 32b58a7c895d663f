package io.sotto.conformance.chapters;

import static io.sotto.conformance.Bytes.packet;

import io.sotto.conformance.Broker;
import io.sotto.conformance.Bystander;
import io.sotto.conformance.Bytes;
import io.sotto.conformance.Client;
import io.sotto.conformance.Packet;
import io.sotto.conformance.PacketType;
import io.sotto.conformance.Publish;
import io.sotto.conformance.Spec;
import io.sotto.conformance.Unexpected;
import io.sotto.conformance.Version;
import io.sotto.conformance.Will;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Chapters 3.1.1 and 3.1.2.1 to 3.1.2.3: the first packet, and how it begins.
@SuppressWarnings("MemberName") // a test's name is a sentence
public final class ConnectTest {
    private static final int MALFORMED = 0x81;
    private static final int PROTOCOL_ERROR = 0x82;
    private static final int UNSUPPORTED_VERSION = 0x84;
    private static final int CLEAN = 0x02;

    @Spec(
            value = {"MQTT-3.1.0-1", "MQTT3-3.1.0-1", "H-FRM-02"},
            says = "the first packet is CONNECT; anything else is closed without a word")
    public void any_other_packet_first_is_closed_without_a_word(Broker broker) {
        Bystander bystander = broker.bystander();

        for (String first :
                List.of(
                        "00 00", // reserved
                        "20 02 00 00", // CONNACK
                        "30 05 <a> 00 'b'", // PUBLISH, QoS 0
                        "32 07 <a> 0001 00 'b'", // PUBLISH, QoS 1
                        "40 02 0001", // PUBACK
                        "50 02 0001", // PUBREC
                        "62 02 0001", // PUBREL
                        "70 02 0001", // PUBCOMP
                        "82 07 0001 00 <a> 00", // SUBSCRIBE
                        "90 03 0001 00", // SUBACK
                        "A2 06 0001 00 <a>", // UNSUBSCRIBE
                        "B0 02 0001", // UNSUBACK
                        "C0 00", // PINGREQ
                        "D0 00", // PINGRESP
                        "E0 00", // DISCONNECT
                        "F0 00")) { // AUTH
            broker.open().send(first).expectClosed();
        }
        bystander.noticesNothing();
    }

    @Spec(
            value = {"MQTT-3.1.0-1", "MQTT3-3.1.0-1", "H-FRM-02"},
            says = "a wrong first packet is not waited for, however long it says it is")
    public void a_wrong_first_packet_is_closed_before_its_body_comes(Broker broker) {
        Client client = broker.open();

        client.send("30 FF FF FF 7F"); // PUBLISH of 268,435,455 bytes

        client.recommendEnd(Duration.ofSeconds(5), "a PUBLISH that comes first");
    }

    @Spec(
            value = {"MQTT-3.1.0-2", "MQTT3-3.1.0-2", "H-CON-01", "MQTT3-4.8.0-1"},
            says = "a second CONNECT is a protocol error, and the will is published")
    public void a_second_connect_ends_the_connection(Broker broker) {
        String testament = broker.topic("will");
        Client heir = broker.subscriber(testament, 0);
        Client client = broker.connect().will(Will.to(testament, "twice")).open();

        client.send(broker.connect().bytes());

        client.expectViolation(PROTOCOL_ERROR);
        heir.expectPublish(testament, "twice");
    }

    @Spec(
            value = {"MQTT-3.1.0-2", "MQTT3-3.1.0-2", "MQTT-3.2.0-2"},
            says = "a second CONNECT of another version is as wrong")
    public void a_second_connect_of_another_version_ends_the_connection(Broker broker) {
        Version other = broker.speaks5() ? Version.V311 : Version.V5;
        Client client = broker.client();

        client.send(broker.connect().version(other).bytes());

        client.expectViolation(PROTOCOL_ERROR);
    }

    @Spec(
            value = {"MQTT-3.1.2-1", "MQTT3-3.1.2-1"},
            says = "under a wrong protocol name the broker does not go on")
    public void a_wrong_protocol_name_is_closed(Broker broker) {
        for (String name : List.of("MQTt", "mqtt", "MQT", "", "MQTTT", "HTTP")) {
            Client client = broker.open();

            client.sendPacket(
                    0x10,
                    "<%s> %02X 02 003C %s <%s>"
                            .formatted(
                                    name,
                                    broker.version().level(),
                                    broker.noProperties(),
                                    broker.id("a")));

            Optional<Packet> refusal = client.receiveOrEnd();
            Unexpected.unless(
                    refusal.filter(p -> p.reason() == 0).isEmpty(), "accepted: %s", refusal);
        }
    }

    @Spec(value = "MQTT-3.1.2-1", says = "the name of MQTT 3.1 does not open level 5")
    public void the_old_protocol_name_does_not_open_level_5(Broker broker) {
        Client client = broker.open();

        client.sendPacket(0x10, "<MQIsdp> 05 02 003C 00 <%s>".formatted(broker.id("a")));

        client.expectConnectViolation(UNSUPPORTED_VERSION, 0x01);
    }

    @Spec(value = "MQTT-3.1.2-1", says = "a protocol name of 65,535 characters is closed")
    public void an_endless_protocol_name_is_closed(Broker broker) {
        Client client = broker.open();

        client.sendPacket(0x10, "<%s> 05 02 003C 00 <a>".formatted("M".repeat(65_535)));

        client.expectConnectViolation(UNSUPPORTED_VERSION, MALFORMED, 0x95);
    }

    @Spec(value = "MQTT3-3.1.2-1", says = "MQIsdp with level 3 is MQTT 3.1")
    public void the_name_mqisdp_with_level_3_speaks_3_1(Broker broker) {
        String topic = broker.topic("old");

        Client old = broker.connect().version(Version.V31).open();
        old.subscribe(topic, 1);
        broker.client().publish(Publish.to(topic, "still here").qos(1));

        old.take(topic, "still here");
    }

    @Spec(
            value = {"MQTT3-3.1.2-2"},
            says = "a level that is not served gets CONNACK 1, then the end")
    public void a_level_below_4_is_refused_with_code_1(Broker broker) {
        for (int level : new int[] {0, 1, 2, 3}) {
            Client client = broker.open();

            client.sendPacket(0x10, "<MQTT> %02X 02 003C <%s>".formatted(level, broker.id("a")));

            client.expectBytes("20 02 00 01");
            client.expectClosed();
        }
    }

    @Spec(
            value = {"MQTT-3.1.2-2", "MQTT3-3.1.2-2", "MQTT-3.14.0-1", "H-CON-24"},
            says = "a level above 5 gets CONNACK 0x84 (or 1 in the old form), then the end")
    public void a_level_above_5_is_refused(Broker broker) {
        for (int level : new int[] {6, 7, 9, 127, 255}) {
            Client client = broker.open(Version.V5);

            client.sendPacket(0x10, "<MQTT> %02X 02 003C 00 <%s>".formatted(level, broker.id("a")));

            Optional<Packet> refusal = client.receiveOrEnd();
            Unexpected.unless(
                    refusal.filter(p -> p.reason() == 0).isEmpty(), "accepted: %s", refusal);
            if (broker.speaks5()) {
                broker.recommended(refusal.isPresent(), "closed without a CONNACK");
            } else {
                Unexpected.unless(refusal.isPresent(), "closed without a CONNACK");
            }
        }
    }

    @Spec(
            value = {"MQTT-3.1.2-3", "MQTT3-3.1.2-3"},
            says = "bit 0 of the connect flags is 0")
    public void the_reserved_connect_flag_is_refused(Broker broker) {
        for (int flags : new int[] {0x01, 0x03}) {
            Client client = broker.openWith(flags, "<%s>".formatted(broker.id("a")));

            client.expectConnectViolation(MALFORMED);
        }
    }

    @Spec(
            value = {"MQTT-2.1.3-1", "MQTT3-2.2.2-2", "H-FRM-13"},
            says = "CONNECT with wrong fixed-header flags is closed")
    public void connect_with_wrong_header_flags_is_closed(Broker broker) {
        for (int firstByte : new int[] {0x11, 0x12, 0x18, 0x1F}) {
            Client client = broker.open();

            byte[] connect = broker.connect().bytes().toArray();
            connect[0] = (byte) firstByte;
            client.send(Bytes.of(connect));

            client.expectConnectViolation(MALFORMED);
        }
    }

    @Spec(
            value = {"MQTT-3.1.4-1", "MQTT3-3.1.4-1", "H-FRM-10", "H-FRM-11"},
            says = "a CONNECT whose lengths do not fit is closed, without success")
    public void a_connect_whose_lengths_do_not_fit_is_closed(Broker broker) {
        Bystander bystander = broker.bystander();
        String start =
                "<MQTT> %02X 02 003C %s "
                        .formatted(broker.version().level(), broker.noProperties());
        for (String body :
                List.of(
                        "", // nothing at all
                        "00", // half a length
                        "00 04 'MQ'", // a cut protocol name
                        "<MQTT>", // no level
                        "<MQTT> %02X".formatted(broker.version().level()), // no flags
                        "<MQTT> %02X 02 00"
                                .formatted(broker.version().level()), // half a keep alive
                        start + "00", // half a client identifier length
                        start + "00 05 'abc'", // a client identifier beyond the packet
                        start + "FFFF 'abc'", // far beyond
                        start + "<abc> 00", // one byte too many
                        start + "<abc> <abc>")) { // a field too many
            broker.open().send(packet(0x10, body)).expectConnectViolation(MALFORMED);
        }
        bystander.noticesNothing();
    }

    @Spec(
            value = {"MQTT-3.1.4-1", "MQTT-1.5.5-1", "MQTT3-3.1.4-1", "H-FRM-04", "H-FRM-05"},
            says = "a remaining length of five bytes, or longer than needed, is closed")
    public void a_broken_remaining_length_of_connect_is_closed(Broker broker) {
        broker.open().send("10 80 80 80 80 01").expectConnectViolation(MALFORMED);
        broker.open().send("10 FF FF FF FF 7F").expectConnectViolation(MALFORMED);
        broker.open().send("10 80 00").expectConnectViolation(MALFORMED);
    }

    @Spec(
            value = {"MQTT-3.1.4-1", "H-FRM-06", "MQTT3-3.1.4-1"},
            says = "a CONNECT that announces far too much is closed at its header")
    public void an_oversized_connect_is_closed_at_its_header(Broker broker) {
        Bystander bystander = broker.bystander();

        broker.open()
                .send("10 FF FF FF 7F")
                .recommendEnd(Duration.ofSeconds(5), "a CONNECT of 256 MiB");

        bystander.noticesNothing();
    }

    @Spec(
            value = {
                "MQTT-3.1.4-5",
                "MQTT3-3.1.4-4",
                "MQTT3-3.2.0-1",
                "MQTT-3.2.2-1",
                "MQTT3-7.0.0-2"
            },
            says = "a valid CONNECT is answered with CONNACK 0")
    public void a_valid_connect_is_accepted(Broker broker) {
        Client client = broker.connect().send();

        if (broker.speaks5()) {
            client.expect(PacketType.CONNACK);
        } else {
            client.expectBytes("20 02 00 00");
        }
        client.expectNothing();
    }

    @Spec(
            value = {"MQTT-3.1.4-6", "MQTT3-3.1.4-5", "H-CON-13"},
            says = "after a refused CONNECT nothing that follows is processed")
    public void what_follows_a_refused_connect_is_not_processed(Broker broker) {
        String topic = broker.topic("stowaway");
        Client watcher = broker.subscriber(topic, 0);
        Bytes publish = packet(0x31, "<%s> %s 'stowaway'".formatted(topic, broker.noProperties()));

        // Refused with 0x84 or 1, since there is no such version.
        broker.open(Version.V5)
                .send(packet(0x10, "<MQTT> 09 02 003C 00 <a>").plus(publish))
                .expectConnectViolation(UNSUPPORTED_VERSION, 0x01);

        watcher.expectNothingFrom(broker.client());
        broker.subscriber(topic, 0).expectNothing();
    }

    @Spec(
            value = {"MQTT-3.1.3-1", "MQTT3-3.1.3-1"},
            says = "the payload has its fields in order: id, will, user name, password")
    public void the_payload_fields_are_read_in_their_order(Broker broker) {
        String testament = broker.topic("order");
        Client heir = broker.subscriber(testament, 0);

        Client client =
                broker.openWith(
                        0xC6, // user name, password, will, clean
                        "<%s> %s <%s> 'XX'"
                                .formatted(broker.id("a"), broker.noProperties(), testament));

        // 'XX' announces a will payload of 0x5858 bytes that is not there.
        client.expectConnectViolation(MALFORMED);
        heir.expectNothing();
    }

    @Spec(
            value = {"MQTT-3.1.3-3", "MQTT3-3.1.3-3"},
            says = "the client identifier is there")
    public void a_connect_without_payload_is_closed(Broker broker) {
        broker.openWith(CLEAN, "").expectConnectViolation(MALFORMED);
    }
}
