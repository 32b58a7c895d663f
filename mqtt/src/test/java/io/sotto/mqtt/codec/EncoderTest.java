package io.sotto.mqtt.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sotto.mqtt.Auth;
import io.sotto.mqtt.ConnAck;
import io.sotto.mqtt.Diagnostics;
import io.sotto.mqtt.Disconnect;
import io.sotto.mqtt.Packet;
import io.sotto.mqtt.Payload;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.PubAck;
import io.sotto.mqtt.Publish;
import io.sotto.mqtt.PublishProperties;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.ReasonCode;
import io.sotto.mqtt.SubAck;
import io.sotto.mqtt.TopicName;
import io.sotto.mqtt.UnsubAck;
import io.sotto.mqtt.Unsubscribe;
import io.sotto.mqtt.UserProperty;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

final class EncoderTest {
    private static final Diagnostics WORDS =
            new Diagnostics("why", List.of(new UserProperty("k", "v")));

    private static String encoded(Packet packet, ProtocolVersion version) {
        ByteBuffer out = ByteBuffer.allocate(Encoder.size(packet, version));
        Encoder.write(packet, version, out);
        assertThat(out.hasRemaining()).isFalse();
        return HexFormat.of().formatHex(out.array());
    }

    private static Publish publish(TopicName topic, int alias, Payload payload) {
        return new Publish(
                topic,
                payload,
                QoS.AT_LEAST_ONCE,
                false,
                false,
                0x0102,
                alias,
                List.of(),
                PublishProperties.NONE);
    }

    @Test
    void older_versions_get_no_words_and_no_codes_of_5_0() {
        ProtocolVersion older = ProtocolVersion.MQTT_3_1_1;

        assertThat(encoded(new PubAck(1, ReasonCode.NOT_AUTHORIZED, WORDS), older))
                .isEqualTo("40020001");
        assertThat(encoded(new SubAck(1, List.of(ReasonCode.NOT_AUTHORIZED), WORDS), older))
                .isEqualTo("9003000180");
        assertThat(encoded(new UnsubAck(1, List.of(ReasonCode.NOT_AUTHORIZED), WORDS), older))
                .isEqualTo("b0020001");
        assertThat(encoded(ConnAck.refused(ReasonCode.NOT_AUTHORIZED, "no"), older))
                .isEqualTo("20020005");
        assertThat(encoded(Disconnect.because(ReasonCode.SERVER_BUSY, "busy"), older))
                .isEqualTo("e000");
        assertThat(encoded(publish(TopicName.of("a"), 7, Payload.of("x")), older))
                .isEqualTo("3206000161010278");
    }

    @Test
    void session_present_is_unknown_to_3_1() {
        ConnAck connAck = new ConnAck(true, ReasonCode.SUCCESS, ConnAck.Properties.DEFAULT);

        assertThat(encoded(connAck, ProtocolVersion.MQTT_3_1)).isEqualTo("20020000");
        assertThat(encoded(connAck, ProtocolVersion.MQTT_3_1_1)).isEqualTo("20020100");
        assertThat(encoded(connAck, ProtocolVersion.MQTT_5)).isEqualTo("2003010000");
    }

    @Test
    void a_refusal_that_has_no_return_code_cannot_be_written() {
        ConnAck connAck = ConnAck.refused(ReasonCode.MALFORMED_PACKET, "bad");

        assertThatThrownBy(() -> Encoder.size(connAck, ProtocolVersion.MQTT_3_1_1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void auth_cannot_be_written_before_5_0() {
        Auth auth = new Auth(ReasonCode.CONTINUE_AUTHENTICATION, "m", null, Diagnostics.NONE);

        assertThatThrownBy(() -> Encoder.size(auth, ProtocolVersion.MQTT_3_1_1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(encoded(auth, ProtocolVersion.MQTT_5)).isEqualTo("f006180415" + "0001" + "6d");
    }

    @Test
    void a_publish_has_a_topic_or_an_alias() {
        Publish aliased = publish(TopicName.ABSENT, 3, Payload.of("x"));

        assertThat(encoded(aliased, ProtocolVersion.MQTT_5))
                .isEqualTo("320900000102032300" + "0378");
        assertThatThrownBy(() -> Encoder.size(aliased, ProtocolVersion.MQTT_3_1_1))
                .isInstanceOf(IllegalArgumentException.class);
        Publish nothing = publish(TopicName.ABSENT, 0, Payload.of("x"));
        assertThatThrownBy(() -> Encoder.size(nothing, ProtocolVersion.MQTT_5))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void the_length_takes_as_few_bytes_as_possible() {
        int[] payloads = {122, 123, 16_378, 16_379, 2_097_146, 2_097_147};
        int[] headers = {2, 3, 3, 4, 4, 5};
        for (int i = 0; i < payloads.length; i++) {
            Payload payload = Payload.copyOf(new byte[payloads[i]]);
            Publish publish = publish(TopicName.of("a"), 0, payload);

            assertThat(Encoder.size(publish, ProtocolVersion.MQTT_3_1_1))
                    .isEqualTo(headers[i] + 5 + payloads[i]);
            assertThat(PublishFrame.of(ProtocolVersion.MQTT_3_1_1, publish).headSize())
                    .isEqualTo(headers[i] + 5);
        }
    }

    @Test
    void a_text_has_at_most_65_535_bytes() {
        ProtocolVersion version = ProtocolVersion.MQTT_3_1_1;

        Unsubscribe longest = new Unsubscribe(1, List.of(), List.of("x".repeat(65_535)));
        assertThat(encoded(longest, version)).hasSize(2 * (4 + 2 + 2 + 65_535));
        Unsubscribe longer = new Unsubscribe(1, List.of(), List.of("€".repeat(21_846)));
        assertThatThrownBy(() -> Encoder.size(longer, version))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_lone_surrogate_is_written_as_a_question_mark() {
        Unsubscribe odd =
                new Unsubscribe(1, List.of(), List.of("\uD83C", "\uDF21\uD83C", "a\uD83C!"));

        assertThat(encoded(odd, ProtocolVersion.MQTT_3_1_1))
                .isEqualTo("a20e0001" + "00013f" + "00023f3f" + "0003613f21");
    }

    @Test
    void a_buffer_without_room_is_a_fault_of_the_caller() {
        ByteBuffer out = ByteBuffer.allocate(3);

        assertThatThrownBy(() -> Encoder.write(new PubAck(1), ProtocolVersion.MQTT_5, out))
                .isInstanceOf(BufferOverflowException.class);
    }

    @Test
    void a_frame_is_written_again_and_again_with_other_identifiers() {
        PublishFrame frame =
                PublishFrame.of(
                        ProtocolVersion.MQTT_5, publish(TopicName.of("a"), 0, Payload.of("x")));
        ByteBuffer out = ByteBuffer.allocate(2 * frame.size() + frame.headSize());

        frame.write(out, 1, false);
        frame.write(out, 0xFFFF, true);
        frame.writeHead(out, 2, false);

        assertThat(HexFormat.of().formatHex(out.array()))
                .isEqualTo(
                        "3207000161" + "000100" + "78" + "3a07000161ffff0078" + "3207000161000200");
    }
}
