package io.sotto.kernels;

import io.sotto.mqtt.PubAck;
import io.sotto.mqtt.Publish;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.codec.Encoder;
import io.sotto.mqtt.codec.PublishFrame;
import java.nio.ByteBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/// Packets become bytes.
@State(Scope.Thread)
public class EncodeKernel {
    private final ByteBuffer out = ByteBuffer.allocateDirect(1024);
    private final Publish publish = Packets.publish("site/12/device/7/state", QoS.AT_LEAST_ONCE);
    private final PublishFrame frame = PublishFrame.of(Packets.VERSION, publish);
    private final PubAck ack = new PubAck(7);

    /// Makes the frame of a message, once for all its subscribers.
    @Benchmark
    public PublishFrame frame() {
        return PublishFrame.of(Packets.VERSION, publish);
    }

    /// Writes a copy of a message of QoS 1 for one subscriber.
    @Benchmark
    public int copy() {
        frame.write(out.clear(), 7, false);
        return out.position();
    }

    @Benchmark
    public int pubAck() {
        Encoder.write(ack, Packets.VERSION, out.clear());
        return out.position();
    }
}
