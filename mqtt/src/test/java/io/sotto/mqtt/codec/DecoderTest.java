package io.sotto.mqtt.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sotto.mqtt.Connect;
import io.sotto.mqtt.Packet;
import io.sotto.mqtt.Payload;
import io.sotto.mqtt.PingReq;
import io.sotto.mqtt.ProtocolException;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.Publish;
import io.sotto.mqtt.PublishProperties;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.ReasonCode;
import io.sotto.mqtt.TopicLimits;
import io.sotto.mqtt.TopicName;
import io.sotto.mqtt.TopicNames;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a decoder does beyond single packets; those are judged by the packet vectors of testkit.
final class DecoderTest {
    private static final DecoderLimits SMALL = new DecoderLimits(32, 64, 2, 3, TopicLimits.DEFAULT);
    private static final DecoderLimits ROOMY =
            new DecoderLimits(64 << 10, 32 << 20, 1_000, 10_000, TopicLimits.DEFAULT);
    private static final String CONNECT_5 = "10 0F 00044D515454 05 02 003C 00 0002 6964";
    private static final String CONNECT_3 = "10 0E 00044D515454 04 02 003C 0002 6964";

    private static ByteBuffer hex(String text) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(text.replace(" ", "")));
    }

    private static Decoder fresh(DecoderLimits limits) {
        return new Decoder(Sender.CLIENT, limits, new TopicNames(16, TopicLimits.DEFAULT));
    }

    private static Decoder connected(DecoderLimits limits, ProtocolVersion version) {
        Decoder decoder = fresh(limits);
        decoder.version(version);
        return decoder;
    }

    private static ReasonCode refusal(Decoder decoder, String bytes) {
        ProtocolException fault =
                catchThrowableOfType(ProtocolException.class, () -> decoder.read(hex(bytes)));
        assertThat(fault).as(bytes).isNotNull();
        return fault.reason();
    }

    @Test
    void nothing_is_known_before_the_first_packet() {
        Decoder decoder = fresh(DecoderLimits.DEFAULT);

        assertThat(decoder.read(hex(""))).isNull();
        assertThat(decoder.read(hex("10"))).isNull();
        assertThat(decoder.version()).isNull();
        assertThat(decoder.awaited()).isZero();
    }

    @Test
    void a_complete_header_tells_how_many_bytes_are_awaited() {
        Decoder decoder = fresh(DecoderLimits.DEFAULT);

        decoder.read(hex("10 80"));
        assertThat(decoder.awaited()).isZero();
        decoder.read(hex("10 80 02"));
        assertThat(decoder.awaited()).isEqualTo(259);
        assertThat(decoder.read(hex(CONNECT_5))).isNotNull();
        assertThat(decoder.awaited()).isZero();
    }

    @Test
    void packets_behind_the_first_stay_in_the_buffer() {
        Decoder decoder = fresh(DecoderLimits.DEFAULT);
        ByteBuffer in = hex(CONNECT_5 + "C000 C000 C0");

        assertThat(decoder.read(in)).isInstanceOf(Connect.class);
        assertThat(in.position()).isEqualTo(17);
        assertThat(decoder.read(in)).isSameAs(PingReq.INSTANCE);
        assertThat(decoder.read(in)).isSameAs(PingReq.INSTANCE);
        assertThat(decoder.read(in)).isNull();
        assertThat(in.remaining()).isEqualTo(1);
    }

    @Test
    void tls_is_called_by_its_name() {
        Decoder decoder = fresh(DecoderLimits.DEFAULT);

        assertThatThrownBy(() -> decoder.read(hex("1603 0100 F8 0100")))
                .isInstanceOfSatisfying(
                        ProtocolException.class,
                        e -> assertThat(e.reason()).isEqualTo(ReasonCode.MALFORMED_PACKET))
                .hasMessageContaining("what came is TLS");
    }

    @Test
    void a_second_connect_is_read_and_leaves_the_version_alone() {
        Decoder decoder = fresh(DecoderLimits.DEFAULT);

        decoder.read(hex(CONNECT_5));
        Connect second = (Connect) Objects.requireNonNull(decoder.read(hex(CONNECT_3)));

        assertThat(second.version()).isEqualTo(ProtocolVersion.MQTT_3_1_1);
        assertThat(decoder.version()).isEqualTo(ProtocolVersion.MQTT_5);
    }

    @Test
    void the_version_is_known_though_the_rest_of_connect_is_bad() {
        Decoder decoder = fresh(DecoderLimits.DEFAULT);

        assertThat(refusal(decoder, "10 0F 00044D515454 05 03 003C 00 0002 6964"))
                .isEqualTo(ReasonCode.MALFORMED_PACKET);
        assertThat(decoder.version()).isEqualTo(ProtocolVersion.MQTT_5);
    }

    @Test
    void connect_has_a_limit_of_its_own() {
        Decoder decoder = fresh(SMALL);

        assertThat(decoder.read(hex("10 1E"))).isNull();
        assertThat(decoder.awaited()).isEqualTo(32);
        assertThat(refusal(decoder, "10 1F")).isEqualTo(ReasonCode.PACKET_TOO_LARGE);
        decoder.version(ProtocolVersion.MQTT_5);
        assertThat(decoder.read(hex("30 3E"))).isNull();
        assertThat(refusal(decoder, "30 3F")).isEqualTo(ReasonCode.PACKET_TOO_LARGE);
        assertThat(refusal(decoder, "10 3F")).isEqualTo(ReasonCode.PACKET_TOO_LARGE);
    }

    @Test
    void user_properties_are_counted() {
        Decoder decoder = connected(SMALL, ProtocolVersion.MQTT_5);
        String property = "26 0000 0000";

        assertThat(decoder.read(hex("30 0E 0001 61 0A" + property.repeat(2)))).isNotNull();
        assertThat(refusal(decoder, "30 13 0001 61 0F" + property.repeat(3)))
                .isEqualTo(ReasonCode.QUOTA_EXCEEDED);
    }

    @Test
    void filters_are_counted() {
        Decoder decoder = connected(SMALL, ProtocolVersion.MQTT_3_1_1);
        String filter = "0001 61";

        assertThat(decoder.read(hex("82 0E 0001" + (filter + "00").repeat(3)))).isNotNull();
        assertThat(refusal(decoder, "82 12 0001" + (filter + "00").repeat(4)))
                .isEqualTo(ReasonCode.QUOTA_EXCEEDED);
        assertThat(decoder.read(hex("A2 0B 0001" + filter.repeat(3)))).isNotNull();
        assertThat(refusal(decoder, "A2 0E 0001" + filter.repeat(4)))
                .isEqualTo(ReasonCode.QUOTA_EXCEEDED);
    }

    @Test
    void a_topic_that_comes_again_is_the_same_object() {
        Decoder decoder = connected(SMALL, ProtocolVersion.MQTT_5);

        Publish first = (Publish) Objects.requireNonNull(decoder.read(hex("30 05 0001 61 00 78")));
        Publish second = (Publish) Objects.requireNonNull(decoder.read(hex("30 05 0001 61 00 79")));

        assertThat(second.topic()).isSameAs(first.topic());
    }

    @Test
    void the_limit_of_the_buffer_is_as_before_also_after_a_fault() {
        Decoder decoder = connected(SMALL, ProtocolVersion.MQTT_5);
        ByteBuffer in = hex("C0 01 00 C0 00");

        assertThatThrownBy(() -> decoder.read(in)).isInstanceOf(ProtocolException.class);

        assertThat(in.limit()).isEqualTo(5);
    }

    @Test
    void wrong_flags_are_refused_by_the_first_byte() {
        for (int first = 0; first < 256; first++) {
            for (ProtocolVersion version : ProtocolVersion.values()) {
                Decoder decoder = connected(SMALL, version);
                ByteBuffer in = ByteBuffer.allocate(1).put(0, (byte) first);

                boolean taken =
                        catchThrowableOfType(ProtocolException.class, () -> decoder.read(in))
                                == null;

                assertThat(taken)
                        .as("%02x in %s", first, version)
                        .isEqualTo(mayBegin(first, version));
            }
        }
    }

    /// Whether a client's packet may begin so: table 2-2 of both standards, in plain words.
    private static boolean mayBegin(int first, ProtocolVersion version) {
        return switch (first) {
            case 0x10, 0x40, 0x50, 0x62, 0x70, 0x82, 0xA2, 0xC0, 0xE0 -> true;
            case 0x30, 0x31, 0x32, 0x33, 0x34, 0x35, 0x3A, 0x3B, 0x3C, 0x3D -> true;
            case 0x6A, 0x8A, 0xAA -> version == ProtocolVersion.MQTT_3_1;
            case 0xF0 -> version == ProtocolVersion.MQTT_5;
            default -> false;
        };
    }

    private static ByteBuffer large(ProtocolVersion version, QoS qos, byte[] payload) {
        Publish publish =
                new Publish(
                        TopicName.of("a/topic"),
                        Payload.copyOf(payload),
                        qos,
                        true,
                        false,
                        qos == QoS.AT_MOST_ONCE ? 0 : 7,
                        0,
                        List.of(),
                        PublishProperties.NONE);
        ByteBuffer bytes = ByteBuffer.allocate(Encoder.size(publish, version) + 2);
        Encoder.write(publish, version, bytes);
        return bytes.put((byte) 0xC0).put((byte) 0).flip();
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "7, 70000", "16384, 5000000", "3000000, 3000000"})
    void a_large_publish_is_taken_in_pieces_wherever_it_is_cut(int step, int size) {
        byte[] payload = new byte[size];
        new Random(3).nextBytes(payload);
        for (ProtocolVersion version : ProtocolVersion.values()) {
            for (QoS qos : QoS.values()) {
                Decoder decoder = connected(ROOMY, version);
                decoder.takeInPieces();
                ByteBuffer in = large(version, qos, payload);
                int end = in.limit();

                Packet packet = null;
                for (int limit = 1; packet == null; limit += step) {
                    packet = decoder.read(in.limit(Math.min(limit, end)));
                    assertThat(decoder.held()).isLessThanOrEqualTo(2 * in.position() + (1 << 20));
                }

                Publish publish = (Publish) packet;
                assertThat(publish.topic()).isEqualTo(TopicName.of("a/topic"));
                assertThat(publish.qos()).isEqualTo(qos);
                assertThat(publish.retain()).isTrue();
                assertThat(publish.payload()).isEqualTo(Payload.copyOf(payload));
                assertThat(publish.payload().hashCode())
                        .isEqualTo(Payload.copyOf(payload).hashCode());
                assertThat(publish.payload().toByteArray()).isEqualTo(payload);
                assertThat(decoder.held()).isZero();
                assertThat(decoder.read(in.limit(end))).isSameAs(PingReq.INSTANCE);
            }
        }
    }

    @Test
    void what_is_there_of_a_large_publish_is_taken_at_once() {
        Decoder decoder = connected(ROOMY, ProtocolVersion.MQTT_5);
        decoder.takeInPieces();
        ByteBuffer in = large(ProtocolVersion.MQTT_5, QoS.AT_MOST_ONCE, new byte[1_000_000]);
        in.limit(10_000);

        assertThat(decoder.read(in)).isNull();

        assertThat(in.remaining()).isZero();
        assertThat(decoder.held()).isBetween(9_000, 20_000);
        assertThat(decoder.awaited()).isBetween(990_000, 1_000_000);
    }

    @Test
    void the_head_of_a_large_publish_is_judged_before_its_payload_is_there() {
        Decoder decoder = connected(ROOMY, ProtocolVersion.MQTT_5);
        decoder.takeInPieces();

        // Packet identifier 0.
        assertThat(refusal(decoder, "32 FF FF 7F 0001 61 0000 00 FF"))
                .isEqualTo(ReasonCode.PROTOCOL_ERROR);
    }
}
