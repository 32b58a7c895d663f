package io.sotto.transport;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;

/// The last words to a peer, in the language of each thing that carries MQTT to it.
final class Farewell {
    private Farewell() {}

    /// Says them behind everything that was sent.
    ///
    /// @return when all of it has left
    static ChannelFuture say(Channel channel) {
        ChannelHandlerContext frames = channel.pipeline().context(WebSocketFrames.class);
        if (frames != null && frames.handler() instanceof WebSocketFrames webSocket) {
            webSocket.sayFarewell(frames);
        }
        return channel.writeAndFlush(Unpooled.EMPTY_BUFFER);
    }
}
