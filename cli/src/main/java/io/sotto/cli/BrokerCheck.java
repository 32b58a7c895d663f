package io.sotto.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// The tests that a broker is held against. Who builds the program supplies them, so that this
/// module stays without them.
public interface BrokerCheck {
    /// Runs what is asked for and writes a report.
    ///
    /// @throws IOException when the broker cannot be reached
    Outcome run(Request request, PrintWriter out) throws IOException;

    /// What came of it.
    enum Outcome {
        PASSED,
        FAILED,
        /// No test has a name or a statement that was asked for.
        NOTHING_TO_RUN
    }

    /// What is asked for.
    ///
    /// @param tls how the connection is secured, or null for plain TCP
    /// @param logins none where anonymous clients are admitted; a second one for tests of two users
    /// @param scram the authentication method by which the first login may be made too, or null
    /// @param diskFull whether the broker's disk has no room
    /// @param webSocket where the broker speaks WebSocket, or null where that is not tested
    /// @param only patterns of test names or statements; none for all
    /// @param strict whether a recommendation that is not kept counts as a failure
    /// @param json whether the report is for programs
    record Request(
            InetSocketAddress broker,
            @Nullable Tls tls,
            List<Login> logins,
            @Nullable String scram,
            boolean diskFull,
            @Nullable InetSocketAddress webSocket,
            List<String> only,
            boolean strict,
            boolean json) {}

    /// A user with a password.
    record Login(String user, String password) {}

    /// How a connection is secured.
    ///
    /// @param context whom we trust, and who we are
    /// @param named whether the certificate has to be that of the host
    record Tls(SSLContext context, boolean named) {}
}
