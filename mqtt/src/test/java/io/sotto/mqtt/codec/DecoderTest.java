package io.sotto.mqtt.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sotto.mqtt.Connect;
import io.sotto.mqtt.PingReq;
import io.sotto.mqtt.ProtocolException;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.Publish;
import io.sotto.mqtt.ReasonCode;
import io.sotto.mqtt.TopicLimits;
import io.sotto.mqtt.TopicNames;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// What a decoder does beyond single packets; those are judged by the packet vectors of testkit.
final class DecoderTest {
    private static final DecoderLimits SMALL = new DecoderLimits(32, 64, 2, 3, TopicLimits.DEFAULT);
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
}
