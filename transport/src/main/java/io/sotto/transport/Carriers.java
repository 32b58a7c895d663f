package io.sotto.transport;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelPipeline;
import org.jspecify.annotations.Nullable;

/// What may carry MQTT at a listener.
///
/// @param mqtt whether MQTT may come as it is
/// @param webSocket how WebSocket may carry it, or null when it may not
public record Carriers(boolean mqtt, @Nullable WebSocketSettings webSocket) {
    /// MQTT as it is.
    public static final Carriers PLAIN = new Carriers(true, null);

    /// The first byte of every HTTP request for a WebSocket, a GET.
    private static final int HTTP = 'G';

    /// Puts what is spoken here between a socket and its link.
    void prepare(ChannelPipeline pipeline, NettyLink link) {
        pipeline.addLast(link);
        WebSocketSettings settings = webSocket;
        if (settings == null) {
            return;
        }
        if (mqtt) {
            before(
                    link,
                    new Recognition(first -> {
                        if (first == HTTP) {
                            awaitUpgrade(link, pipeline, settings);
                        }
                    }),
                    pipeline);
        } else {
            awaitUpgrade(link, pipeline, settings);
        }
    }

    private static void awaitUpgrade(
            NettyLink link, ChannelPipeline pipeline, WebSocketSettings settings) {
        before(link, new UpgradeDecoder(), pipeline);
        before(link, new Upgrade(settings, link), pipeline);
    }

    private static void before(NettyLink link, ChannelHandler handler, ChannelPipeline pipeline) {
        pipeline.addBefore(pipeline.context(link).name(), null, handler);
    }
}
