package io.sotto.transport;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslHandler;

/// The last words to a peer, in the language of each thing that carries MQTT to it.
final class Farewell {
    private Farewell() {}

    /// Whether nothing is said beyond what MQTT has said: nothing carries it but the socket.
    static boolean isWordless(Channel channel) {
        return channel.pipeline().get(WebSocketFrames.class) == null
                && channel.pipeline().get(SslHandler.class) == null;
    }

    /// Says them behind everything that was sent.
    ///
    /// @return when all of it has left
    static ChannelFuture say(Channel channel) {
        ChannelHandlerContext frames = channel.pipeline().context(WebSocketFrames.class);
        if (frames != null && frames.handler() instanceof WebSocketFrames webSocket) {
            webSocket.sayFarewell(frames);
        }
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls == null) {
            return channel.writeAndFlush(Unpooled.EMPTY_BUFFER);
        }
        // What is not encrypted yet could not be any more behind the end of TLS.
        channel.flush();
        return tls.closeOutbound();
    }
}
