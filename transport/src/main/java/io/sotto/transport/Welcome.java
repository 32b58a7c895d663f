package io.sotto.transport;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.DuplexChannel;
import io.sotto.transport.Accepting.Door;
import java.net.InetSocketAddress;

/// Makes a channel of Netty's a connection, if it may stay.
@Sharable
@SuppressWarnings("FutureReturnValueIgnored") // nothing is left to be done behind a close
final class Welcome extends ChannelInitializer<DuplexChannel> {
    private static final int SMALLEST_READ = 512;
    private static final int FIRST_READ = 2 * 1024;

    private final Loops loops;
    private final Accepting accepting;

    Welcome(Loops loops, Accepting accepting) {
        this.loops = loops;
        this.accepting = accepting;
    }

    @Override
    protected void initChannel(DuplexChannel channel) {
        Door door = accepting.door();
        Arrival arrival =
                accepting.admit(
                        door.place(),
                        channel.remoteAddress() instanceof InetSocketAddress peer ? peer : null);
        if (arrival == null) {
            channel.close();
            return;
        }
        channel.closeFuture().addListener(closed -> arrival.end());
        channel.config()
                .setAllocator(PooledByteBufAllocator.DEFAULT)
                .setWriteBufferWaterMark(new WriteBufferWaterMark(Outlet.LOW, Outlet.HIGH))
                .setRecvByteBufAllocator(
                        new AdaptiveRecvByteBufAllocator(
                                        SMALLEST_READ, FIRST_READ, SocketMemory.LARGEST_READ)
                                .maxMessagesPerRead(1));
        door.entrance().prepare(channel.pipeline(), new NettyWire(loops, channel, arrival));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }
}
