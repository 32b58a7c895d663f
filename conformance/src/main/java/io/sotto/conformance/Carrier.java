package io.sotto.conformance;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/// How bytes reach the broker under test. The tests are the same over every carrier.
@FunctionalInterface
public interface Carrier {
    /// A new connection.
    ///
    /// @param receiveBuffer how many bytes may wait here unread, about; 0 for what is usual
    Stream open(int receiveBuffer) throws IOException;

    /// Both directions of a connection. The end of the input is the end of the connection, or of
    /// the broker's half of it.
    interface Stream extends Closeable {
        InputStream input() throws IOException;

        /// Nothing is buffered: a write is on its way when it returns.
        OutputStream output() throws IOException;

        /// For how long the next reads may wait, before they throw a [SocketTimeoutException]; in
        /// milliseconds, above 0.
        void patience(int millis) throws IOException;

        /// Ends our direction only, in order.
        void finish() throws IOException;

        /// Ends both directions as a crash of the machine would, without any goodbye.
        void reset() throws IOException;
    }

    /// Plain TCP.
    static Carrier tcp(InetSocketAddress address) {
        return receiveBuffer -> {
            Socket socket = connect(address, receiveBuffer);
            return new SocketStream(socket, socket);
        };
    }

    /// TLS over TCP.
    ///
    /// @param context whom we trust, and who we are
    /// @param named whether the certificate has to be that of the address's host name
    static Carrier tls(InetSocketAddress address, SSLContext context, boolean named) {
        return receiveBuffer -> {
            Socket plain = connect(address, receiveBuffer);
            try {
                SSLSocket secure =
                        (SSLSocket)
                                context.getSocketFactory()
                                        .createSocket(
                                                plain,
                                                address.getHostString(),
                                                address.getPort(),
                                                true);
                SSLParameters parameters = secure.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm(named ? "HTTPS" : "");
                secure.setSSLParameters(parameters);
                secure.setSoTimeout(SocketStream.CONNECT_MILLIS);
                secure.startHandshake();
                return new SocketStream(secure, plain);
            } catch (IOException | RuntimeException e) {
                plain.close();
                throw e;
            }
        };
    }

    /// WebSocket over another carrier, at the path `/mqtt`.
    static Carrier webSocket(Carrier below) {
        return receiveBuffer -> {
            Stream stream = below.open(receiveBuffer);
            try {
                return new WebSocketStream(stream);
            } catch (IOException | RuntimeException e) {
                stream.close();
                throw e;
            }
        };
    }

    private static Socket connect(InetSocketAddress address, int receiveBuffer) throws IOException {
        Socket socket = new Socket();
        try {
            if (receiveBuffer > 0) {
                socket.setReceiveBufferSize(receiveBuffer);
            }
            socket.setTcpNoDelay(true);
            // Names are looked up again: a name that was not known then may be known now.
            socket.connect(
                    new InetSocketAddress(address.getHostString(), address.getPort()),
                    SocketStream.CONNECT_MILLIS);
            return socket;
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }
}
