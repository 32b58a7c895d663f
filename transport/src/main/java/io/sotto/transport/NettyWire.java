package io.sotto.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DuplexChannel;
import io.sotto.broker.spi.Origin;
import java.util.concurrent.Executor;
import java.util.function.LongConsumer;

/// A channel of Netty's, for all that a socket of our own is not: TLS, WebSocket, the PROXY
/// protocol, and systems without epoll. It is the last handler of its channel.
@SuppressWarnings("FutureReturnValueIgnored") // what fails here ends in channelInactive
final class NettyWire extends ChannelInboundHandlerAdapter implements Wire {
    private final DuplexChannel channel;
    private final Arrival arrival;
    private final ByteLink link;

    NettyWire(Loops loops, DuplexChannel channel, Arrival arrival) {
        this.channel = channel;
        this.arrival = arrival;
        this.link = new ByteLink(loops.of(channel.eventLoop()), this, arrival);
    }

    /// Where the connection comes from, until its login free to be corrected.
    Arrival arrival() {
        return arrival;
    }

    Origin origin() {
        return arrival.origin();
    }

    /// What is to stand before TLS.
    ///
    /// @param workers who do the expensive steps of its handshake
    HandshakeSteps steps(Executor workers) {
        return new HandshakeSteps(
                channel,
                workers,
                () -> onItsLoop(() -> channel.unsafe().close(channel.voidPromise())));
    }

    /// What the connections of its loop compress with.
    Zlib zlib() {
        return link.loop().zlib();
    }

    /// The memory for what is here in part.
    Reserve reserve() {
        return link.loop().loops().unfinished();
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        link.begin();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        try {
            link.received(bytes);
        } finally {
            bytes.release();
        }
    }

    /// Takes all of these bytes of MQTT, or keeps them.
    void received(ByteBuf bytes) {
        link.received(bytes);
    }

    /// Whether nothing more is taken from the peer.
    boolean isClosed() {
        return link.isClosed();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (channel.isWritable()) {
            link.hasRoom();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        link.ended();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        link.failed(cause);
    }

    /// The peer broke the rules of what carries MQTT, or ended that in order: nothing more is read.
    ///
    /// @param sentence for the log
    void broken(String sentence) {
        link.lose(sentence);
    }

    /// The connection ends for the sake of others; from any thread.
    void giveWay(String sentence) {
        onItsLoop(() -> broken(sentence));
    }

    /// What the peer has shown counts no longer: the client is sent away, 5.0 with 0x87; from any
    /// thread.
    void revoked(String sentence) {
        onItsLoop(() -> link.revoke(sentence));
    }

    /// Does something on the loop that it belongs to by then; from any thread.
    private void onItsLoop(Runnable task) {
        EventLoop present = channel.eventLoop();
        present.execute(() -> {
            if (channel.eventLoop().equals(present)) {
                task.run();
            } else {
                onItsLoop(task);
            }
        });
    }

    @Override
    public ByteBufAllocator memory() {
        return channel.alloc();
    }

    @Override
    public void write(ByteBuf bytes) {
        channel.write(bytes, channel.voidPromise());
    }

    @Override
    public void flush() {
        channel.flush();
    }

    @Override
    public boolean isWritable() {
        return channel.isWritable();
    }

    @Override
    public long pending() {
        ChannelOutboundBuffer queue = channel.unsafe().outboundBuffer();
        return queue == null ? 0 : queue.totalPendingWriteBytes();
    }

    @Override
    public void reading(boolean wanted) {
        channel.config().setAutoRead(wanted);
    }

    @Override
    public void moveTo(ShardLoop target, LongConsumer arrived) {
        ShardLoop here = link.loop();
        channel.deregister()
                .addListener(left -> {
                    if (channel.isOpen()) {
                        link.leave(target);
                        target.executor()
                                .register(channel)
                                .addListener(come -> arrive(target, arrived));
                    } else if (!here.execute(() -> goOnWithout(here, target, arrived))) {
                        link.stay();
                    }
                });
    }

    /// The peer has left, which its present loop has been told by now; what it sent goes on.
    private void goOnWithout(ShardLoop here, ShardLoop target, LongConsumer arrived) {
        link.leave(target);
        if (!target.execute(() -> link.arrive(arrived))) {
            link.leave(here);
            link.stay();
        }
    }

    /// Whichever thread reports the end of the move.
    private void arrive(ShardLoop target, LongConsumer arrived) {
        if (target.executor().inEventLoop()) {
            link.arrive(arrived);
        } else {
            target.execute(() -> arrive(target, arrived));
        }
    }

    @Override
    public boolean isConnected() {
        return channel.isRegistered() && channel.isActive();
    }

    @Override
    public boolean isWordless() {
        return Farewell.isWordless(channel);
    }

    @Override
    public void sayFarewell() {
        Farewell.say(channel)
                .addListener(sent -> {
                    channel.shutdownOutput();
                    channel.config().setAutoRead(true);
                });
    }

    @Override
    public long stalled(Stall stall, long now) {
        ChannelOutboundBuffer queue = channel.unsafe().outboundBuffer();
        return queue == null
                ? stall.length(null, 0, now)
                : stall.length(queue.current(), queue.currentProgress(), now);
    }

    @Override
    public void close() {
        channel.close();
    }
}
