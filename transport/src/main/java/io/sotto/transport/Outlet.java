package io.sotto.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/// Takes what is to be sent to one peer, and keeps what the system does not take at once.
interface Outlet {
    /// From so many bytes on that it keeps an outlet is full, until it keeps less than [#LOW].
    int HIGH = 128 * 1024;

    int LOW = 64 * 1024;

    /// Where the memory comes from that is sent.
    ByteBufAllocator memory();

    /// Takes these bytes, to be sent with the next [#flush], and releases them then.
    void write(ByteBuf bytes);

    /// Sends what the system takes.
    void flush();

    /// Whether it is not full.
    boolean isWritable();

    /// How many bytes it keeps.
    long pending();
}
