package io.sotto.cli;

import io.sotto.client.Transport;
import io.sotto.client.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/// The ways to a broker that the commands can go that need more than an address: TCP from an
/// address of choice, and TLS over it.
final class Sockets {
    private Sockets() {}

    /// How TLS is spoken.
    ///
    /// @param wanted the parameters that are not those of every connection
    record Security(SSLContext context, SSLParameters wanted) {
        /// Those of a connection, with what is wanted.
        SSLParameters applied(SSLParameters usual) {
            usual.setEndpointIdentificationAlgorithm(wanted.getEndpointIdentificationAlgorithm());
            if (wanted.getProtocols() != null) {
                usual.setProtocols(wanted.getProtocols());
            }
            usual.setApplicationProtocols(wanted.getApplicationProtocols());
            return usual;
        }
    }

    /// TCP to the first address of a host that answers.
    ///
    /// @param bind the own address, or null for any
    /// @param security null for none
    static Transport.Connector tcp(
            String host, int port, @Nullable String bind, @Nullable Security security) {
        return timeout -> {
            Place place = new Place(host, port, bind);
            Socket socket = connected(place, timeout, Socket::new);
            if (security == null) {
                return Transport.over(socket);
            }
            try {
                socket.setSoTimeout(Math.toIntExact(timeout.toMillis()));
                SSLSocket secured = secured(socket, place, security);
                socket.setSoTimeout(0);
                return Transport.over(secured);
            } catch (IOException | RuntimeException failed) {
                socket.close();
                throw failed;
            }
        };
    }

    private record Place(String host, int port, @Nullable String bind) {
        @Override
        public String toString() {
            return (host.contains(":") ? "[" + host + "]:" : host + ":") + port;
        }
    }

    /// Makes what is to be connected.
    @FunctionalInterface
    private interface Maker {
        Socket make() throws IOException;
    }

    private static Socket connected(Place place, Duration timeout, Maker maker) throws IOException {
        InetAddress[] addresses;
        try {
            addresses = InetAddress.getAllByName(place.host);
        } catch (UnknownHostException e) {
            throw new IOException("no address of " + place.host + " is known", e);
        }
        IOException last = new IOException("no address of " + place.host);
        for (InetAddress address : addresses) {
            Socket socket = maker.make();
            try {
                socket.setTcpNoDelay(true);
                if (place.bind != null) {
                    bind(socket, place.bind);
                }
                socket.connect(
                        new InetSocketAddress(address, place.port),
                        Math.toIntExact(timeout.toMillis()));
                return socket;
            } catch (IOException e) {
                socket.close();
                last = e;
            }
        }
        throw new IOException(place + ": " + last.getMessage(), last);
    }

    private static void bind(Socket socket, String own) throws IOException {
        try {
            socket.bind(new InetSocketAddress(InetAddress.getByName(own), 0));
        } catch (IOException e) {
            throw new IOException(own + " is no address of this machine (-A)", e);
        }
    }

    private static SSLSocket secured(Socket plain, Place place, Security security)
            throws IOException {
        SSLSocketFactory factory = security.context.getSocketFactory();
        SSLSocket socket = (SSLSocket) factory.createSocket(plain, place.host, place.port, true);
        socket.setSSLParameters(security.applied(socket.getSSLParameters()));
        socket.startHandshake();
        return socket;
    }

    /// The same for who has one thread for many connections.
    static Wire.Opener wire(
            String host, int port, @Nullable String bind, @Nullable Security security) {
        return timeout -> {
            Place place = new Place(host, port, bind);
            SocketChannel channel =
                    connected(place, timeout, () -> SocketChannel.open().socket()).getChannel();
            if (security == null) {
                return Wire.over(channel);
            }
            SSLEngine engine = security.context.createSSLEngine(host, port);
            engine.setUseClientMode(true);
            engine.setSSLParameters(security.applied(engine.getSSLParameters()));
            return Wire.tls(channel, engine, timeout);
        };
    }
}
