package io.sotto.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import org.jspecify.annotations.Nullable;

/// Watches whether a peer takes anything at all of what waits for it.
final class Stall {
    private @Nullable Object first;
    private long progress;
    private long since;

    Stall(long now) {
        since = now;
    }

    /// For how long the peer has taken nothing, in milliseconds.
    @SuppressWarnings("ReferenceEquality") // the same buffer, not an equal one
    long length(Channel channel, long now) {
        ChannelOutboundBuffer queue = channel.unsafe().outboundBuffer();
        Object present = queue == null ? null : queue.current();
        long sent = queue == null ? 0 : queue.currentProgress();
        if (present != first || sent != progress) {
            first = present;
            progress = sent;
            since = now;
        }
        return now - since;
    }
}
