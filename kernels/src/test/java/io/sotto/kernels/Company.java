package io.sotto.kernels;

import io.sotto.broker.Broker;
import io.sotto.broker.BrokerSettings;
import io.sotto.broker.Connection;
import io.sotto.broker.Shard;
import io.sotto.broker.spi.Authenticator.Accepted;
import io.sotto.broker.spi.Authorizer;
import io.sotto.broker.spi.DecisionRecorder;
import io.sotto.broker.spi.EventLog;
import io.sotto.broker.spi.MemoryJournal;
import io.sotto.broker.spi.Origin;
import io.sotto.broker.spi.Peers;
import io.sotto.broker.spi.Ports;
import io.sotto.broker.spi.Principal;
import io.sotto.mqtt.Packet;
import io.sotto.mqtt.QoS;
import java.nio.ByteBuffer;

/// A broker of one shard, and clients at links that lead nowhere.
final class Company {
    private static final Origin ORIGIN = new Origin("kernels", "127.0.0.1", 1, true);
    private static final long NOW = 1_000_000;

    private final Broker broker;
    private final Shard shard;
    private final ByteBuffer room = ByteBuffer.allocateDirect(64 * 1024);

    Company() {
        Ports ports =
                new Ports(
                        (login, answer) -> answer.accept(new Accepted(Principal.ANONYMOUS, null)),
                        Authorizer.ALLOW_ALL,
                        index -> new MemoryJournal(),
                        index -> DecisionRecorder.NONE,
                        EventLog.NONE,
                        () -> 4711,
                        Peers.NONE);
        broker = new Broker(BrokerSettings.DEFAULT, ports, 1, index -> () -> {}, NOW);
        shard = broker.shards().getFirst();
    }

    /// A client, and what the broker has sent it.
    record Member(Connection connection, CountingLink link) {}

    /// A client that has logged in, whose session ends with its connection.
    Member connect(String clientId) {
        return connect(Packets.connect(clientId));
    }

    /// A client that has logged in, whose session outlives its connection.
    Member connectKept(String clientId) {
        return connect(Packets.connectKept(clientId));
    }

    private Member connect(Packet packet) {
        CountingLink link = new CountingLink(ORIGIN, room);
        Member member = new Member(shard.accept(link, NOW), link);
        send(member, packet);
        return member;
    }

    Member subscriber(String clientId, String filter, QoS qos) {
        Member member = connect(clientId);
        send(member, Packets.subscribe(filter, qos));
        return member;
    }

    void send(Member member, Packet packet) {
        send(member, Packets.bytes(packet));
    }

    /// Sends bytes and lets the loop turn.
    void send(Member member, ByteBuffer bytes) {
        member.connection.received(bytes, NOW);
        shard.drain(NOW);
        shard.endTurn(NOW);
    }

    /// How many sessions have a client that is there.
    int connected() {
        return shard.connectedCount();
    }

    /// How many sessions there are.
    int sessions() {
        return shard.sessionCount();
    }

    /// Whether all copies of all messages are accounted for.
    boolean balances() {
        return broker.balances();
    }
}
