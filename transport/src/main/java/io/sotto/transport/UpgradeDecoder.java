package io.sotto.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequestDecoder;
import java.util.List;

/// Reads the head of the one HTTP request that a WebSocket begins with, strictly and within bounds.
final class UpgradeDecoder extends HttpRequestDecoder {
    private static final int LONGEST_LINE = 4 * 1024;
    private static final int LARGEST_HEAD = 8 * 1024;

    private boolean isFolded;

    UpgradeDecoder() {
        super(
                new HttpDecoderConfig()
                        .setMaxInitialLineLength(LONGEST_LINE)
                        .setMaxHeaderSize(LARGEST_HEAD)
                        .setChunkedSupported(false));
    }

    /// A header line that goes on in the next line is refused (RFC 9112, section 5.2): programs
    /// read such lines in different ways.
    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out)
            throws Exception {
        int last = 0;
        for (int i = in.readerIndex(); i < in.writerIndex() && !isFolded; i++) {
            int now = in.getByte(i);
            isFolded = (now == ' ' || now == '\t') && (last == '\n' || i == in.readerIndex());
            last = now;
        }
        if (isFolded) {
            in.skipBytes(in.readableBytes());
            context.fireExceptionCaught(FrameException.protocol("a folded line in the request"));
            return;
        }
        super.decode(context, in, out);
    }
}
