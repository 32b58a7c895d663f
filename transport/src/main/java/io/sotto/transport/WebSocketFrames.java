package io.sotto.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/// Stands before the link of a connection over WebSocket: takes its packets out of frames, and puts
/// a frame around each buffer that it sends, which is mostly all of a turn.
@SuppressWarnings("FutureReturnValueIgnored") // what fails here ends in channelInactive
final class WebSocketFrames extends ChannelDuplexHandler implements FrameReader.Sink {
    private static final int FINAL = 0x80;
    private static final int DEFLATED = 0x40;
    private static final int LARGEST_HEAD = 10;
    private static final int LEAST = 128;

    private final NettyWire link;
    private final FrameReader reader;
    private final @Nullable Inflation inflation;
    private final @Nullable Deflation deflation;
    private byte @Nullable [] ping;
    private int status = FrameReader.NORMAL;
    private boolean ended;

    /// @param terms how messages are compressed, or null where they are not
    WebSocketFrames(WebSocketSettings settings, @Nullable DeflateTerms terms, NettyWire link) {
        this.link = link;
        this.inflation = terms == null ? null : new Inflation(settings, link, terms.keepsTheirs());
        this.deflation = terms == null ? null : new Deflation(link, terms);
        this.reader = new FrameReader(settings, this, inflation);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (ended || !(message instanceof ByteBuf bytes)) {
            ReferenceCountUtil.release(message);
            return;
        }
        try {
            reader.read(bytes);
        } catch (FrameException e) {
            end(e.status(), "WebSocket: " + e.sentence());
        } finally {
            bytes.release();
        }
    }

    @Override
    public void data(ByteBuf bytes) {
        if (!ended) {
            link.received(bytes);
        }
    }

    @Override
    public boolean isOpen() {
        return !ended && !link.isClosed();
    }

    @Override
    public void ping(byte[] payload) {
        ping = payload;
    }

    @Override
    public void close(int code) {
        end(code, "WebSocket closed by the client");
    }

    private void end(int code, String sentence) {
        if (!ended) {
            ended = true;
            status = code;
            link.broken(sentence);
        }
    }

    /// Of several pings that came at once the last one is answered (RFC 6455, section 5.5.3), and
    /// none while the peer does not take what it is sent: pings never pile up.
    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        byte[] payload = ping;
        ping = null;
        if (payload != null && !ended && context.channel().isWritable()) {
            context.writeAndFlush(control(context, FrameReader.PONG, payload));
        }
        context.fireChannelReadComplete();
    }

    private static ByteBuf control(ChannelHandlerContext context, int opcode, byte[] payload) {
        return context.alloc()
                .directBuffer(2 + payload.length)
                .writeByte(FINAL | opcode)
                .writeByte(payload.length)
                .writeBytes(payload);
    }

    /// Packets leave in binary frames [MQTT-6.0.0-1] [MQTT3-6.0.0-1].
    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (message instanceof ByteBuf bytes && bytes.isReadable()) {
            writeFrame(context, bytes, promise);
        } else {
            context.write(message, promise);
        }
    }

    /// Where there is no memory for it, the packets in it go nowhere, and the link is told, which
    /// ends the connection.
    private void writeFrame(ChannelHandlerContext context, ByteBuf bytes, ChannelPromise promise) {
        ByteBuf payload = bytes;
        ByteBuf head;
        try {
            int first = FINAL | FrameReader.BINARY;
            ByteBuf smaller = deflated(context, bytes);
            if (smaller != null) {
                bytes.release();
                payload = smaller;
                first |= DEFLATED;
            }
            head = head(context, first, payload.readableBytes());
        } catch (OutOfMemoryError e) {
            payload.release();
            throw e;
        }
        context.write(head, context.voidPromise());
        context.write(payload, promise);
    }

    /// The bytes in a buffer that takes their place, or null when they are to go as they are.
    private @Nullable ByteBuf deflated(ChannelHandlerContext context, ByteBuf bytes) {
        if (deflation == null) {
            return null;
        }
        ByteBuf smaller = context.alloc().directBuffer(bytes.readableBytes() / 2 + LEAST);
        boolean isSmaller = false;
        try {
            isSmaller = deflation.deflate(bytes, smaller);
        } finally {
            if (!isSmaller) {
                smaller.release();
            }
        }
        return isSmaller ? smaller : null;
    }

    private static ByteBuf head(ChannelHandlerContext context, int first, int size) {
        ByteBuf head = context.alloc().directBuffer(LARGEST_HEAD);
        head.writeByte(first);
        if (size < 126) {
            head.writeByte(size);
        } else if (size < 1 << 16) {
            head.writeByte(126).writeShort(size);
        } else {
            head.writeByte(127).writeLong(size);
        }
        return head;
    }

    /// The last frame, behind everything else: says why, or answers the close frame of the peer
    /// with the same code.
    void sayFarewell(ChannelHandlerContext context) {
        ended = true;
        byte[] code =
                status == FrameReader.NO_STATUS
                        ? new byte[0]
                        : new byte[] {(byte) (status >> 8), (byte) status};
        context.write(control(context, FrameReader.CLOSE, code), context.voidPromise());
    }

    /// The connection is no more.
    void close() {
        if (inflation != null) {
            inflation.close();
        }
        if (deflation != null) {
            deflation.close();
        }
    }
}
