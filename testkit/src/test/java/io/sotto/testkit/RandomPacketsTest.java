package io.sotto.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.sotto.mqtt.Connect;
import io.sotto.mqtt.Packet;
import io.sotto.mqtt.Payload;
import io.sotto.mqtt.ProtocolException;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.Publish;
import io.sotto.mqtt.TopicLimits;
import io.sotto.mqtt.TopicNames;
import io.sotto.mqtt.codec.Decoder;
import io.sotto.mqtt.codec.DecoderLimits;
import io.sotto.mqtt.codec.Encoder;
import io.sotto.mqtt.codec.PublishFrame;
import io.sotto.mqtt.codec.Sender;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// The codec against random packets, whole and damaged. `-Dsotto.seed` and `-Dsotto.rounds` choose
/// other ones.
final class RandomPacketsTest {
    private static final long SEED = Long.getLong("sotto.seed", 20_261_123);
    private static final int ROUNDS = Integer.getInteger("sotto.rounds", 3_000);
    private static final int MUTATIONS = Integer.getInteger("sotto.mutations", 200_000);
    private static final DecoderLimits LIMITS =
            new DecoderLimits(1 << 26, 1 << 26, 1_000, 10_000, TopicLimits.DEFAULT);

    private static Decoder decoder(Sender sender, @Nullable ProtocolVersion version) {
        Decoder decoder = new Decoder(sender, LIMITS, new TopicNames(64, TopicLimits.DEFAULT));
        if (version != null) {
            decoder.version(version);
        }
        return decoder;
    }

    private static ByteBuffer encoded(Packet packet, ProtocolVersion version) {
        int size = Encoder.size(packet, version);
        ByteBuffer out = ByteBuffer.allocate(size + 1);
        Encoder.write(packet, version, out);
        assertThat(out.position()).as("size of %s", packet).isEqualTo(size);
        return out.flip();
    }

    @Test
    void what_is_written_is_read_as_the_same_packet() {
        for (ProtocolVersion version : ProtocolVersion.values()) {
            for (Sender sender : Sender.values()) {
                RandomPackets packets = new RandomPackets(SEED, sender, version);
                Decoder decoder = decoder(sender, version);
                for (int i = 0; i < ROUNDS; i++) {
                    Packet packet = packets.next();
                    ByteBuffer in = encoded(packet, version);

                    Packet read = decoder.read(in);

                    assertThat(read).as("seed %d, packet %d", SEED, i).isEqualTo(packet);
                    assertThat(in.hasRemaining()).isFalse();
                }
            }
        }
    }

    @Test
    void a_stream_of_packets_in_pieces_is_read_in_order() {
        SplittableRandom random = new SplittableRandom(SEED);
        RandomPackets packets = new RandomPackets(SEED, Sender.CLIENT, ProtocolVersion.MQTT_5);
        Decoder decoder = decoder(Sender.CLIENT, ProtocolVersion.MQTT_5);
        ByteBuffer in = ByteBuffer.allocate(1 << 24);
        List<Packet> sent = new ArrayList<>();
        List<Packet> received = new ArrayList<>();

        for (int i = 0; i < 200; i++) {
            sent.add(packets.next());
            Encoder.write(sent.getLast(), ProtocolVersion.MQTT_5, in);
        }
        int end = in.position();
        in.position(0).limit(0);
        while (in.limit() < end) {
            in.limit(Math.min(end, in.limit() + 1 + random.nextInt(4_000)));
            Packet packet = decoder.read(in);
            while (packet != null) {
                received.add(packet);
                packet = decoder.read(in);
            }
        }

        assertThat(received).as("seed %d", SEED).isEqualTo(sent);
    }

    @Test
    void a_frame_is_the_packet_with_its_own_packet_identifier_and_dup() {
        for (ProtocolVersion version : ProtocolVersion.values()) {
            RandomPackets packets = new RandomPackets(SEED, Sender.SERVER, version);
            for (int i = 0; i < ROUNDS; i++) {
                if (packets.next() instanceof Publish publish) {
                    PublishFrame frame = PublishFrame.of(version, publish);
                    ByteBuffer out = ByteBuffer.allocate(7 + frame.size());

                    frame.write(out.position(7), publish.packetId(), publish.dup());

                    assertThat(out.hasRemaining()).isFalse();
                    assertThat(out.slice(7, frame.size()))
                            .as("seed %d, packet %d", SEED, i)
                            .isEqualTo(encoded(publish, version));
                    assertThat(frame.headSize() + publish.payload().size()).isEqualTo(frame.size());
                    assertThat(frame.payload()).isSameAs(publish.payload());
                }
            }
        }
    }

    @Test
    void a_damaged_packet_is_refused_or_is_another_valid_packet() {
        SplittableRandom random = new SplittableRandom(SEED);
        List<PacketVector> seeds = new ArrayList<>(PacketVectors.all());
        for (ProtocolVersion version : ProtocolVersion.values()) {
            for (Sender sender : Sender.values()) {
                seeds.addAll(randomVectors(sender, version));
            }
        }

        int accepted = 0;
        for (int i = 0; i < MUTATIONS; i++) {
            PacketVector seed = seeds.get(random.nextInt(seeds.size()));
            byte[] bytes = mutated(seed.bytes().toByteArray(), random);
            try {
                accepted += survives(seed, bytes) ? 1 : 0;
            } catch (RuntimeException | AssertionError e) {
                fail(
                        "seed %d, mutation %d of %s: %s"
                                .formatted(SEED, i, seed, Arrays.toString(bytes)),
                        e);
            }
        }

        // Enough of both kinds, or the damage is of the wrong size.
        assertThat(accepted).isBetween(MUTATIONS / 100, MUTATIONS / 2);
    }

    private static List<PacketVector> randomVectors(Sender sender, ProtocolVersion version) {
        RandomPackets packets = new RandomPackets(SEED + 1, sender, version);
        List<PacketVector> vectors = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            Packet packet = packets.next();
            ByteBuffer bytes = encoded(packet, version);
            ProtocolVersion before = packet instanceof Connect ? null : version;
            Payload payload = Payload.read(bytes, bytes.remaining());
            vectors.add(
                    new PacketVector(
                            "random " + i, sender, before, version, payload, null, "", true));
        }
        return vectors;
    }

    private static byte[] mutated(byte[] original, SplittableRandom random) {
        byte[] bytes = original;
        int times = 1 + random.nextInt(3);
        for (int i = 0; i < times && bytes.length > 0; i++) {
            int at = random.nextInt(Math.min(bytes.length, random.nextBoolean() ? 24 : 4_000));
            switch (random.nextInt(5)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes[at] = (byte) random.nextInt(256);
                case 2 -> bytes[at] += (byte) (random.nextBoolean() ? 1 : -1);
                case 3 -> bytes = withByte(bytes, at, (byte) random.nextInt(256));
                default -> bytes = withoutByte(bytes, at);
            }
        }
        return bytes;
    }

    /// One byte more, with the length made to fit where it is of one byte.
    private static byte[] withByte(byte[] bytes, int at, byte value) {
        byte[] longer = new byte[bytes.length + 1];
        System.arraycopy(bytes, 0, longer, 0, at);
        longer[at] = value;
        System.arraycopy(bytes, at, longer, at + 1, bytes.length - at);
        return fitted(longer);
    }

    private static byte[] withoutByte(byte[] bytes, int at) {
        byte[] shorter = new byte[bytes.length - 1];
        System.arraycopy(bytes, 0, shorter, 0, at);
        System.arraycopy(bytes, at + 1, shorter, at, shorter.length - at);
        return fitted(shorter);
    }

    private static byte[] fitted(byte[] bytes) {
        if (bytes.length >= 2 && bytes.length < 130) {
            bytes[1] = (byte) (bytes.length - 2);
        }
        return bytes;
    }

    /// Whether the bytes are still a packet; then it must come back from what it is written as.
    private static boolean survives(PacketVector seed, byte[] bytes) {
        Decoder decoder = decoder(seed.sender(), seed.before());
        Packet packet;
        try {
            packet = decoder.read(ByteBuffer.wrap(bytes));
        } catch (ProtocolException e) {
            assertThat(e.reason().isFailure()).isTrue();
            assertThat(e.sentence()).isNotBlank();
            return false;
        }
        ProtocolVersion version = decoder.version();
        if (packet == null || version == null) {
            return false;
        }
        assertThat(decoder(seed.sender(), seed.before()).read(encoded(packet, version)))
                .isEqualTo(packet);
        return true;
    }
}
