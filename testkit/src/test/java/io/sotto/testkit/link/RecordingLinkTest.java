package io.sotto.testkit.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.mqtt.Packet;
import io.sotto.mqtt.PingResp;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.PubAck;
import io.sotto.mqtt.codec.Encoder;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RecordingLinkTest {
    private final RecordingLink link = new RecordingLink("a", ProtocolVersion.MQTT_5);

    private void send(Packet packet) {
        int size = Encoder.size(packet, ProtocolVersion.MQTT_5);
        Encoder.write(packet, ProtocolVersion.MQTT_5, link.room(size));
        link.written();
    }

    @Test
    void what_was_sent_is_read_once() {
        send(new PubAck(7));
        send(PingResp.INSTANCE);

        assertThat(link.packets()).containsExactly(new PubAck(7), PingResp.INSTANCE);
        assertThat(link.packets()).isEmpty();
    }

    @Test
    void a_move_waits_for_its_arrival() {
        AtomicLong arrived = new AtomicLong();

        link.moveTo(3, arrived::set);
        assertThat(arrived).hasValue(0);
        link.arrive(17);

        assertThat(link.shard()).isEqualTo(3);
        assertThat(arrived).hasValue(17);
    }
}
