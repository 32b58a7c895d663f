package io.sotto.kernels;

import io.sotto.mqtt.Packet;
import io.sotto.mqtt.PubAck;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.TopicLimits;
import io.sotto.mqtt.TopicNames;
import io.sotto.mqtt.codec.Decoder;
import io.sotto.mqtt.codec.DecoderLimits;
import io.sotto.mqtt.codec.Sender;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/// Bytes become packets.
@State(Scope.Thread)
public class DecodeKernel {
    private static final int TOPICS = 1_000;

    private final TopicNames names = new TopicNames(16 * 1024, TopicLimits.DEFAULT);
    private final Decoder decoder = decoder(names);
    private final ByteBuffer connect = Packets.bytes(Packets.connect("client-4711"));
    private final ByteBuffer ack = Packets.bytes(new PubAck(7));
    private final ByteBuffer[] publishes = new ByteBuffer[TOPICS];
    private int next;

    /// A connection that has logged in.
    public DecodeKernel() {
        decoder.version(Packets.VERSION);
        for (int i = 0; i < TOPICS; i++) {
            publishes[i] =
                    Packets.bytes(
                            Packets.publish("site/12/device/" + i + "/state", QoS.AT_LEAST_ONCE));
        }
    }

    private static Decoder decoder(TopicNames names) {
        return new Decoder(Sender.CLIENT, DecoderLimits.DEFAULT, names);
    }

    /// A PUBLISH of QoS 1 with 64 bytes, of a topic that was seen before.
    @Benchmark
    public @Nullable Packet publish() {
        next = next == TOPICS - 1 ? 0 : next + 1;
        return decoder.read(publishes[next].rewind());
    }

    @Benchmark
    public @Nullable Packet pubAck() {
        return decoder.read(ack.rewind());
    }

    /// The first packet of a connection, with what that needs to be read.
    @Benchmark
    public @Nullable Packet connect() {
        return decoder(names).read(connect.rewind());
    }
}
