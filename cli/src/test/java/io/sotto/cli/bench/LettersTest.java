package io.sotto.cli.bench;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.Publish;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.TopicLimits;
import io.sotto.mqtt.TopicNames;
import io.sotto.mqtt.codec.Decoder;
import io.sotto.mqtt.codec.DecoderLimits;
import io.sotto.mqtt.codec.Sender;
import java.nio.ByteBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LettersTest {
    @ParameterizedTest
    @CsvSource({
        "MQTT_3_1, EXACTLY_ONCE, 28",
        "MQTT_3_1_1, AT_MOST_ONCE, 64",
        "MQTT_3_1_1, AT_LEAST_ONCE, 64",
        "MQTT_5, AT_MOST_ONCE, 28",
        "MQTT_5, AT_LEAST_ONCE, 1000",
        "MQTT_5, EXACTLY_ONCE, 64"
    })
    void each_is_a_publish_of_its_own_number(ProtocolVersion version, QoS qos, int size) {
        Letters letters = new Letters("a/b", new Stamp(7, 3, 0, 0), size, qos, version);
        int id = qos == QoS.AT_MOST_ONCE ? 0 : 54_321;
        ByteBuffer bytes = ByteBuffer.allocate(2 * letters.size());

        letters.write(id, 1, 11, bytes);
        letters.write(id, 2, 22, bytes);

        bytes.flip();
        Decoder decoder =
                new Decoder(
                        Sender.CLIENT, DecoderLimits.DEFAULT, new TopicNames(16, TopicLimits.NONE));
        decoder.version(version);
        for (int number = 1; number <= 2; number++) {
            Publish publish = (Publish) requireNonNull(decoder.read(bytes));
            assertThat(publish.topic().toString()).isEqualTo("a/b");
            assertThat(publish.qos()).isEqualTo(qos);
            assertThat(publish.packetId()).isEqualTo(id);
            assertThat(publish.payload().size()).isEqualTo(size);
            assertThat(Stamp.of(publish.payload()))
                    .isEqualTo(new Stamp(7, 3, number, 11L * number));
        }
        assertThat(bytes.hasRemaining()).isFalse();
    }
}
