package io.sotto.kernels;

import io.sotto.mqtt.Connect;
import io.sotto.mqtt.Packet;
import io.sotto.mqtt.Payload;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.Publish;
import io.sotto.mqtt.PublishProperties;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.RetainHandling;
import io.sotto.mqtt.Subscribe;
import io.sotto.mqtt.TopicName;
import io.sotto.mqtt.codec.Encoder;
import java.nio.ByteBuffer;
import java.util.List;

/// What the clients of the kernels send, in 3.1.1.
final class Packets {
    static final ProtocolVersion VERSION = ProtocolVersion.MQTT_3_1_1;

    private static final String PAYLOAD = "x".repeat(64);

    private Packets() {}

    /// A client without keep alive whose session ends with its connection.
    static Connect connect(String clientId) {
        return connect(clientId, true);
    }

    /// A client without keep alive whose session outlives its connection.
    static Connect connectKept(String clientId) {
        return connect(clientId, false);
    }

    private static Connect connect(String clientId, boolean clean) {
        return new Connect(
                VERSION, false, clean, 0, clientId, null, null, null, Connect.Properties.DEFAULT);
    }

    static Subscribe subscribe(String filter, QoS qos) {
        return new Subscribe(
                1,
                0,
                List.of(),
                List.of(new Subscribe.Request(filter, qos, false, false, RetainHandling.SEND)));
    }

    /// With 64 bytes of payload.
    static Publish publish(String topic, QoS qos) {
        return new Publish(
                TopicName.of(topic),
                Payload.of(PAYLOAD),
                qos,
                false,
                false,
                qos == QoS.AT_MOST_ONCE ? 0 : 7,
                0,
                List.of(),
                PublishProperties.NONE);
    }

    /// In a direct buffer, as the transport offers it.
    static ByteBuffer bytes(Packet packet) {
        ByteBuffer bytes = ByteBuffer.allocateDirect(Encoder.size(packet, VERSION));
        Encoder.write(packet, VERSION, bytes);
        return bytes.flip();
    }
}
