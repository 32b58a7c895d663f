package io.sotto.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.sotto.broker.Connection;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// What a connection received and its broker has not taken yet: the beginning of a packet, or
/// everything since reading was paused.
///
/// Whole packets are read where the network put them. Of a packet in parts only its own bytes are
/// copied together, into a buffer that grows with what is there, never with what was announced.
final class Input {
    /// Enough to learn from it how long the packet is.
    private static final int HEAD = 16;

    private @Nullable ByteBuf rest;

    boolean isEmpty() {
        return rest == null;
    }

    /// Has the broker take packets, beginning with the one that is here in part. All that is left
    /// in `bytes` afterwards is to be offered again or kept.
    void offer(ByteBuf bytes, Connection connection, long now) {
        ByteBuf begun = rest;
        if (begun == null) {
            read(bytes, connection, now);
            if (bytes.isReadable()) {
                keep(bytes);
            }
            return;
        }
        int missing = connection.awaited() - begun.readableBytes();
        keep(bytes, Math.min(missing > 0 ? missing : HEAD, bytes.readableBytes()));
        offerRest(connection, now);
    }

    /// Has the broker take what is here.
    void offerRest(Connection connection, long now) {
        ByteBuf begun = rest;
        if (begun == null) {
            return;
        }
        rest = null;
        read(begun, connection, now);
        if (begun.isReadable()) {
            rest = begun.discardReadBytes();
        } else {
            begun.release();
        }
    }

    private static void read(ByteBuf bytes, Connection connection, long now) {
        ByteBuffer view = bytes.internalNioBuffer(bytes.readerIndex(), bytes.readableBytes());
        int start = view.position();
        connection.received(view, now);
        bytes.skipBytes(view.position() - start);
    }

    /// Keeps all of it for later.
    void keep(ByteBuf bytes) {
        keep(bytes, bytes.readableBytes());
    }

    private void keep(ByteBuf bytes, int size) {
        ByteBuf begun = rest;
        if (begun == null) {
            begun = PooledByteBufAllocator.DEFAULT.directBuffer(Math.max(size, HEAD));
            rest = begun;
        }
        if (begun.writableBytes() < size) {
            begun.ensureWritable(Math.max(size, begun.readableBytes()));
        }
        begun.writeBytes(bytes, size);
    }

    void release() {
        if (rest != null) {
            rest.release();
            rest = null;
        }
    }
}
