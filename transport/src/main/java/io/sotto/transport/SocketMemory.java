package io.sotto.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.Buffer;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.IovArray;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// What all sockets of a loop are read into, one after the other, and how several buffers of one
/// are sent with one call. Belongs to the loop.
final class SocketMemory {
    /// The most that one connection is read before the others of its loop have their turn. Small
    /// messages come at some 25 bytes, so that this many are through in well under a millisecond.
    static final int LARGEST_READ = 16 * 1024;

    /// How many buffers leave with one call at most; a link hands over fewer in general.
    private static final int AT_ONCE = 64;

    private final ByteBuf in;
    private final long address;
    private final IovArray out = new IovArray(AT_ONCE);

    private SocketMemory() {
        ByteBuffer memory = ByteBuffer.allocateDirect(LARGEST_READ);
        address = Buffer.memoryAddress(memory);
        in = Unpooled.wrappedBuffer(memory);
    }

    /// Null where there is no epoll.
    static @Nullable SocketMemory make() {
        return Epoll.isAvailable() ? new SocketMemory() : null;
    }

    /// What was read last.
    ByteBuf in() {
        return in;
    }

    /// Reads what has come, up to [#LARGEST_READ].
    ///
    /// @return how many bytes there are now, 0 if nothing has come, -1 if nothing will come
    int read(FileDescriptor socket) throws IOException {
        int size = socket.readAddress(address, 0, LARGEST_READ);
        in.setIndex(0, Math.max(0, size));
        return size;
    }

    /// Sends these, in this order.
    ///
    /// @return how many bytes the system has taken
    long write(FileDescriptor socket, ByteBuf first, @Nullable Deque<ByteBuf> more)
            throws IOException {
        if (more != null && !more.isEmpty()) {
            return writeAll(socket, first, more);
        }
        int from = first.readerIndex();
        if (first.hasMemoryAddress()) {
            return socket.writeAddress(first.memoryAddress(), from, first.writerIndex());
        }
        ByteBuffer view = first.internalNioBuffer(from, first.readableBytes());
        return socket.write(view, view.position(), view.limit());
    }

    private boolean add(ByteBuf bytes) {
        return out.add(bytes, bytes.readerIndex(), bytes.readableBytes());
    }

    private long writeAll(FileDescriptor socket, ByteBuf first, Deque<ByteBuf> more)
            throws IOException {
        out.clear();
        add(first);
        for (ByteBuf next : more) {
            if (!add(next)) {
                break;
            }
        }
        return socket.writevAddresses(out.memoryAddress(0), out.count());
    }
}
