package io.sotto.server.mosquitto;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.SocketException;
import org.jspecify.annotations.Nullable;

/// What a configuration of Mosquitto leaves to the machine that it is read on.
public interface Machine {
    /// Whether it speaks IPv6.
    boolean hasIpv6();

    /// An address of a network device, or null when there is no such device.
    @Nullable String address(String device);

    /// This machine.
    static Machine here() {
        return new Machine() {
            @Override
            public boolean hasIpv6() {
                try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.ofLiteral("::1"))) {
                    return probe.isBound();
                } catch (IOException e) {
                    return false;
                }
            }

            @Override
            public @Nullable String address(String device) {
                try {
                    NetworkInterface network = NetworkInterface.getByName(device);
                    return network == null
                            ? null
                            : network.inetAddresses()
                                    .filter(address -> address.getAddress().length == 4)
                                    .map(InetAddress::getHostAddress)
                                    .findFirst()
                                    .orElse(null);
                } catch (SocketException e) {
                    return null;
                }
            }
        };
    }
}
