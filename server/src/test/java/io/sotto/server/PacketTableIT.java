package io.sotto.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.conformance.Carrier;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.testkit.table.PacketCase;
import io.sotto.testkit.table.PacketTable;
import io.sotto.testkit.table.Reaction;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// The packet table against the executable jar, over everything that carries MQTT. One packet after
/// the other, each on a connection of its own: what one leaves behind, the next may meet.
class PacketTableIT {
    private static final HexFormat HEX = HexFormat.of().withUpperCase();
    private static final byte[] PINGREQ = HEX.parseHex("C000");
    private static final String PINGRESP = "D000";

    /// All packets come from one address, many are refused on purpose, and everybody may log in.
    private static final String LENIENT =
            """
            limits: {login-failures: unlimited}
            clients: {unknown-user: anonymous}
            """;

    /// Where the connect flags are: behind the fixed header, the name and the level.
    private static final int FLAGS = 9;

    /// How long an answer may take, and how long none is waited for.
    private static final int ANSWER_MILLIS = 20_000;

    private static final int SILENCE_MILLIS = 10;

    /// All ways side by side, each with a broker of its own.
    @TestFactory
    Stream<DynamicTest> the_broker_does_what_the_table_says_on_every_way() {
        Map<Ways, FutureTask<List<String>>> faults = new EnumMap<>(Ways.class);
        for (Ways way : Ways.values()) {
            FutureTask<List<String>> task = new FutureTask<>(() -> faults(way));
            faults.put(way, task);
            Thread.ofVirtual().name("packet-table-" + way).start(task);
        }
        return faults.entrySet().stream()
                .map(each ->
                        DynamicTest.dynamicTest(
                                each.getKey().toString(),
                                () -> assertThat(each.getValue().get()).isEmpty()));
    }

    private static List<String> faults(Ways way) throws IOException, InterruptedException {
        Path jar = Path.of(System.getProperty("sotto.jar"));
        BrokerProcess broker = BrokerProcess.start(jar, LENIENT + way.listener());
        try {
            Carrier carrier = way.to(broker.address());
            List<String> faults = new ArrayList<>();
            for (PacketCase packet : PacketTable.all()) {
                String expected = expected(packet).toString();
                String outcome = outcome(carrier, packet);
                if (!outcome.equals(expected)) {
                    faults.add(
                            "%s (%s) is to be %s, is %s"
                                    .formatted(
                                            packet,
                                            HEX.formatHex(packet.bytes().toByteArray()),
                                            expected,
                                            outcome));
                }
            }
            return faults;
        } finally {
            broker.stop();
        }
    }

    /// The table is of a broker that lets everybody in; this one wants to know whose a password is.
    private static Reaction expected(PacketCase packet) {
        boolean ownerless =
                packet.first()
                        && packet.version() == ProtocolVersion.MQTT_5
                        && packet.reaction() instanceof Reaction.Welcome
                        && (packet.bytes().toByteArray()[FLAGS] & 0xC0) == 0x40;
        return ownerless ? new Reaction.Refusal(0x86) : packet.reaction();
    }

    /// What the broker does, in the words of a [Reaction].
    private static String outcome(Carrier carrier, PacketCase packet) throws IOException {
        try (Carrier.Stream stream = carrier.open(0)) {
            stream.patience(ANSWER_MILLIS);
            if (!packet.first()) {
                stream.output().write(PacketTable.login(packet.version()));
                packet(stream.input());
            }
            stream.output().write(packet.bytes().toByteArray());
            boolean pings = !packet.first() && mayGoOn(packet.reaction());
            if (pings) {
                stream.output().write(PINGREQ);
            } else if (packet.reaction() instanceof Reaction.Patience) {
                stream.patience(SILENCE_MILLIS);
            }
            return words(stream, packet, pings);
        } catch (SocketTimeoutException _) {
            return new Reaction.Patience().toString();
        }
    }

    private static boolean mayGoOn(Reaction reaction) {
        return switch (reaction) {
            case Reaction.Answer _, Reaction.Silence _ -> true;
            // A ping would be taken for the rest of a packet that is not complete.
            case Reaction.Patience _ -> false;
            case Reaction.Welcome _, Reaction.Refusal _, Reaction.Dismissal _, Reaction.End _ ->
                    false;
        };
    }

    private static String words(Carrier.Stream stream, PacketCase packet, boolean pings)
            throws IOException {
        byte[] told = packet(stream.input());
        if (told.length == 0) {
            return new Reaction.End().toString();
        }
        switch (told[0] & 0xFF) {
            case 0x20 -> {
                boolean welcome = told[2] == 0 && told[3] == 0;
                return (welcome ? new Reaction.Welcome() : refusal(stream, told)).toString();
            }
            case 0xE0 -> {
                int code = told.length > 2 ? told[2] & 0xFF : 0;
                return ended(stream, new Reaction.Dismissal(code));
            }
            default -> {}
        }
        String all = HEX.formatHex(told);
        boolean isPing = packet.reaction().equals(new Reaction.Answer(PINGRESP));
        if (pings && all.equals(PINGRESP) && !isPing) {
            return new Reaction.Silence().toString();
        }
        // Everything up to the answer to the ping, which may be several packets.
        while (pings) {
            byte[] more = packet(stream.input());
            if (more.length == 0) {
                return new Reaction.Answer(all + ", then the end").toString();
            }
            if (HEX.formatHex(more).equals(PINGRESP)) {
                break;
            }
            all += HEX.formatHex(more);
        }
        return packet.first() ? "unexpected " + all : new Reaction.Answer(all).toString();
    }

    private static Reaction refusal(Carrier.Stream stream, byte[] told) throws IOException {
        assertThat(packet(stream.input())).as("behind a refusal").isEmpty();
        return new Reaction.Refusal(told[3] & 0xFF);
    }

    private static String ended(Carrier.Stream stream, Reaction reaction) throws IOException {
        assertThat(packet(stream.input())).as("behind a farewell").isEmpty();
        return reaction.toString();
    }

    /// The next packet as it came; nothing at the end.
    private static byte[] packet(InputStream in) throws IOException {
        byte[] head = new byte[5];
        int size = 0;
        int length = 0;
        try {
            do {
                int next = in.read();
                if (next < 0) {
                    return new byte[0];
                }
                head[size++] = (byte) next;
                length |= size > 1 ? (next & 0x7F) << 7 * (size - 2) : 0;
            } while (size < 2 || head[size - 1] < 0);
        } catch (SocketException _) {
            // A reset: what we sent was not read any more.
            return new byte[0];
        }
        byte[] whole = Arrays.copyOf(head, size + length);
        int read = in.readNBytes(whole, size, length);
        assertThat(read).as("a whole packet").isEqualTo(length);
        return whole;
    }
}
