package io.sotto.conformance;

import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A broker to be tested: where it listens, and the logins that it takes.
///
/// Without logins it has to let anonymous clients in. With two, the tests of who may do what run as
/// well.
///
/// @param webSocket where it speaks WebSocket, or null
public record Target(
        InetSocketAddress address, List<Login> logins, @Nullable InetSocketAddress webSocket) {
    /// A user with a password.
    public record Login(String user, String password) {}

    public static Target anonymous(InetSocketAddress address) {
        return new Target(address, List.of(), null);
    }
}
