package io.sotto.conformance.hostile;

import java.util.List;

/// The hostile inputs that take many clients, much data or a broker with tight limits. Each runs
/// alone against a broker with [#SETTINGS]; those that need one client only are tests of the suite.
///
/// In each build many are a quarter of what they are with the system property `sotto.sieges=full`;
/// what they meet, and what must hold, is the same.
public final class Sieges {
    /// The limits that the sieges meet, in the notation of `sotto.yaml`.
    public static final String SETTINGS =
            """
            sys-interval: never
            limits:
              connect-timeout: 1s
              write-timeout: 1s
              login-pause: 5s
              packet-timeout: 1s
              sessions: 600
              subscriptions: 2048
              retained: 500
              unreleased: 100
            queue:
              messages: 500
              bytes: 1MiB
            """;

    public static final List<Class<?>> ALL =
            List.of(TcpSiege.class, ConnectSiege.class, PublishSiege.class, SubscribeSiege.class);

    private static final int PART = System.getProperty("sotto.sieges", "").equals("full") ? 1 : 4;

    private Sieges() {}

    /// How many there are in this run of what is so many in full.
    public static int many(int full) {
        return full / PART;
    }
}
