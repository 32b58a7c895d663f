package io.sotto.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.sotto.broker.Connection;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// What comes in on one channel: bytes are offered to the connection, and what it leaves is kept
/// for the next time.
@SuppressWarnings("FutureReturnValueIgnored") // a failure ends in channelInactive
final class Incoming extends ChannelInboundHandlerAdapter {
    private static final int SMALL = 1024;

    private final NettyLink link;
    private final Connection connection;
    private @Nullable ByteBuf rest;
    private boolean lost;

    Incoming(NettyLink link, Connection connection) {
        this.link = link;
        this.connection = connection;
        link.onResume(this::offerRest);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        if (link.isClosed()) {
            bytes.release();
            return;
        }
        ByteBuf before = rest;
        rest = before == null ? bytes : join(context, before, bytes);
        offerRest();
    }

    /// Appends to what is left over. The buffer grows by doubling, up to the packet that is
    /// awaited: a peer gets no more memory than twice what it has sent.
    private ByteBuf join(ChannelHandlerContext context, ByteBuf before, ByteBuf bytes) {
        int size = before.readableBytes() + bytes.readableBytes();
        ByteBuf whole = before;
        if (before.writableBytes() < bytes.readableBytes()) {
            int doubled = Math.min(before.readableBytes() * 2, connection.awaited());
            whole = context.alloc().directBuffer(Math.max(size, doubled));
            whole.writeBytes(before);
            before.release();
        }
        whole.writeBytes(bytes);
        bytes.release();
        return whole;
    }

    private void offerRest() {
        ByteBuf bytes = rest;
        if (bytes == null || link.isClosed()) {
            return;
        }
        ByteBuffer view = bytes.nioBuffer();
        int before = view.position();
        connection.received(view, link.loop().now());
        link.loop().touch();
        if (rest == null) {
            return;
        }
        bytes.skipBytes(view.position() - before);
        if (!bytes.isReadable() || link.isClosed()) {
            rest = null;
            bytes.release();
        } else if (bytes.readableBytes() <= SMALL && bytes.capacity() > 2 * SMALL) {
            rest = bytes.alloc().directBuffer(bytes.readableBytes()).writeBytes(bytes);
            bytes.release();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (!context.channel().isWritable()) {
            link.becameSlow();
        } else if (!link.isClosed()) {
            // Not within the flush that made room: a reader that keeps up must not hold the loop.
            link.loop().eventLoop().execute(this::writable);
        }
    }

    private void writable() {
        if (!link.isClosed()) {
            connection.writable(link.loop().now());
            link.loop().touch();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (lost) {
            return;
        }
        lost = true;
        link.release();
        ByteBuf bytes = rest;
        rest = null;
        if (bytes != null) {
            bytes.release();
        }
        connection.lost(link.loop().now());
        link.loop().touch();
    }

    /// A reset and the like: the connection is lost, which is no news worth a trace.
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }
}
