package io.sotto.testkit.link;

import io.sotto.broker.spi.Link;
import io.sotto.broker.spi.Origin;
import io.sotto.mqtt.Packet;
import io.sotto.mqtt.Payload;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.TopicLimits;
import io.sotto.mqtt.TopicNames;
import io.sotto.mqtt.codec.Decoder;
import io.sotto.mqtt.codec.DecoderLimits;
import io.sotto.mqtt.codec.Sender;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// A link that remembers what the broker sent, as packets, and what it asked for. A move to another
/// shard waits for [#arrive].
public final class RecordingLink implements Link {
    private final Origin origin;
    private final ProtocolVersion version;
    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
    private ByteBuffer room = ByteBuffer.allocate(0);
    private boolean writable = true;
    private boolean reading = true;
    private boolean closed;
    private int shard = -1;
    private @Nullable LongConsumer arrival;

    /// @param version in which the broker's packets are read
    public RecordingLink(String name, ProtocolVersion version) {
        this.origin = new Origin("test", name, 0, true);
        this.version = version;
    }

    @Override
    public Origin origin() {
        return origin;
    }

    @Override
    public ByteBuffer room(int bytes) {
        room = ByteBuffer.allocate(bytes);
        return room;
    }

    @Override
    public void written() {
        sent.write(room.array(), 0, room.position());
    }

    @Override
    public void share(Payload payload) {
        sent.writeBytes(payload.toByteArray());
    }

    @Override
    public boolean isWritable() {
        return writable;
    }

    /// Says whether the link takes more.
    public void writable(boolean takesMore) {
        writable = takesMore;
    }

    @Override
    public void pauseReading() {
        reading = false;
    }

    @Override
    public void resumeReading() {
        reading = true;
    }

    @Override
    public boolean isReading() {
        return reading;
    }

    @Override
    public void moveTo(int to, LongConsumer arrived) {
        shard = to;
        arrival = arrived;
    }

    /// The shard to which the broker last moved the link, or -1.
    public int shard() {
        return shard;
    }

    /// Whether a move waits for [#arrive].
    public boolean isMoving() {
        return arrival != null;
    }

    /// Completes a move, on the shard it goes to.
    public void arrive(long now) {
        LongConsumer arrived = arrival;
        if (arrived == null) {
            throw new IllegalStateException("the link was not asked to move");
        }
        arrival = null;
        arrived.accept(now);
    }

    @Override
    public void close() {
        closed = true;
    }

    /// Whether the broker closed it.
    public boolean isClosed() {
        return closed;
    }

    /// The bytes sent since the last call.
    public byte[] bytes() {
        byte[] bytes = sent.toByteArray();
        sent.reset();
        return bytes;
    }

    /// The packets sent since the last call; a part of one is kept for the next.
    public List<Packet> packets() {
        if (sent.size() == 0) {
            return List.of();
        }
        Decoder decoder =
                new Decoder(
                        Sender.SERVER, DecoderLimits.DEFAULT, new TopicNames(4, TopicLimits.NONE));
        decoder.version(version);
        ByteBuffer bytes = ByteBuffer.wrap(sent.toByteArray());
        List<Packet> packets = new ArrayList<>();
        for (Packet packet = decoder.read(bytes); packet != null; packet = decoder.read(bytes)) {
            packets.add(packet);
        }
        sent.reset();
        sent.write(bytes.array(), bytes.position(), bytes.remaining());
        return packets;
    }
}
