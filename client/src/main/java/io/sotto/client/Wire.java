package io.sotto.client;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import javax.net.ssl.SSLEngine;

/// The bytes to and from a server, for who has one thread for many connections: like a [Transport],
/// and waits for nothing while its channel does not. It is opened on a channel that waits.
///
/// One thread reads; writing is for one at a time.
public interface Wire extends Closeable {
    /// Whose readiness says when there is something to read, or room to write.
    SocketChannel channel();

    /// Reads what has come. Where room is left in the buffer, that was all, and the channel says
    /// when there is more.
    ///
    /// @return how many bytes, or -1 at the end
    int read(ByteBuffer to) throws IOException;

    /// Takes what has room on its way, and leaves the rest in the buffer.
    ///
    /// @param from may be empty, for what the wire itself holds back
    /// @return whether nothing is left, here or there; else the channel says when to write again
    boolean write(ByteBuffer from) throws IOException;

    /// Says that nothing more will be written. What was written must still arrive.
    void finish() throws IOException;

    /// Opens wires to one server, one per connection.
    @FunctionalInterface
    interface Opener {
        /// A new wire, or an exception within about the timeout.
        Wire open(Duration timeout) throws IOException;
    }

    /// A channel that is already connected, as it is.
    static Wire over(SocketChannel channel) {
        return new Wire() {
            @Override
            public SocketChannel channel() {
                return channel;
            }

            @Override
            public int read(ByteBuffer to) throws IOException {
                return channel.read(to);
            }

            @Override
            public boolean write(ByteBuffer from) throws IOException {
                channel.write(from);
                return !from.hasRemaining();
            }

            @Override
            public void finish() throws IOException {
                channel.shutdownOutput();
            }

            @Override
            public void close() throws IOException {
                channel.close();
            }
        };
    }

    /// TLS on a channel that is connected, and waits. It is closed when the server does not agree
    /// within the timeout.
    ///
    /// @param engine a client's, on which nothing has begun
    static Wire tls(SocketChannel channel, SSLEngine engine, Duration timeout) throws IOException {
        return TlsWire.open(channel, engine, timeout);
    }

    /// MQTT over WebSocket, for each wire of another opener: TCP for `ws`, TLS for `wss`.
    ///
    /// @param host as in [Transport#webSocket]
    /// @param path as in [Transport#webSocket]
    static Opener webSocket(Opener below, String host, String path) {
        WebSocketHandshake handshake = new WebSocketHandshake(host, path);
        return timeout -> WebSocketWire.open(below.open(timeout), handshake, timeout);
    }
}
