package io.sotto.fuzz;

import io.sotto.mqtt.ConnAck;
import io.sotto.mqtt.Packet;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.TopicLimits;
import io.sotto.mqtt.TopicNames;
import io.sotto.mqtt.codec.Decoder;
import io.sotto.mqtt.codec.DecoderLimits;
import io.sotto.mqtt.codec.Sender;
import io.sotto.testkit.link.RawClient;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// One connection of a client, with a judgement of all that it hears.
final class Place {
    private final RawClient client;
    private final ProtocolVersion version;
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private @Nullable Decoder decoder;

    /// @param version in which the client means to speak
    Place(RawClient client, ProtocolVersion version) {
        this.client = client;
        this.version = version;
    }

    RawClient client() {
        return client;
    }

    ProtocolVersion version() {
        return version;
    }

    void say(byte[] bytes) {
        if (decoder == null) {
            said.writeBytes(bytes);
        }
        client.send(bytes);
    }

    /// Reads what the broker has sent: CONNACK first and once, and nothing that cannot be read.
    void hear() {
        ByteBuffer heard = ByteBuffer.wrap(client.link().bytes());
        while (heard.hasRemaining()) {
            boolean first = decoder == null;
            if (decoder == null) {
                decoder =
                        new Decoder(
                                Sender.SERVER,
                                DecoderLimits.DEFAULT,
                                new TopicNames(4, TopicLimits.NONE));
                decoder.version(answered());
            }
            Packet packet = decoder.read(heard);
            if (packet == null) {
                throw new AssertionError("a packet of the broker is cut");
            }
            if (first != packet instanceof ConnAck) {
                throw new AssertionError(packet + (first ? " comes first" : " comes again"));
            }
        }
    }

    /// The version in which the broker answers: that which the first packet names, whatever was
    /// meant. The two of 3.x read alike.
    private ProtocolVersion answered() {
        ByteBuffer bytes = ByteBuffer.wrap(said.toByteArray());
        bytes.get();
        while (bytes.get() < 0) {}
        byte[] name = new byte[bytes.getShort()];
        bytes.get(name);
        int level = bytes.get() & 0xFF;
        boolean current = new String(name, StandardCharsets.US_ASCII).equals("MQTT");
        return current && level >= 5 && level != 0x84
                ? ProtocolVersion.MQTT_5
                : ProtocolVersion.MQTT_3_1_1;
    }
}
