package io.sotto.testkit.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.broker.BrokerSettings;
import io.sotto.mqtt.Packet;
import io.sotto.mqtt.Payload;
import io.sotto.mqtt.ProtocolException;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.TopicLimits;
import io.sotto.mqtt.TopicNames;
import io.sotto.mqtt.codec.Decoder;
import io.sotto.mqtt.codec.DecoderLimits;
import io.sotto.mqtt.codec.Sender;
import io.sotto.testkit.link.RawClient;
import io.sotto.testkit.link.WholeBroker;
import io.sotto.testkit.table.Reaction.Patience;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// The packet table against the codec, and against a whole broker.
final class PacketTableTest {
    private static final List<PacketCase> TABLE = PacketTable.all();
    private static final byte[] PINGREQ = Wire.hex("C000");
    private static final String PINGRESP = "D000";

    @Test
    void there_are_thousands_of_cases_and_no_two_of_one_name() {
        Set<String> names = new HashSet<>();

        List<PacketCase> twice =
                TABLE.stream().filter(packet -> !names.add(packet.toString())).toList();

        System.out.println("packet table: " + TABLE.size() + " cases");
        assertThat(twice).isEmpty();
        assertThat(TABLE).hasSizeGreaterThan(3_000);
    }

    @Test
    void no_two_cases_of_one_moment_contradict_each_other() {
        // The same bytes at the same moment: the same outcome.
        record Moment(ProtocolVersion version, boolean first, Payload bytes) {}
        record Outcome(int fault, Reaction reaction) {}
        Map<Moment, Outcome> outcomes = new HashMap<>();

        for (PacketCase packet : TABLE) {
            Outcome outcome = new Outcome(packet.fault(), packet.reaction());
            Outcome earlier =
                    outcomes.putIfAbsent(
                            new Moment(packet.version(), packet.first(), packet.bytes()), outcome);
            assertThat(outcome)
                    .as(packet.toString())
                    .isEqualTo(earlier == null ? outcome : earlier);
        }
    }

    @Test
    void the_codec_does_what_the_table_says() {
        List<String> faults = new ArrayList<>();

        for (PacketCase packet : TABLE) {
            String outcome = decoded(packet);
            String expected =
                    packet.fault() != 0
                            ? "refused with %02X".formatted(packet.fault())
                            : packet.reaction() instanceof Patience ? "waits" : "read";
            if (!outcome.startsWith(expected)) {
                faults.add(describe(packet, expected, outcome));
            }
        }

        assertThat(faults).isEmpty();
    }

    private static String decoded(PacketCase packet) {
        TopicNames names = new TopicNames(4, TopicLimits.DEFAULT);
        Decoder decoder = new Decoder(Sender.CLIENT, DecoderLimits.DEFAULT, names);
        if (!packet.first()) {
            decoder.version(packet.version());
        }
        try {
            Packet read = decoder.read(ByteBuffer.wrap(packet.bytes().toByteArray()));
            return read == null ? "waits" : "read";
        } catch (ProtocolException e) {
            return "refused with %02X: %s".formatted(e.reason().code(), e.sentence());
        }
    }

    private static String describe(PacketCase packet, String expected, String outcome) {
        String hex = Wire.hex(packet.bytes().toByteArray());
        return packet + " (" + hex + ") is to be " + expected + ", is " + outcome;
    }

    @Test
    void a_broker_does_what_the_table_says() {
        List<String> faults = new ArrayList<>();
        WholeBroker broker = new WholeBroker(BrokerSettings.DEFAULT, 1);
        RawClient bystander = broker.client(ProtocolVersion.MQTT_5);
        bystander.send(Wire.hex("10 10 0004 4D515454 05 02 0000 00 0003 627973"));
        bystander.link().bytes();

        for (PacketCase packet : TABLE) {
            String expected = packet.reaction().toString();
            String outcome = reaction(broker, packet);
            if (!outcome.equals(expected)) {
                faults.add(describe(packet, expected, outcome));
            }
        }

        assertThat(faults).isEmpty();
        assertThat(broker.errors()).isEmpty();
        assertThat(broker.balances()).isTrue();
        bystander.send(PINGREQ);
        assertThat(Wire.hex(bystander.link().bytes())).isEqualTo(PINGRESP);
    }

    /// What the broker does, in the words of a [Reaction].
    private static String reaction(WholeBroker broker, PacketCase packet) {
        RawClient client = broker.client(packet.version());
        if (!packet.first()) {
            client.send(PacketTable.login(packet.version()));
            client.link().bytes();
        }
        client.send(packet.bytes().toByteArray());
        byte[] told = client.link().bytes();
        Reaction reaction =
                client.link().isClosed() ? end(told) : goingOn(client, told, packet.first());
        client.lose();
        return reaction.toString();
    }

    private static Reaction end(byte[] told) {
        if (told.length == 0) {
            return new Reaction.End();
        }
        return switch (told[0] & 0xFF) {
            case 0x20 -> new Reaction.Refusal(told[3] & 0xFF);
            case 0xE0 -> new Reaction.Dismissal(told[2] & 0xFF);
            default -> new Reaction.Answer(Wire.hex(told) + ", then the end");
        };
    }

    /// A connection that goes on proves it by answering PINGREQ; within a packet it cannot.
    private static Reaction goingOn(RawClient client, byte[] told, boolean first) {
        if (first) {
            boolean welcome = told.length > 3 && told[0] == 0x20 && told[2] == 0 && told[3] == 0;
            if (told.length == 0) {
                return new Patience();
            }
            return welcome ? new Reaction.Welcome() : new Reaction.Answer(Wire.hex(told));
        }
        client.send(PINGREQ);
        boolean alive = Wire.hex(client.link().bytes()).equals(PINGRESP);
        if (told.length > 0) {
            return new Reaction.Answer(Wire.hex(told) + (alive ? "" : ", then nothing"));
        }
        return alive ? new Reaction.Silence() : new Patience();
    }
}
