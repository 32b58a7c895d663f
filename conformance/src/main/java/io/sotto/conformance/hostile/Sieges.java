package io.sotto.conformance.hostile;

import java.util.List;

/// The hostile inputs that take many clients, much data or a broker with tight limits. Each runs
/// alone against a broker with [#SETTINGS]; those that need one client only are tests of the suite.
public final class Sieges {
    /// The limits that the sieges meet, in the notation of `sotto.yaml`.
    public static final String SETTINGS =
            """
            sys-interval: never
            limits:
              connect-timeout: 1s
              write-timeout: 1s
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

    private Sieges() {}
}
