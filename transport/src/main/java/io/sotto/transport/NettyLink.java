package io.sotto.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.socket.SocketChannel;
import io.sotto.broker.spi.Link;
import io.sotto.broker.spi.Origin;
import io.sotto.mqtt.Payload;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// A link over a Netty channel. What is written in a turn is collected in one pooled buffer, which
/// goes to the channel when it is large enough and when the turn ends.
@SuppressWarnings("FutureReturnValueIgnored") // a failure ends in channelInactive
final class NettyLink implements Link {
    private static final int SMALLEST = 512;
    private static final int CHUNK = 64 * 1024;
    private static final int LINGER_MILLIS = 500;

    private final SocketChannel channel;
    private final Loops loops;
    private final Origin origin;
    private final TransportLimits limits;
    private ShardLoop loop;
    private @Nullable ByteBuf out;
    private @Nullable ByteBuffer room;
    private int roomStart;
    private boolean dirty;
    private boolean closed;
    private long slowSince = Long.MAX_VALUE;
    private Runnable resumed = () -> {};

    NettyLink(SocketChannel channel, Loops loops, Origin origin, TransportLimits limits) {
        this.channel = channel;
        this.loops = loops;
        this.origin = origin;
        this.limits = limits;
        this.loop = loops.loopOf(channel.eventLoop());
    }

    /// @param resumed called when reading goes on, to offer what is left over
    void onResume(Runnable resumed) {
        this.resumed = resumed;
    }

    ShardLoop loop() {
        return loop;
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public Origin origin() {
        return origin;
    }

    @Override
    public ByteBuffer room(int bytes) {
        ByteBuf buffer = out;
        if (buffer != null
                && buffer.readableBytes() > 0
                && buffer.readableBytes() + bytes > CHUNK) {
            channel.write(buffer, channel.voidPromise());
            buffer = null;
        }
        if (buffer == null) {
            buffer = channel.alloc().directBuffer(Math.max(bytes, SMALLEST));
            out = buffer;
        }
        buffer.ensureWritable(bytes);
        ByteBuffer free = buffer.internalNioBuffer(buffer.writerIndex(), bytes);
        room = free;
        roomStart = free.position();
        if (!dirty) {
            dirty = true;
            loop.markDirty(this);
        }
        return free;
    }

    @Override
    public void written() {
        ByteBuf buffer = Objects.requireNonNull(out);
        ByteBuffer used = Objects.requireNonNull(room);
        buffer.writerIndex(buffer.writerIndex() + used.position() - roomStart);
        room = null;
    }

    @Override
    public void share(Payload payload) {
        ByteBuf buffer = out;
        if (buffer != null) {
            out = null;
            channel.write(buffer, channel.voidPromise());
        }
        channel.write(Unpooled.wrappedBuffer(payload.view()), channel.voidPromise());
        if (!dirty) {
            dirty = true;
            loop.markDirty(this);
        }
    }

    /// The turn ends.
    void flush() {
        dirty = false;
        ByteBuf buffer = out;
        out = null;
        if (buffer == null) {
            channel.flush();
        } else {
            channel.writeAndFlush(buffer, channel.voidPromise());
        }
    }

    @Override
    public boolean isWritable() {
        return channel.isWritable();
    }

    /// The channel has more to send than it should.
    void becameSlow() {
        if (slowSince == Long.MAX_VALUE) {
            slowSince = loop.now();
            loop.markSlow(this);
        }
    }

    /// Whether a slow link need not be watched any more: it takes more again, or took nothing for
    /// so long that it is given up.
    boolean recoversOrTimesOut(long now) {
        if (channel.isWritable() || !channel.isActive()) {
            slowSince = Long.MAX_VALUE;
            return true;
        }
        if (now - slowSince < limits.writeTimeout() * 1000L) {
            return false;
        }
        channel.close();
        return true;
    }

    @Override
    public void pauseReading() {
        channel.config().setAutoRead(false);
    }

    @Override
    public void resumeReading() {
        if (!closed && !channel.config().isAutoRead()) {
            channel.config().setAutoRead(true);
            loop.eventLoop().execute(resumed);
        }
    }

    @Override
    public void moveTo(int shard, LongConsumer arrived) {
        ShardLoop target = loops.loop(shard);
        channel.deregister()
                .addListener(ignored -> {
                    target.eventLoop()
                            .register(channel)
                            .addListener(alsoIgnored ->
                                    target.eventLoop()
                                            .execute(() -> {
                                                loop = target;
                                                arrived.accept(target.now());
                                                target.touch();
                                                if (!channel.isActive()) {
                                                    channel.pipeline().fireChannelInactive();
                                                }
                                            }));
                });
    }

    /// Sends what is there, then the end of the stream, and goes when the peer has answered it or
    /// has had its time. Bytes of the peer are thrown away meanwhile: to close over them would
    /// reset the connection and could destroy our last packet on its way.
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        ByteBuf buffer = out;
        out = null;
        ChannelFuture sent = channel.writeAndFlush(buffer == null ? Unpooled.EMPTY_BUFFER : buffer);
        sent.addListener(ignored -> channel.shutdownOutput());
        channel.config().setAutoRead(true);
        loop.eventLoop().schedule(() -> channel.close(), LINGER_MILLIS, TimeUnit.MILLISECONDS);
    }

    /// The channel is gone: what was not sent is let go.
    void release() {
        closed = true;
        ByteBuf buffer = out;
        out = null;
        if (buffer != null) {
            buffer.release();
        }
    }
}
