package io.sotto.conformance;

import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A broker to be tested: how it is reached, and the logins that it takes.
///
/// Without logins it has to let anonymous clients in. With two, the tests of who may do what run as
/// well, and with a login by SCRAM those of enhanced authentication.
///
/// @param webSocket where it speaks WebSocket, or null
/// @param full whether its disk has no room, so that it can keep nothing more
public record Target(
        Carrier carrier,
        List<Login> logins,
        @Nullable Scram scram,
        @Nullable InetSocketAddress webSocket,
        boolean full) {
    /// A user with a password.
    public record Login(String user, String password) {}

    /// A user who may log in by an authentication method of SCRAM.
    ///
    /// @param method `SCRAM-SHA-1`, `SCRAM-SHA-256` or `SCRAM-SHA-512`
    public record Scram(String method, Login login) {}

    public static Target of(Carrier carrier) {
        return new Target(carrier, List.of(), null, null, false);
    }

    public static Target anonymous(InetSocketAddress address) {
        return of(Carrier.tcp(address));
    }

    public Target with(List<Login> users) {
        return new Target(carrier, users, scram, webSocket, full);
    }

    public Target with(Scram login) {
        return new Target(carrier, logins, login, webSocket, full);
    }

    /// The same, which speaks WebSocket there.
    public Target withWebSocket(InetSocketAddress at) {
        return new Target(carrier, logins, scram, at, full);
    }

    /// The same, whose disk has no room.
    public Target withFullDisk() {
        return new Target(carrier, logins, scram, webSocket, true);
    }
}
