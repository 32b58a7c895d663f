package io.sotto.broker.spi;

import io.sotto.mqtt.Payload;
import java.nio.ByteBuffer;
import java.util.function.LongConsumer;

/// The broker's end of one network connection. Belongs to one shard at a time and is called by that
/// shard alone.
///
/// What is written is collected and leaves once per loop turn.
public interface Link {
    /// Why a connection ends that the peer has ended, in the words of the log.
    String LOST = "connection lost";

    /// Where the connection comes from.
    Origin origin();

    /// A buffer with room for at least this many bytes more; what is put into it counts after
    /// [#written]. Valid until then.
    ByteBuffer room(int bytes);

    /// Takes what was put into the buffer of the last [#room].
    void written();

    /// Appends a payload by reference, for those too large to be worth a copy.
    void share(Payload payload);

    /// Whether less than the high-water mark waits to leave. Once false, the transport calls
    /// `Connection.writable` when it has fallen below the low-water mark.
    boolean isWritable();

    /// Stops taking bytes from the peer, so that the peer is slowed by its own full buffers.
    void pauseReading();

    /// Whether bytes are taken from the peer.
    boolean isReading();

    /// Takes bytes again; what was received and not taken by the broker is offered again first.
    void resumeReading();

    /// Hands the link to the loop of another shard; from `arrived` on, which runs there and gets
    /// the time, all calls come from that shard. It runs also when the connection was lost on the
    /// way, of which the broker is told afterwards; where it is lost before it leaves, the present
    /// shard is told instead.
    void moveTo(int shard, LongConsumer arrived);

    /// Sends what was written, then closes, within a bound even when the peer does not read. The
    /// broker is not told again.
    void close();

    /// The peer has said that it sends no more: [#close], which follows, need not wait for it.
    default void peerIsDone() {}
}
