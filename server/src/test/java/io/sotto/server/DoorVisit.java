package io.sotto.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.conformance.Broker;
import io.sotto.conformance.Client;
import io.sotto.conformance.Connect;
import io.sotto.conformance.Packet;
import io.sotto.conformance.PacketType;
import io.sotto.conformance.Publish;
import io.sotto.conformance.Target;
import io.sotto.conformance.Version;
import io.sotto.server.DoorRow.Verdict;
import java.util.ArrayList;
import java.util.List;

/// What happens at one door in one row of the table.
final class DoorVisit implements AutoCloseable {
    private static final int NOT_AUTHORIZED = 0x87;
    private static final int MARKER_ID = 0x77;

    private final LiveBroker live;
    private final DoorRow row;
    private final int number;
    private final Broker broker;
    private final Client eye;

    /// @param number of the row, in the names of all that it makes
    DoorVisit(LiveBroker live, DoorRow row, int number) {
        this.live = live;
        this.row = row;
        this.number = number;
        live.rewrite(DoorRules.BASE);
        Target target =
                Target.of(row.tls() ? live.tls() : live.tcp())
                        .with(List.of(DoorRules.actor(row.by())));
        this.broker = Broker.of(target, row.version(), "d" + number + "x");
        this.eye = broker.connectAnonymously().login(DoorRules.EYE).version(Version.V5).open();
    }

    DoorRow row() {
        return row;
    }

    int qos() {
        return row.qos();
    }

    boolean isModern() {
        return row.version() == Version.V5;
    }

    Broker broker() {
        return broker;
    }

    /// Who sees everything.
    Client eye() {
        return eye;
    }

    /// A topic of this row, where the rules say what the row says.
    String topic() {
        return (row.verdict() == Verdict.DENIED ? "no/" : "yes/") + number;
    }

    /// The same, within what the actor may subscribe to in any case.
    String mixedTopic() {
        return "mix/" + topic();
    }

    /// What the actor may subscribe to in any case.
    String mixedFilter() {
        return "mix/+/" + number;
    }

    /// A topic below one of two, of which the second denies.
    String topic(String open, String closed) {
        return (row.verdict() == Verdict.DENIED ? closed : open) + number;
    }

    /// Now the right goes, if this is a row in which it does.
    void meanwhile(String revoked) {
        if (row.verdict() == Verdict.REVOKED) {
            live.rewrite(revoked);
        }
    }

    /// The right to everything below the topics of this row.
    void meanwhile() {
        meanwhile(DoorRules.without("yes/%1$d/#, mix/yes/%1$d/#".formatted(number)));
    }

    Connect connect() {
        return broker.connect().id("actor" + number);
    }

    /// Publishes at the QoS of the row and carries the handshake through; the answer is the one
    /// that a client of its version gets whose right is this.
    void publish(Client client, Publish publish, boolean may) {
        client.send(publish.qos(qos(), 9));
        if (qos() > 0) {
            Packet ack = client.expect(qos() == 1 ? PacketType.PUBACK : PacketType.PUBREC);
            int expected = may || !isModern() ? 0 : NOT_AUTHORIZED;
            assertThat(ack.reason() & 0x80).isEqualTo(expected & 0x80);
            if (expected != 0) {
                assertThat(ack.reason()).isEqualTo(expected);
            } else if (qos() == 2) {
                client.release(9);
            }
        }
    }

    boolean mayNow() {
        return row.verdict() == Verdict.ALLOWED;
    }

    /// Whether a message with this payload came to a client, before what this publisher sends now.
    boolean came(Client client, Client publisher, String payload) {
        return messages(client, publisher).stream()
                .anyMatch(message -> message.payload().text().equals(payload));
    }

    /// All messages that came to a client, resent ones too, before what this publisher sends now.
    List<Packet> messages(Client client, Client publisher) {
        String marker = broker.topic("marker");
        List<Packet> messages = new ArrayList<>();
        client.sendSubscribe(MARKER_ID, marker, 0, "");
        Packet packet = client.receive();
        while (packet.type() != PacketType.SUBACK) {
            answer(client, packet, messages);
            packet = client.receive();
        }
        assertThat(packet.reason()).isZero();
        publisher.publish(Publish.to(marker, "marker"));
        packet = client.receive();
        while (!packet.topic().equals(marker)) {
            answer(client, packet, messages);
            packet = client.receive();
        }
        return messages;
    }

    private static void answer(Client client, Packet packet, List<Packet> messages) {
        if (packet.type() == PacketType.PUBREL) {
            client.sendAck(PacketType.PUBCOMP, packet.id());
            return;
        }
        assertThat(packet.type()).isEqualTo(PacketType.PUBLISH);
        messages.add(packet);
        if (packet.qos() > 0) {
            client.sendAck(packet.qos() == 1 ? PacketType.PUBACK : PacketType.PUBREC, packet.id());
        }
    }

    /// A CONNECT that is answered with one of two codes; whether it was let in.
    boolean isLetIn(Client client, int modernCode, int oldCode) {
        Packet connAck = client.expect(PacketType.CONNACK);
        if (connAck.reason() == 0) {
            client.accepted(connAck);
            return true;
        }
        assertThat(connAck.reason()).isEqualTo(isModern() ? modernCode : oldCode);
        return false;
    }

    @Override
    public void close() {
        live.rewrite(DoorRules.BASE);
        broker.close();
    }
}
