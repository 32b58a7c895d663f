package io.sotto.server.crash;

import io.sotto.client.Backoff;
import io.sotto.client.Client;
import io.sotto.client.ClientLimits;
import io.sotto.client.ClientOptions;
import io.sotto.client.ClientSession;
import io.sotto.mqtt.ProtocolVersion;
import java.time.Duration;

/// A client with a session that outlives everything: the broker's lives and its own connections.
final class Member {
    static final int WINDOW = 32;
    private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(5), Duration.ofMillis(50));
    private static final long EXPIRY = 100_000;

    private final String id;
    private final SessionWitness witness;
    private final ClientOptions options;

    Member(Broker broker, Ledger ledger, String id, ProtocolVersion version) {
        this.id = id;
        this.witness = new SessionWitness(broker.connector(), id, ledger);
        this.options =
                ClientOptions.of(witness)
                        .version(version)
                        .clientId(id)
                        .cleanStart(false)
                        .sessionExpiryInterval(version.hasProperties() ? EXPIRY : 0)
                        .session(new ClientSession())
                        .limits(
                                ClientLimits.DEFAULT
                                        .timeout(Duration.ofSeconds(60))
                                        .inflight(WINDOW))
                        .reconnect(BACKOFF);
    }

    String id() {
        return id;
    }

    /// Connects, for the first time or to resume.
    Client connect() {
        Client client = Client.connect(options);
        witness.established();
        return client;
    }
}
