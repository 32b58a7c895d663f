package io.sotto.client;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
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

    /// MQTT over WebSocket, for each transport of another connector: TCP for `ws`, TLS for `wss`.
    ///
    /// @param host what the server is called in HTTP: its name, and its port where that is not the
    ///   usual one of the scheme
    /// @param path the path, and the query if any, as in a URL; beginning with a slash
    static Connector webSocket(Connector below, String host, String path) {
        WebSocketHandshake handshake = new WebSocketHandshake(host, path);
        return timeout -> WebSocket.open(below.open(timeout), handshake, timeout);
    }

    /// A unix socket.
    static Connector unix(Path file) {
        return _ -> over(SocketChannel.open(UnixDomainSocketAddress.of(file)));
    }

    /// A channel that is already connected.
    static Transport over(SocketChannel channel) {
        return new Transport() {
            private final InputStream input = Channels.newInputStream(channel);
            private final OutputStream output = Channels.newOutputStream(channel);

            @Override
            public InputStream input() {
                return input;
            }

            @Override
            public OutputStream output() {
                return output;
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
