package io.sotto.testkit.link;

import io.sotto.broker.Broker;
import io.sotto.broker.BrokerSettings;
import io.sotto.broker.Shard;
import io.sotto.broker.spi.Authenticator;
import io.sotto.broker.spi.Authorizer;
import io.sotto.broker.spi.DecisionRecorder;
import io.sotto.broker.spi.EventLog;
import io.sotto.broker.spi.MemoryJournal;
import io.sotto.broker.spi.Peers;
import io.sotto.broker.spi.Ports;
import io.sotto.broker.spi.Principal;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.ReasonCode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// A whole broker in the thread of its caller, with a clock that the caller moves. Everybody may
/// log in and do everything, but by no method of authentication.
public final class WholeBroker {
    /// A login takes a move and a letter, a message between shards another.
    private static final int TURNS = 8;

    private final Broker broker;
    private final List<RawClient> clients = new ArrayList<>();
    private final List<String> errors = new ArrayList<>();
    private long now = 1_000_000;
    private long entropy;

    /// @param shards at least 1
    public WholeBroker(BrokerSettings settings, int shards) {
        Ports ports =
                new Ports(
                        WholeBroker::authenticate,
                        Authorizer.ALLOW_ALL,
                        shard -> new MemoryJournal(),
                        shard -> DecisionRecorder.NONE,
                        this::event,
                        () -> ++entropy,
                        Peers.NONE);
        this.broker = new Broker(settings, ports, shards, shard -> () -> {}, now);
    }

    private static void authenticate(
            Authenticator.Login login, Consumer<Authenticator.Outcome> answer) {
        answer.accept(
                login.method() == null
                        ? new Authenticator.Accepted(Principal.ANONYMOUS, null)
                        : new Authenticator.Refused(
                                ReasonCode.BAD_AUTHENTICATION_METHOD,
                                "no method of authentication is known",
                                "named the method " + login.method()));
    }

    private void event(EventLog.Severity severity, String sentence) {
        if (severity == EventLog.Severity.ERROR) {
            errors.add(sentence);
        }
    }

    /// A new connection.
    ///
    /// @param version in which the broker's packets are read
    public RawClient client(ProtocolVersion version) {
        RecordingLink link = new RecordingLink("127.0.0.1", version);
        RawClient client = new RawClient(this, link, broker.shards().getFirst().accept(link, now));
        clients.add(client);
        return client;
    }

    /// Lets all loops turn until nothing is left to do.
    public void settle() {
        for (int turn = 0; turn < TURNS || hasMail(); turn++) {
            clients.forEach(client -> client.offer(now));
            for (Shard shard : broker.shards()) {
                shard.drain(now);
                shard.endTurn(now);
            }
        }
        clients.removeIf(client -> client.link().isClosed());
    }

    private boolean hasMail() {
        return broker.shards().stream().anyMatch(shard -> shard.mailCount() > 0);
    }

    /// Lets time pass.
    public void sleep(long millis) {
        now += millis;
        broker.shards().forEach(shard -> shard.tick(now));
        settle();
    }

    long now() {
        return now;
    }

    /// Whether all copies of all messages are accounted for.
    public boolean balances() {
        return broker.balances();
    }

    /// The faults of its own that the broker has reported.
    public List<String> errors() {
        return List.copyOf(errors);
    }
}
