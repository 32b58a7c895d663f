package io.sotto.client;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;

/// An ordered, lossless stream of bytes to and from a server [MQTT-4.2-1]. What it runs over is
/// nobody's business beyond its [Connector].
///
/// One thread reads and one writes. [#close] may come from any thread and ends both.
public interface Transport extends Closeable {
    /// What the server sends.
    InputStream input() throws IOException;

    /// What the server is sent. Nobody buffers here: a write is on its way when it returns.
    OutputStream output() throws IOException;

    /// Says that nothing more will be written, where the stream can say so. What was written must
    /// still arrive.
    default void finish() throws IOException {}

    /// Opens transports to one server, one per connection.
    @FunctionalInterface
    interface Connector {
        /// A new transport, or an exception within about the timeout.
        Transport open(Duration timeout) throws IOException;
    }

    /// Plain TCP, without delay for small packets.
    static Connector tcp(String host, int port) {
        return timeout -> {
            Socket socket = new Socket();
            try {
                socket.setTcpNoDelay(true);
                socket.connect(
                        new InetSocketAddress(host, port), Math.toIntExact(timeout.toMillis()));
            } catch (IOException | RuntimeException failed) {
                socket.close();
                throw failed;
            }
            return over(socket);
        };
    }

    /// A socket that is already connected.
    static Transport over(Socket socket) {
        return new Transport() {
            @Override
            public InputStream input() throws IOException {
                return socket.getInputStream();
            }

            @Override
            public OutputStream output() throws IOException {
                return socket.getOutputStream();
            }

            @Override
            public void finish() throws IOException {
                socket.shutdownOutput();
            }

            @Override
            public void close() throws IOException {
                socket.close();
            }
        };
    }
}
