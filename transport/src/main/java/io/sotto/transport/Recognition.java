package io.sotto.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.function.IntConsumer;

/// Waits for the first byte of a connection and has whatever it belongs to put in its place.
final class Recognition extends ChannelInboundHandlerAdapter {
    private final IntConsumer place;

    /// @param place puts handlers behind this one, according to the first byte
    Recognition(IntConsumer place) {
        this.place = place;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof ByteBuf bytes && bytes.isReadable()) {
            place.accept(bytes.getUnsignedByte(bytes.readerIndex()));
            context.fireChannelRead(message);
            context.pipeline().remove(this);
        } else {
            context.fireChannelRead(message);
        }
    }
}
