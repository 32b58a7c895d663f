package io.sotto.cli.bench;

import io.sotto.mqtt.Payload;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.Publish;
import io.sotto.mqtt.PublishProperties;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.TopicName;
import io.sotto.mqtt.codec.Encoder;
import java.nio.ByteBuffer;
import java.util.List;

/// The PUBLISH packets of one publisher. They differ in packet identifier, number and time, so the
/// rest is encoded once.
final class Letters {
    private final byte[] form;
    private final int stampAt;
    private final int idAt;

    /// @param stamp the sender's and the run's; its number and time are those of no message
    Letters(String topic, Stamp stamp, int size, QoS qos, ProtocolVersion version) {
        Payload payload = stamp.payload(size);
        boolean identified = qos != QoS.AT_MOST_ONCE;
        Publish form =
                new Publish(
                        TopicName.of(topic),
                        payload,
                        qos,
                        false,
                        false,
                        identified ? 1 : 0,
                        0,
                        List.of(),
                        PublishProperties.NONE);
        ByteBuffer bytes = ByteBuffer.allocate(Encoder.size(form, version));
        Encoder.write(form, version, bytes);
        this.form = bytes.array();
        this.stampAt = this.form.length - size;
        // The packet identifier comes before the properties, of which there are none.
        this.idAt = identified ? stampAt - (version.hasProperties() ? 3 : 2) : 0;
    }

    /// Bytes of each.
    int size() {
        return form.length;
    }

    void write(int packetId, long sequence, long due, ByteBuffer to) {
        int start = to.position();
        to.put(form);
        if (idAt > 0) {
            to.putShort(start + idAt, (short) packetId);
        }
        Stamp.renew(sequence, due, start + stampAt, to);
    }
}
