package io.sotto.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/// Inflates the messages of one client (RFC 7692, section 7.2.2), in the pieces that have come, and
/// hands them on as they get out: a message costs no memory but that of zlib, whatever it becomes.
///
/// Unless earlier messages count for the next one, that memory is lent for as long as a message is
/// here in part, and is of what all connections have for that.
final class Inflation {
    /// What zlib keeps for it, in bytes: the window of 32 KiB, its state and its tables.
    static final int MEMORY = 44 * 1024;

    /// Up to here a message may be however small it was.
    private static final int HARMLESS = 4 * 1024;

    private static final int PIECE = 16 * 1024;

    private final WebSocketSettings limits;
    private final NettyWire link;
    private final boolean keeps;
    private @Nullable Inflater inflater;
    private long taken;
    private long given;

    /// @param keeps whether a message may refer to earlier ones
    Inflation(WebSocketSettings limits, NettyWire link, boolean keeps) {
        this.limits = limits;
        this.link = link;
        this.keeps = keeps;
    }

    /// Takes a piece of a message: all that can be read there.
    ///
    /// @throws FrameException when it is not deflated, or becomes too large
    void take(ByteBuf in, FrameReader.Sink sink) throws FrameException {
        taken += in.readableBytes();
        inflate(in.nioBuffer(), sink);
    }

    /// The message has ended.
    ///
    /// @throws FrameException as before
    void finish(FrameReader.Sink sink) throws FrameException {
        // What the sender took away, section 7.2.1.
        inflate(ByteBuffer.wrap(new byte[] {0, 0, -1, -1}), sink);
        taken = 0;
        given = 0;
        Inflater used = inflater;
        if (!keeps && used != null) {
            inflater = null;
            link.reserve().give(MEMORY);
            link.zlib().takeBack(used);
        }
    }

    private Inflater open() throws FrameException {
        Inflater open = inflater;
        if (open == null) {
            if (!keeps && !link.reserve().take(MEMORY)) {
                throw new FrameException(
                        FrameReader.TRY_AGAIN_LATER,
                        "no room for a message in part (limits.receive-memory)");
            }
            open = keeps ? Zlib.newInflater() : link.zlib().lendInflater();
            inflater = open;
        }
        return open;
    }

    private void inflate(ByteBuffer in, FrameReader.Sink sink) throws FrameException {
        Inflater source = open();
        source.setInput(in);
        ByteBuf out = PooledByteBufAllocator.DEFAULT.directBuffer(PIECE);
        try {
            while (sink.isOpen()) {
                out.clear();
                int size = source.inflate(out.internalNioBuffer(0, PIECE));
                if (size > 0) {
                    count(size);
                    sink.data(out.writerIndex(size));
                } else if (source.finished() && in.hasRemaining()) {
                    // A last block that is not the last, section 7.2.3.4.
                    source.reset();
                    source.setInput(in);
                } else {
                    break;
                }
            }
        } catch (DataFormatException e) {
            throw new FrameException(
                    FrameReader.INCONSISTENT, "a message that is not deflated: " + e.getMessage());
        } finally {
            out.release();
        }
    }

    private void count(int size) throws FrameException {
        given += size;
        if (given > limits.message()) {
            throw FrameException.tooLarge("message", "message-size");
        }
        if (given > HARMLESS && given > limits.compression().ratio() * taken) {
            throw FrameException.tooLarge("ratio of compression", "compression-ratio");
        }
    }

    /// The connection is no more.
    void close() {
        Inflater open = inflater;
        inflater = null;
        if (open != null) {
            open.end();
            if (!keeps) {
                link.reserve().give(MEMORY);
            }
        }
    }
}
