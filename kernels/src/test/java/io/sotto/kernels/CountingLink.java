package io.sotto.kernels;

import io.sotto.broker.spi.Link;
import io.sotto.broker.spi.Origin;
import io.sotto.mqtt.Payload;
import java.nio.ByteBuffer;
import java.util.function.LongConsumer;

/// A link that counts what is sent and forgets it. It holds as little as a link can.
final class CountingLink implements Link {
    private final Origin origin;
    private final ByteBuffer room;
    private long bytes;

    /// @param room for one packet, shared by all links
    CountingLink(Origin origin, ByteBuffer room) {
        this.origin = origin;
        this.room = room;
    }

    /// How many bytes were sent.
    long bytes() {
        return bytes;
    }

    @Override
    public Origin origin() {
        return origin;
    }

    @Override
    public ByteBuffer room(int size) {
        return room.clear();
    }

    @Override
    public void written() {
        bytes += room.position();
    }

    @Override
    public void share(Payload payload) {
        bytes += payload.size();
    }

    @Override
    public boolean isWritable() {
        return true;
    }

    @Override
    public boolean isReading() {
        return true;
    }

    @Override
    public void pauseReading() {}

    @Override
    public void resumeReading() {}

    @Override
    public void moveTo(int shard, LongConsumer arrived) {
        throw new AssertionError("there is one shard");
    }

    @Override
    public void close() {}
}
