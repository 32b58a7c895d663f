package io.sotto.conformance;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// A client under the test's full control: it sends packets or any other bytes, answers only when
/// told to, and states what it expects.
public final class Client implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int SUBSCRIBE_ID = 0x5B;

    private final Broker broker;
    private final RawConnection connection;
    private final Version version;
    private Optional<Packet> connAck = Optional.empty();

    Client(Broker broker, Version version, RawConnection connection) {
        this.broker = broker;
        this.version = version;
        this.connection = connection;
    }

    void limit(long bytes) {
        connection.limit(bytes);
    }

    // --- bytes

    public Client send(Bytes bytes) {
        connection.send(bytes);
        return this;
    }

    public Client send(String notation) {
        return send(Bytes.of(notation));
    }

    /// Sends a packet: its first byte, the length of the body, the body.
    public Client sendPacket(int firstByte, String body) {
        return send(Bytes.packet(firstByte, body));
    }

    /// The next packet, whatever it is.
    public Packet receive() {
        return receive("a packet", PATIENCE);
    }

    /// The next packet, or nothing when the broker closed instead.
    public Optional<Packet> receiveOrEnd() {
        return receiveOrEnd("a packet or the end", PATIENCE);
    }

    private Packet receive(String expected, Duration patience) {
        return receiveOrEnd(expected, patience)
                .orElseThrow(() ->
                        new Unexpected("expected %s, but the broker closed".formatted(expected)));
    }

    /// A packet that announces the end is believed only when the end of the stream was read behind
    /// it.
    private Optional<Packet> receiveOrEnd(String expected, Duration patience) {
        Optional<Packet> packet = connection.receiveOrEnd(version, expected, patience);
        packet.filter(Packet::announcesTheEnd).ifPresent(last -> expectClosed());
        return packet;
    }

    public Packet expect(PacketType type) {
        return expect(type, PATIENCE);
    }

    public Packet expect(PacketType type, Duration patience) {
        Packet packet = receive(type.toString(), patience);
        Unexpected.unless(packet.type() == type, "expected %s, got %s", type, packet);
        return packet;
    }

    /// The next packet, if the broker offers what leads to it: else it closes, or nothing comes.
    public Packet expectOffered(PacketType type, String feature) {
        try {
            Packet packet =
                    receiveOrEnd(type.toString(), PATIENCE)
                            .filter(it -> !it.announcesTheEnd())
                            .orElseThrow(() -> new NotOffered(feature));
            Unexpected.unless(packet.type() == type, "expected %s, got %s", type, packet);
            return packet;
        } catch (Unexpected.Silence e) {
            throw new NotOffered(feature);
        }
    }

    /// A message that comes though so many earlier ones are not acknowledged, which a broker may
    /// refrain from.
    public Packet expectInFlight(int earlier, String topic, String payload) {
        if (earlier == 0) {
            return expectPublish(topic, payload);
        }
        Packet publish = expectOffered(PacketType.PUBLISH, "several messages in flight at a time");
        expectContent(publish, topic, payload);
        return publish;
    }

    /// The next packet, byte by byte.
    public void expectBytes(String notation) {
        Bytes expected = Bytes.of(notation);
        Packet packet = receive(expected.toString(), PATIENCE);
        Unexpected.unless(packet.bytes().equals(expected), "expected %s, got %s", expected, packet);
    }

    // --- the end

    /// The broker closes, and sends nothing before.
    public void expectClosed() {
        expectClosed(PATIENCE);
    }

    public void expectClosed(Duration patience) {
        connection
                .receiveOrEnd(version, "the end of the connection", patience)
                .ifPresent(packet -> {
                    throw new Unexpected("expected only the end, got " + packet);
                });
    }

    /// A violation ends the connection; MQTT 5.0 recommends to tell why first, with one of these
    /// codes.
    public void expectViolation(Integer... codes) {
        Optional<Packet> last = violated(PATIENCE, PacketType.DISCONNECT);
        last.ifPresent(packet -> expectGoodbye(packet, codes));
        broker.recommended(
                last.isPresent() || !version.hasProperties(),
                "closed without a DISCONNECT of code %s",
                shown(codes));
    }

    /// The end after a violation, in MQTT 5.0 perhaps with a last packet that says why.
    private Optional<Packet> violated(Duration patience, PacketType lastType) {
        try {
            Optional<Packet> last = receiveOrEnd("the end of the connection", patience);
            last.filter(packet -> packet.type() != lastType || packet.reason() == 0)
                    .ifPresent(packet -> {
                        throw new Lenient("expected the end, got " + packet);
                    });
            Unexpected.unless(
                    last.isEmpty() || version.hasProperties(),
                    "expected the end and nothing before it, got %s",
                    last);
            return last;
        } catch (Unexpected.Silence e) {
            throw new Lenient("expected the end, but nothing came");
        }
    }

    /// The end, as a careful broker brings it about where the standard leaves it open.
    public void recommendEnd(Duration patience, String cause) {
        try {
            receiveOrEnd("the end of the connection", patience)
                    .ifPresent(packet ->
                            Unexpected.unless(
                                    packet.announcesTheEnd(), "expected the end, got %s", packet));
        } catch (Unexpected.Silence e) {
            broker.recommended(false, "%s is not closed within %d s", cause, patience.toSeconds());
        }
    }

    /// The end within fifteen seconds; DISCONNECT with one of these codes may come before.
    public void expectOptionalDisconnect(Integer... codes) {
        expectOptionalDisconnect(Duration.ofSeconds(15), codes);
    }

    public void expectOptionalDisconnect(Duration patience, Integer... codes) {
        receiveOrEnd("DISCONNECT or the end", patience)
                .ifPresent(packet -> expectGoodbye(packet, codes));
    }

    private void expectGoodbye(Packet packet, Integer... codes) {
        Unexpected.unless(
                packet.type() == PacketType.DISCONNECT && packet.reason() >= 0x80,
                "expected the end, got %s",
                packet);
        broker.recommended(
                Arrays.asList(codes).contains(packet.reason()),
                "code 0x%02X instead of %s",
                packet.reason(),
                shown(codes));
    }

    /// A broken CONNECT: MQTT 5.0 may be told why in a CONNACK, older versions never; then the end.
    public void expectConnectViolation(Integer... codes) {
        expectConnectViolation(PATIENCE, codes);
    }

    public void expectConnectViolation(Duration patience, Integer... codes) {
        violated(patience, PacketType.CONNACK)
                .ifPresent(packet ->
                        broker.recommended(
                                Arrays.asList(codes).contains(packet.reason()),
                                "code 0x%02X instead of %s",
                                packet.reason(),
                                shown(codes)));
    }

    /// A CONNECT that is understood but refused: CONNACK with one of these codes, then the end.
    public Packet expectRefused(Integer... codes) {
        Packet refusal = expect(PacketType.CONNACK);
        expectRefusal(refusal, codes);
        return refusal;
    }

    /// The broker takes the CONNECT, or refuses it with one of these codes and closes.
    public void expectAcceptedOrRefused(Integer... codes) {
        Packet packet = expect(PacketType.CONNACK);
        if (packet.reason() != 0) {
            expectRefusal(packet, codes);
        }
    }

    private static void expectRefusal(Packet packet, Integer... codes) {
        Unexpected.unless(packet.type() == PacketType.CONNACK, "expected CONNACK, got %s", packet);
        expectReason(packet, codes);
    }

    private static void expectReason(Packet packet, Integer... codes) {
        Unexpected.unless(
                Arrays.asList(codes).contains(packet.reason()),
                "expected code %s, got %s",
                shown(codes),
                packet);
    }

    private static String shown(Integer... codes) {
        return Arrays.stream(codes).map("0x%02X"::formatted).collect(Collectors.joining(" or "));
    }

    /// Leaves without DISCONNECT and returns when the broker has closed too.
    public void drop() {
        connection.closeOutput();
        connection.drain(PATIENCE);
        close();
    }

    /// Leaves with DISCONNECT and returns when the broker has closed.
    public void disconnect() {
        send("E0 00");
        connection.drain(PATIENCE);
        close();
    }

    /// Leaves with DISCONNECT and a reason code.
    public void disconnect(int code) {
        sendPacket(0xE0, "%02X 00".formatted(code));
        connection.drain(PATIENCE);
        close();
    }

    public void reset() {
        connection.reset();
    }

    @Override
    public void close() {
        connection.close();
    }

    // --- connected

    Client accepted() {
        return accepted(expect(PacketType.CONNACK));
    }

    /// Goes on with a CONNACK that was received.
    public Client accepted(Packet packet) {
        Unexpected.unless(packet.reason() == 0, "CONNECT was refused: %s", packet);
        connAck = Optional.of(packet);
        return this;
    }

    public Packet connAck() {
        return connAck.orElseThrow();
    }

    /// Nothing is under way to this client: a PINGREQ brings PINGRESP and nothing before it.
    public void expectNothing() {
        send("C0 00");
        expect(PacketType.PINGRESP);
    }

    /// Nothing that this publisher sent before came to this client.
    public void expectNothingFrom(Client publisher) {
        String marker = broker.topic("marker");
        subscribe(marker, 0);
        publisher.publish(Publish.to(marker, "marker"));
        expectPublish(marker, "marker");
    }

    /// Whether another message comes in time; its handshake is carried through.
    public boolean receives(Duration patience) {
        try {
            acknowledge(expect(PacketType.PUBLISH, patience));
            return true;
        } catch (Unexpected.Silence e) {
            return false;
        }
    }

    /// The messages that came to this client of what this publisher sent before.
    public List<Packet> messagesFrom(Client publisher) {
        String marker = broker.topic("marker");
        sendSubscribe(SUBSCRIBE_ID, marker, 0, "");
        List<Packet> messages = messagesUntil(packet -> packet.type() == PacketType.SUBACK);
        publisher.publish(Publish.to(marker, "marker"));
        messages.addAll(messagesUntil(packet -> packet.topic().equals(marker)));
        return messages;
    }

    private List<Packet> messagesUntil(Predicate<Packet> last) {
        List<Packet> messages = new ArrayList<>();
        for (Packet packet = receive(); !last.test(packet); packet = receive()) {
            Unexpected.unless(packet.type() == PacketType.PUBLISH, "not expected: %s", packet);
            acknowledge(packet);
            messages.add(packet);
        }
        return messages;
    }

    /// No message of this topic is among what is under way to this client.
    public void expectNoTopic(String topic) {
        send("C0 00");
        Packet packet = receive();
        while (packet.type() != PacketType.PINGRESP) {
            Unexpected.unless(!packet.topic().equals(topic), "not expected: %s", packet);
            packet = receive();
        }
    }

    // --- subscriptions

    /// Subscribes; without the QoS the test does not apply.
    public void subscribe(String filter, int qos) {
        subscribe(filter, qos, "");
    }

    /// Subscribes with the options byte and properties of MQTT 5.0.
    public void subscribe(String filter, int options, String properties) {
        int code = subscribeForCode(filter, options, properties);
        if (code < (options & 3)) {
            throw new NotOffered("QoS %d for %s".formatted(options & 3, filter));
        }
        Unexpected.unless(
                code == (options & 3), "%s was granted 0x%02X instead of its QoS", filter, code);
    }

    public int subscribeForCode(String filter, int options, String properties) {
        sendSubscribe(SUBSCRIBE_ID, filter, options, properties);
        Packet subAck = expect(PacketType.SUBACK);
        Unexpected.unless(subAck.id() == SUBSCRIBE_ID, "another packet identifier: %s", subAck);
        Unexpected.unless(subAck.codes().size() == 1, "one filter, one code: %s", subAck);
        return subAck.reason();
    }

    public void sendSubscribe(int id, String filter, int options, String properties) {
        String list = version.hasProperties() ? Property.list(properties) : "";
        sendPacket(0x82, "%04X %s <%s> %02X".formatted(id, list, filter, options));
    }

    public Packet unsubscribe(String filter) {
        sendPacket(0xA2, "%04X %s <%s>".formatted(SUBSCRIBE_ID, noProperties(), filter));
        Packet unsubAck = expect(PacketType.UNSUBACK);
        Unexpected.unless(unsubAck.id() == SUBSCRIBE_ID, "another packet identifier: %s", unsubAck);
        return unsubAck;
    }

    /// An empty list of properties where the version has one.
    public String noProperties() {
        return version.hasProperties() ? "00" : "";
    }

    // --- messages out

    public Client send(Publish publish) {
        return send(publish.bytes(version));
    }

    /// Publishes and carries the handshake of its QoS through.
    public void publish(Publish publish) {
        send(publish);
        if (publish.qos() == 1) {
            expectAck(PacketType.PUBACK, publish.id());
        } else if (publish.qos() == 2) {
            expectAck(PacketType.PUBREC, publish.id());
            release(publish.id());
        }
    }

    /// The broker has dealt with everything that was sent so far, messages of QoS 0 too.
    public void settle() {
        publish(Publish.to(broker.topic("settled"), "settled").qos(1, 65_535));
    }

    public void publish(String topic, String payload) {
        publish(Publish.to(topic, payload));
    }

    /// PUBREL, answered by PUBCOMP.
    public void release(int id) {
        sendAck(PacketType.PUBREL, id);
        expectAck(PacketType.PUBCOMP, id);
    }

    public Packet expectAck(PacketType type, int id) {
        Packet ack = expect(type);
        Unexpected.unless(ack.id() == id, "expected identifier %d: %s", id, ack);
        Unexpected.unless(ack.reason() < 0x80, "expected success: %s", ack);
        return ack;
    }

    // --- authentication

    /// AUTH with a reason code and properties in notation.
    public Client sendAuth(int code, String properties) {
        return sendPacket(0xF0, "%02X %s".formatted(code, Property.list(properties)));
    }

    public Packet expectAuth(int code) {
        Packet auth = expect(PacketType.AUTH);
        Unexpected.unless(auth.reason() == code, "expected code 0x%02X: %s", code, auth);
        return auth;
    }

    // --- messages in

    public void sendAck(PacketType type, int id) {
        sendPacket(type.firstByte(), "%04X".formatted(id));
    }

    public Packet expectPublish(String topic, String payload) {
        return expectPublish(topic, payload, PATIENCE);
    }

    public Packet expectPublish(String topic, String payload, Duration patience) {
        Packet publish = expect(PacketType.PUBLISH, patience);
        expectContent(publish, topic, payload);
        return publish;
    }

    private static void expectContent(Packet publish, String topic, String payload) {
        Unexpected.unless(publish.topic().equals(topic), "expected topic %s: %s", topic, publish);
        String got = publish.payload().text();
        Unexpected.unless(got.equals(payload), "expected payload '%s', got '%s'", payload, got);
    }

    /// Receives a message and carries the handshake of its QoS through.
    public Packet take(String topic, String payload) {
        Packet publish = expectPublish(topic, payload);
        acknowledge(publish);
        return publish;
    }

    public void acknowledge(Packet publish) {
        if (publish.qos() == 1) {
            sendAck(PacketType.PUBACK, publish.id());
        } else if (publish.qos() == 2) {
            sendAck(PacketType.PUBREC, publish.id());
            expectAck(PacketType.PUBREL, publish.id());
            sendAck(PacketType.PUBCOMP, publish.id());
        }
    }

    /// Receives so many messages, whose handshakes may overlap, and carries them all through.
    public List<Packet> takeAll(int count) {
        List<Packet> messages = new ArrayList<>();
        int open = 0;
        while (messages.size() < count || open > 0) {
            Packet packet = receive();
            if (packet.type() == PacketType.PUBREL) {
                sendAck(PacketType.PUBCOMP, packet.id());
                open--;
            } else {
                Unexpected.unless(
                        packet.type() == PacketType.PUBLISH, "expected PUBLISH, got %s", packet);
                messages.add(packet);
                if (packet.qos() == 1) {
                    sendAck(PacketType.PUBACK, packet.id());
                } else if (packet.qos() == 2) {
                    sendAck(PacketType.PUBREC, packet.id());
                    open++;
                }
            }
        }
        return messages;
    }
}
