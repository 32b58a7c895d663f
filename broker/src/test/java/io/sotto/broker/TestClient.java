package io.sotto.broker;

import io.sotto.broker.spi.Link;
import io.sotto.broker.spi.Origin;
import io.sotto.mqtt.ConnAck;
import io.sotto.mqtt.Connect;
import io.sotto.mqtt.Packet;
import io.sotto.mqtt.Payload;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.Publish;
import io.sotto.mqtt.PublishProperties;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.RetainHandling;
import io.sotto.mqtt.Subscribe;
import io.sotto.mqtt.TopicLimits;
import io.sotto.mqtt.TopicName;
import io.sotto.mqtt.TopicNames;
import io.sotto.mqtt.Will;
import io.sotto.mqtt.codec.Decoder;
import io.sotto.mqtt.codec.DecoderLimits;
import io.sotto.mqtt.codec.Encoder;
import io.sotto.mqtt.codec.Sender;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// A client on a link in memory, at the far end of real bytes: what it sends is handled at once,
/// and what it gets is kept as packets.
final class TestClient implements Link {
    private final TestBroker broker;
    private Origin origin;
    private final ProtocolVersion version;
    private final Connection connection;
    private final Decoder decoder;
    private final List<Packet> got = new ArrayList<>();
    private ByteBuffer room = ByteBuffer.allocate(0);
    private int writableFor = Integer.MAX_VALUE;
    private boolean closed;
    private boolean paused;
    private int shared;

    TestClient(TestBroker broker, ProtocolVersion version) {
        this(broker, version, new Origin("test", "127.0.0.1", 1, true));
    }

    TestClient(TestBroker broker, ProtocolVersion version, Origin origin) {
        this.origin = origin;
        this.broker = broker;
        this.version = version;
        this.connection = broker.shard().accept(this, broker.now());
        this.decoder =
                new Decoder(
                        Sender.SERVER, DecoderLimits.DEFAULT, new TopicNames(16, TopicLimits.NONE));
        decoder.version(version);
    }

    /// It comes to another listener.
    TestClient at(String name) {
        origin = new Origin(name, origin.address(), origin.port(), origin.anonymousAllowed());
        return this;
    }

    TestClient send(Packet packet) {
        hand(packet);
        broker.settle();
        return this;
    }

    /// Sends packets that are read at once, within a turn that goes on.
    void hand(Packet... packets) {
        int size = Arrays.stream(packets).mapToInt(each -> Encoder.size(each, version)).sum();
        ByteBuffer bytes = ByteBuffer.allocate(size);
        for (Packet packet : packets) {
            Encoder.write(packet, version, bytes);
        }
        connection.received(bytes.flip(), broker.now());
    }

    TestClient connect(String clientId, boolean cleanStart, long expiry) {
        return connect(clientId, cleanStart, expiry, null);
    }

    TestClient connect(String clientId, boolean cleanStart, long expiry, @Nullable Will will) {
        return connect(clientId, cleanStart, expiry, will, 65_535);
    }

    TestClient connect(
            String clientId, boolean cleanStart, long expiry, @Nullable Will will, int window) {
        return send(connect(clientId, cleanStart, will, properties(expiry, window)));
    }

    /// Connects and says how many bytes a packet to it may have.
    TestClient connectTaking(String clientId, int maximumPacketSize) {
        Connect.Properties taking =
                new Connect.Properties(
                        0, 65_535, maximumPacketSize, 0, false, true, List.of(), null, null);
        return send(connect(clientId, true, null, taking));
    }

    /// Comes back to its session, within a turn that goes on.
    void comeBack(String clientId, long expiry) {
        hand(connect(clientId, false, null, properties(expiry, 65_535)));
    }

    private Connect connect(
            String clientId,
            boolean cleanStart,
            @Nullable Will will,
            Connect.Properties properties) {
        return new Connect(version, false, cleanStart, 0, clientId, will, null, null, properties);
    }

    TestClient connectWithKeepAlive(String clientId, int seconds) {
        return send(
                new Connect(
                        version,
                        false,
                        true,
                        seconds,
                        clientId,
                        null,
                        null,
                        null,
                        properties(0, 65_535)));
    }

    private static Connect.Properties properties(long expiry, int window) {
        return new Connect.Properties(expiry, window, 0, 0, false, true, List.of(), null, null);
    }

    TestClient subscribe(String filter, QoS qos) {
        return send(
                new Subscribe(
                        1,
                        0,
                        List.of(),
                        List.of(
                                new Subscribe.Request(
                                        filter, qos, false, false, RetainHandling.SEND))));
    }

    TestClient publish(String topic, String payload, QoS qos, boolean retain) {
        int id = qos == QoS.AT_MOST_ONCE ? 0 : 7;
        return send(
                new Publish(
                        TopicName.of(topic),
                        Payload.of(payload),
                        qos,
                        retain,
                        false,
                        id,
                        0,
                        List.of(),
                        PublishProperties.NONE));
    }

    TestClient publish(String topic, String payload, QoS qos) {
        return publish(topic, payload, qos, false);
    }

    /// The network breaks.
    void lose() {
        connection.lost("connection lost", broker.now());
        broker.settle();
    }

    /// From now on the link takes so many writes and is full then.
    void writableFor(int writes) {
        writableFor = writes;
        if (writes > 0) {
            connection.writable(broker.now());
            broker.settle();
        }
    }

    /// Takes the packets that came since the last time.
    List<Packet> take() {
        List<Packet> taken = List.copyOf(got);
        got.clear();
        return taken;
    }

    /// The payloads of the messages that came since the last time; other packets are passed over.
    List<String> messages() {
        return take().stream()
                .filter(Publish.class::isInstance)
                .map(packet ->
                        new String(
                                ((Publish) packet).payload().toByteArray(), StandardCharsets.UTF_8))
                .toList();
    }

    ConnAck connAck() {
        return (ConnAck) take().getFirst();
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public Origin origin() {
        return origin;
    }

    @Override
    public ByteBuffer room(int bytes) {
        room = ByteBuffer.allocate(bytes + 5);
        return room;
    }

    @Override
    public void written() {
        writableFor--;
        room.flip();
        for (Packet packet = decoder.read(room); packet != null; packet = decoder.read(room)) {
            got.add(packet);
        }
    }

    @Override
    public void share(Payload payload) {
        payload.writeTo(room(payload.size()));
        written();
        shared++;
    }

    /// How often it was sent something by reference.
    int timesShared() {
        return shared;
    }

    @Override
    public boolean isWritable() {
        return writableFor > 0;
    }

    /// Whether the broker does not read for now.
    boolean isPaused() {
        return paused;
    }

    @Override
    public boolean isReading() {
        return !paused;
    }

    @Override
    public void pauseReading() {
        paused = true;
    }

    @Override
    public void resumeReading() {
        paused = false;
    }

    @Override
    public void moveTo(int shard, LongConsumer arrived) {
        throw new UnsupportedOperationException("one shard only");
    }

    @Override
    public void close() {
        closed = true;
    }
}
