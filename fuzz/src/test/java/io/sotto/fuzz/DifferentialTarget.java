package io.sotto.fuzz;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.mqtt.MqttDecoder;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttVersion;
import io.netty.util.AttributeKey;
import io.netty.util.ReferenceCountUtil;
import io.sotto.mqtt.Packet;
import io.sotto.mqtt.ProtocolException;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.TopicLimits;
import io.sotto.mqtt.TopicNames;
import io.sotto.mqtt.codec.Decoder;
import io.sotto.mqtt.codec.DecoderLimits;
import io.sotto.mqtt.codec.Sender;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// One packet of a client before two decoders: ours, and Netty's. They may differ only where
/// `disagreements.tsv` says why.
///
/// ```text
/// | version (2 bits) | 0 (6) | packet ... |
/// ```
public final class DifferentialTarget {
    private static final DecoderLimits LIMITS =
            new DecoderLimits(1 << 20, 1 << 20, 1_000, 10_000, TopicLimits.NONE);
    private static final AttributeKey<MqttVersion> VERSION =
            AttributeKey.valueOf("NETTY_CODEC_MQTT_VERSION");
    private static final Disagreements DISAGREEMENTS = Disagreements.load();

    private DifferentialTarget() {}

    /// What Jazzer calls.
    public static void fuzzerTestOneInput(byte[] data) {
        Bounds.inTime(() -> {
            Verdicts verdicts = judge(data);
            if (verdicts != null) {
                DISAGREEMENTS.of(verdicts);
            }
        });
    }

    /// What two decoders say of one packet: why they refuse it, or null.
    record Verdicts(@Nullable String ours, @Nullable String theirs) {}

    /// The two verdicts, or null where the packet is not whole.
    static @Nullable Verdicts judge(byte[] data) {
        Input input = new Input(data);
        ProtocolVersion version = Versions.of(input.one());
        byte[] bytes = onePacket(input.rest());
        String ours = null;
        try {
            if (ours(ByteBuffer.wrap(bytes), version) == null) {
                return null;
            }
        } catch (ProtocolException e) {
            ours = e.sentence();
        }
        return new Verdicts(ours, theirs(bytes, version));
    }

    /// The first packet by its length; all bytes where the length is none. What follows a packet
    /// that is cut must not complete it, and Netty reads on.
    private static byte[] onePacket(byte[] bytes) {
        int length = 0;
        for (int i = 1; i < Math.min(bytes.length, 5); i++) {
            length |= (bytes[i] & 0x7F) << 7 * (i - 1);
            if (bytes[i] >= 0) {
                return Arrays.copyOf(bytes, Math.min(bytes.length, 1 + i + length));
            }
        }
        return bytes;
    }

    private static @Nullable Packet ours(ByteBuffer packet, @Nullable ProtocolVersion version) {
        Decoder decoder = new Decoder(Sender.CLIENT, LIMITS, new TopicNames(4, TopicLimits.NONE));
        if (version != null) {
            decoder.version(version);
        }
        return decoder.read(packet);
    }

    private static @Nullable String theirs(byte[] packet, @Nullable ProtocolVersion version) {
        EmbeddedChannel channel = new EmbeddedChannel(new MqttDecoder(1 << 20, 65_535));
        try {
            if (version != null) {
                channel.attr(VERSION).set(named(version));
            }
            channel.writeInbound(Unpooled.wrappedBuffer(packet));
            MqttMessage message = channel.readInbound();
            if (message == null) {
                return "waits for more";
            }
            ReferenceCountUtil.release(message);
            DecoderResult result = message.decoderResult();
            return result.isSuccess() ? null : words(result.cause());
        } finally {
            channel.finishAndReleaseAll();
        }
    }

    private static MqttVersion named(ProtocolVersion version) {
        return switch (version) {
            case MQTT_3_1 -> MqttVersion.MQTT_3_1;
            case MQTT_3_1_1 -> MqttVersion.MQTT_3_1_1;
            case MQTT_5 -> MqttVersion.MQTT_5;
        };
    }

    /// The kind of a failure, without its numbers and quotations.
    private static String words(Throwable cause) {
        String message = String.valueOf(cause.getMessage());
        String kind = cause.getClass().getSimpleName() + ": " + message;
        return kind.replaceAll("[^A-Za-z: ]+.*", "").strip();
    }
}
