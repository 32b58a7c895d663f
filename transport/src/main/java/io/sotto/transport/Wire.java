package io.sotto.transport;

import java.util.function.LongConsumer;

/// What a [ByteLink] has of the network: a socket of our own ([EpollWire]) or a channel of Netty's
/// ([NettyWire]). Belongs to the loop of its link.
///
/// It tells its link what happens: [ByteLink#received], [ByteLink#hasRoom], [ByteLink#ended].
interface Wire extends Outlet {
    /// Whether bytes are taken from the peer. Who sends no more is noticed anyway.
    void reading(boolean wanted);

    /// Hands over to another loop: [ByteLink#leave] runs on the present one, then [ByteLink#arrive]
    /// on the other, whatever happens on the way; or [ByteLink#stay] on the present one, where the
    /// wire is closed before it leaves, or the other has ended.
    void moveTo(ShardLoop target, LongConsumer arrived);

    /// Whether it is open, and its loop hears of it.
    boolean isConnected();

    /// Whether nothing is said to the peer beyond what MQTT has said: nothing carries it but the
    /// socket.
    boolean isWordless();

    /// Says what is to be said behind everything that was sent, then ends this side and reads until
    /// the peer has ended its own.
    void sayFarewell();

    /// For how long the peer has taken nothing, in milliseconds.
    long stalled(Stall stall, long now);

    /// Closes at once. The link is told later, or at once where it is closed itself and nothing was
    /// left to be sent.
    void close();
}
