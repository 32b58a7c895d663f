package io.sotto.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sotto.mqtt.Connect;
import io.sotto.mqtt.Packet;
import io.sotto.mqtt.ProtocolException;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.TopicLimits;
import io.sotto.mqtt.TopicNames;
import io.sotto.mqtt.codec.Decoder;
import io.sotto.mqtt.codec.DecoderLimits;
import io.sotto.mqtt.codec.Encoder;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The codec against the packet vectors. They stand here and not beside the codec, as conformance
/// and fuzzing use the same vectors, and the codec's module cannot see this one.
final class PacketVectorsTest {
    static List<PacketVector> all() {
        return PacketVectors.all();
    }

    static List<PacketVector> good() {
        return all().stream().filter(vector -> vector.reason() == null).toList();
    }

    static List<PacketVector> bad() {
        return all().stream().filter(vector -> vector.reason() != null).toList();
    }

    private static Decoder decoder(PacketVector vector) {
        TopicNames names = new TopicNames(16, TopicLimits.DEFAULT);
        Decoder decoder = new Decoder(vector.sender(), DecoderLimits.DEFAULT, names);
        ProtocolVersion before = vector.before();
        if (before != null) {
            decoder.version(before);
        }
        return decoder;
    }

    private static ByteBuffer heap(PacketVector vector) {
        return ByteBuffer.wrap(vector.bytes().toByteArray());
    }

    private static byte[] encoded(Packet packet, ProtocolVersion version) {
        ByteBuffer out = ByteBuffer.allocate(Encoder.size(packet, version));
        Encoder.write(packet, version, out);
        assertThat(out.hasRemaining()).isFalse();
        return out.array();
    }

    @Test
    void there_are_many_and_no_two_of_one_name() {
        Set<String> names = new HashSet<>();

        for (PacketVector vector : all()) {
            assertThat(names.add(vector.toString())).as(vector.toString()).isTrue();
        }

        assertThat(names).hasSizeGreaterThan(300);
    }

    @ParameterizedTest
    @MethodSource("good")
    void a_good_packet_is_read_and_written_back(PacketVector vector) {
        Decoder decoder = decoder(vector);
        ByteBuffer in = heap(vector);

        Packet packet = Objects.requireNonNull(decoder.read(in));

        assertThat(in.hasRemaining()).isFalse();
        assertThat(decoder.version()).isEqualTo(vector.after());
        byte[] again = encoded(packet, Objects.requireNonNull(vector.after()));
        if (vector.shortest()) {
            assertThat(again).isEqualTo(vector.bytes().toByteArray());
        } else {
            assertThat(again).isNotEqualTo(vector.bytes().toByteArray());
            assertThat(decoder(vector).read(ByteBuffer.wrap(again))).isEqualTo(packet);
        }
    }

    @ParameterizedTest
    @MethodSource("good")
    void a_cut_packet_waits_for_more(PacketVector vector) {
        Decoder decoder = decoder(vector);
        ByteBuffer in = heap(vector);
        int size = in.limit();

        for (int cut = 0; cut < size; cut++) {
            in.limit(cut);
            assertThat(decoder.read(in)).isNull();
            assertThat(in.position()).isZero();
            assertThat(decoder.awaited()).isIn(0, size);
        }
        in.limit(size);

        assertThat(decoder.read(in)).isNotNull();
    }

    @ParameterizedTest
    @MethodSource("good")
    void a_shorter_length_never_yields_the_same_packet(PacketVector vector) {
        byte[] bytes = vector.bytes().toByteArray();
        Packet whole = decoder(vector).read(ByteBuffer.wrap(bytes));

        for (int length = 0; length < bytes.length - 2 && bytes[1] >= 0; length++) {
            bytes[1] = (byte) length;
            Packet packet = readOrNull(vector, ByteBuffer.wrap(bytes, 0, 2 + length));
            if (whole instanceof Connect connect && connect.version() != ProtocolVersion.MQTT_3_1) {
                assertThat(packet).isNull();
            } else if (vector.shortest()) {
                assertThat(packet).isNotEqualTo(whole);
            }
        }
    }

    private static @Nullable Packet readOrNull(PacketVector vector, ByteBuffer in) {
        try {
            return decoder(vector).read(in);
        } catch (ProtocolException e) {
            return null;
        }
    }

    @ParameterizedTest
    @MethodSource("bad")
    void a_bad_packet_fails_by_its_rule(PacketVector vector) {
        Decoder decoder = decoder(vector);
        ByteBuffer in = heap(vector);

        ProtocolException fault =
                catchThrowableOfType(ProtocolException.class, () -> decoder.read(in));

        assertThat(fault).isNotNull();
        assertThat(fault.reason()).isEqualTo(vector.reason());
        assertThat(fault.sentence()).contains(vector.words());
        assertThat(decoder.version()).isEqualTo(vector.after());
        assertThat(in.limit()).isEqualTo(vector.bytes().size());
    }

    @ParameterizedTest
    @MethodSource("all")
    void bytes_that_come_one_by_one_into_a_direct_buffer_end_alike(PacketVector vector) {
        Decoder decoder = decoder(vector);
        ByteBuffer in = ByteBuffer.allocateDirect(3 + vector.bytes().size());
        in.position(3).put(vector.bytes().view()).position(3);

        Packet packet = null;
        ProtocolException fault = null;
        for (int end = 3; end <= in.capacity() && packet == null && fault == null; end++) {
            in.limit(end);
            try {
                packet = decoder.read(in);
            } catch (ProtocolException e) {
                fault = e;
            }
        }

        assertThat(fault == null ? null : fault.reason()).isEqualTo(vector.reason());
        if (fault == null) {
            assertThat(packet).isEqualTo(decoder(vector).read(heap(vector)));
        }
    }
}
