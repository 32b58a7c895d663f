package io.sotto.cli;

import io.sotto.client.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/// The ways to a broker that the commands can go that need more than an address: TCP from an
/// address of choice, and TLS over it.
final class Sockets {
    private Sockets() {}

    /// How TLS is spoken.
    record Security(SSLSocketFactory factory, SSLParameters parameters) {}

    /// TCP to the first address of a host that answers.
    ///
    /// @param bind the own address, or null for any
    /// @param security null for none
    static Transport.Connector tcp(
            String host, int port, @Nullable String bind, @Nullable Security security) {
        return timeout -> {
            Place place = new Place(host, port, bind);
            Socket socket = connected(place, timeout);
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

    private record Place(String host, int port, @Nullable String bind) {}

    private static Socket connected(Place place, Duration timeout) throws IOException {
        InetAddress[] addresses;
        try {
            addresses = InetAddress.getAllByName(place.host);
        } catch (UnknownHostException e) {
            throw new IOException("no address of " + place.host + " is known", e);
        }
        IOException last = new IOException("no address of " + place.host);
        for (InetAddress address : addresses) {
            Socket socket = new Socket();
            try {
                socket.setTcpNoDelay(true);
                if (place.bind != null) {
                    socket.bind(new InetSocketAddress(InetAddress.getByName(place.bind), 0));
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
        throw last;
    }

    private static SSLSocket secured(Socket plain, Place place, Security security)
            throws IOException {
        SSLSocket socket =
                (SSLSocket) security.factory.createSocket(plain, place.host, place.port, true);
        SSLParameters parameters = socket.getSSLParameters();
        SSLParameters wanted = security.parameters;
        parameters.setEndpointIdentificationAlgorithm(wanted.getEndpointIdentificationAlgorithm());
        if (wanted.getProtocols() != null) {
            parameters.setProtocols(wanted.getProtocols());
        }
        parameters.setApplicationProtocols(wanted.getApplicationProtocols());
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }
}
