package io.sotto.transport;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;

/// Deflates the messages to one client (RFC 7692, section 7.2.1).
final class Deflation {
    /// What zlib keeps for it, in bytes, where messages refer to earlier ones.
    static final int MEMORY = 268 * 1024;

    /// Below so many bytes, a message that refers to no other hardly becomes smaller.
    private static final int WORTHWHILE = 64;

    /// More than the mark at the end of a flush, which has to fit.
    private static final int ROOM = 64;

    private static final int MARK = 4;

    private final NettyWire link;
    private final DeflateTerms terms;
    private @Nullable Deflater own;

    Deflation(NettyWire link, DeflateTerms terms) {
        this.link = link;
        this.terms = terms;
    }

    /// Deflates one message.
    ///
    /// @param in all that can be read there; stays as it is
    /// @param out where it goes
    /// @return false when it is to be sent as it is
    boolean deflate(ByteBuf in, ByteBuf out) {
        int size = in.readableBytes();
        if (!terms.keepsOwn() && size < WORTHWHILE) {
            return false;
        }
        Deflater deflater = deflater();
        // zlib refers up to 32 KiB back and, from Java, does not let itself be bounded; but it
        // refers to nothing that lies before a full flush.
        int step = terms.isNarrow() ? 1 << terms.window() : size;
        int flush = terms.isNarrow() ? Deflater.FULL_FLUSH : Deflater.SYNC_FLUSH;
        for (int at = 0; at < size; at += step) {
            deflater.setInput(in.nioBuffer(in.readerIndex() + at, Math.min(step, size - at)));
            drain(deflater, flush, out);
        }
        out.writerIndex(out.writerIndex() - MARK);
        return terms.keepsOwn() || out.readableBytes() < size;
    }

    private Deflater deflater() {
        if (!terms.keepsOwn()) {
            return link.zlib().deflater();
        }
        Deflater kept = own;
        if (kept == null) {
            kept = Zlib.newDeflater();
            own = kept;
        }
        return kept;
    }

    private static void drain(Deflater deflater, int flush, ByteBuf out) {
        boolean all = false;
        while (!all) {
            out.ensureWritable(ROOM);
            ByteBuffer room = out.internalNioBuffer(out.writerIndex(), out.writableBytes());
            int size = deflater.deflate(room, flush);
            out.writerIndex(out.writerIndex() + size);
            all = room.hasRemaining();
        }
    }

    /// The connection is no more.
    void close() {
        if (own != null) {
            own.end();
            own = null;
        }
    }
}
