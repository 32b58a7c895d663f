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
/// copied together, into a buffer that grows with what is there, never with what was announced, and
/// out of what all connections have for that. What the connection itself has taken of a large
/// packet counts as well.
final class Input {
    /// Why a connection ends for which there is no memory.
    static final String NO_ROOM = "no room for a packet in part (limits.receive-memory)";

    /// Enough to learn from it how long the packet is.
    private static final int HEAD = 16;

    private final Reserve reserve;
    private @Nullable ByteBuf rest;
    private int taken;
    private int held;
    private long since;
    private boolean watched;

    Input(Reserve reserve) {
        this.reserve = reserve;
    }

    boolean isEmpty() {
        return rest == null && held == 0;
    }

    /// Has the broker take packets, beginning with the one that is here in part. All that is left
    /// in `bytes` afterwards is to be offered again or kept.
    ///
    /// @return false when there is no memory for a packet in part, which ends the connection
    boolean offer(ByteBuf bytes, Connection connection, long now) {
        ByteBuf begun = rest;
        if (begun == null) {
            return read(bytes, connection, false, now) && (!bytes.isReadable() || keep(bytes, now));
        }
        int missing = connection.awaited() - begun.readableBytes();
        return keep(bytes, Math.min(missing > 0 ? missing : HEAD, bytes.readableBytes()), now)
                && offerRest(connection, now);
    }

    /// Has the broker take what is here.
    ///
    /// @return false when there is no memory for a packet in part, which ends the connection
    boolean offerRest(Connection connection, long now) {
        ByteBuf begun = rest;
        if (begun == null) {
            return true;
        }
        rest = null;
        boolean kept = read(begun, connection, true, now);
        rest = begun;
        if (begun.isReadable()) {
            begun.discardReadBytes();
        } else {
            drop();
        }
        return kept;
    }

    /// @param begun whether the bytes begin with a packet that is waited for since earlier
    private boolean read(ByteBuf bytes, Connection connection, boolean begun, long now) {
        ByteBuffer view = bytes.internalNioBuffer(bytes.readerIndex(), bytes.readableBytes());
        int start = view.position();
        int packets = connection.received(view, now);
        bytes.skipBytes(view.position() - start);
        int before = held;
        if (packets > 0 || !begun && before == 0) {
            since = now;
        }
        int present = connection.held();
        if (present > before && !reserve.take(present - before)) {
            return false;
        }
        reserve.give(Math.max(0, before - present));
        held = present;
        return true;
    }

    /// Keeps all of it for later.
    ///
    /// @return false when there is no memory for it, which ends the connection
    boolean keep(ByteBuf bytes, long now) {
        return keep(bytes, bytes.readableBytes(), now);
    }

    private boolean keep(ByteBuf bytes, int size, long now) {
        ByteBuf begun = rest;
        try {
            if (begun == null) {
                int room = Math.max(size, HEAD);
                if (!take(room)) {
                    return false;
                }
                begun = PooledByteBufAllocator.DEFAULT.directBuffer(room);
                rest = begun;
                since = now;
            } else if (begun.writableBytes() < size) {
                int room = Math.max(size, begun.readableBytes());
                if (!take(room)) {
                    return false;
                }
                begun.ensureWritable(room);
            }
        } catch (OutOfMemoryError e) {
            return false;
        }
        begun.writeBytes(bytes, size);
        return true;
    }

    private boolean take(int bytes) {
        boolean there = reserve.take(bytes);
        taken += there ? bytes : 0;
        return there;
    }

    /// Whether a packet is here in part and nobody watches it yet; who asks does from now on.
    boolean wantsWatching() {
        boolean wants = !isEmpty() && !watched;
        watched |= wants;
        return wants;
    }

    /// Nobody watches it any more.
    void unwatch() {
        watched = false;
    }

    /// The packet was not waited for until now.
    void restart(long now) {
        since = now;
    }

    /// For how long the packet that is here in part has been waited for, in milliseconds.
    long age(long now) {
        return now - since;
    }

    void release() {
        drop();
        reserve.give(held);
        held = 0;
    }

    private void drop() {
        if (rest != null) {
            rest.release();
            rest = null;
        }
        reserve.give(taken);
        taken = 0;
    }
}
