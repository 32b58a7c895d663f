package io.sotto.transport;

import io.sotto.mqtt.ConnAck;
import io.sotto.mqtt.Connect;
import io.sotto.mqtt.Disconnect;
import io.sotto.mqtt.Packet;
import io.sotto.mqtt.Payload;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.Publish;
import io.sotto.mqtt.PublishProperties;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.RetainHandling;
import io.sotto.mqtt.SubAck;
import io.sotto.mqtt.Subscribe;
import io.sotto.mqtt.TopicLimits;
import io.sotto.mqtt.TopicName;
import io.sotto.mqtt.TopicNames;
import io.sotto.mqtt.Will;
import io.sotto.mqtt.codec.Decoder;
import io.sotto.mqtt.codec.DecoderLimits;
import io.sotto.mqtt.codec.Encoder;
import io.sotto.mqtt.codec.Sender;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A client at the far end of a real socket, which does as it is told and nothing else.
final class Peer implements AutoCloseable {
    private static final int PATIENCE = 20_000;
    private static final DecoderLimits LIMITS =
            new DecoderLimits(1 << 20, 1 << 28, 1000, 1000, TopicLimits.NONE);

    private final Socket socket;
    private final ProtocolVersion version;
    private final Decoder decoder;
    private ByteBuffer in = ByteBuffer.allocate(1 << 16).flip();

    Peer(int port, ProtocolVersion version) throws IOException {
        this(port, version, 0);
    }

    /// @param receiveBuffer how many bytes its system takes before it reads, 0 for the default
    Peer(int port, ProtocolVersion version, int receiveBuffer) throws IOException {
        this(connected(port, receiveBuffer), version);
    }

    private static Socket connected(int port, int receiveBuffer) throws IOException {
        Socket socket = new Socket();
        if (receiveBuffer > 0) {
            socket.setReceiveBufferSize(receiveBuffer);
        }
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE);
        return socket;
    }

    Peer(Socket socket, ProtocolVersion version) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(PATIENCE);
        socket.setTcpNoDelay(true);
        this.version = version;
        this.decoder = new Decoder(Sender.SERVER, LIMITS, new TopicNames(16, TopicLimits.NONE));
        decoder.version(version);
    }

    Socket socket() {
        return socket;
    }

    static byte[] bytes(Packet packet, ProtocolVersion version) {
        ByteBuffer bytes = ByteBuffer.allocate(Encoder.size(packet, version));
        Encoder.write(packet, version, bytes);
        return bytes.array();
    }

    void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    void send(Packet packet) throws IOException {
        send(bytes(packet, version));
    }

    Packet receive() throws IOException {
        for (Packet packet = decoder.read(in); ; packet = decoder.read(in)) {
            if (packet != null) {
                return packet;
            }
            fill();
        }
    }

    <T> T receive(Class<T> kind) throws IOException {
        return kind.cast(receive());
    }

    private void fill() throws IOException {
        ByteBuffer larger = in;
        if (in.remaining() > in.capacity() / 2) {
            larger = ByteBuffer.allocate(in.capacity() * 2);
            larger.put(in);
        } else {
            larger.compact();
        }
        int count =
                socket.getInputStream().read(larger.array(), larger.position(), larger.remaining());
        if (count < 0) {
            throw new EOFException();
        }
        in = larger.position(larger.position() + count).flip();
    }

    /// Whether the broker closes its side without another word.
    boolean isClosedByBroker() throws IOException {
        InputStream input = socket.getInputStream();
        return !in.hasRemaining() && input.read() < 0;
    }

    static Connect connectPacket(
            ProtocolVersion version, String clientId, long expiry, @Nullable Will will) {
        Connect.Properties properties =
                new Connect.Properties(expiry, 65_535, 0, 0, false, true, List.of(), null, null);
        return new Connect(version, false, expiry == 0, 0, clientId, will, null, null, properties);
    }

    /// A will of QoS 0 that is published at once.
    static Will will(String topic, String payload) {
        return new Will(
                TopicName.of(topic),
                Payload.of(payload),
                QoS.AT_MOST_ONCE,
                false,
                0,
                PublishProperties.NONE);
    }

    ConnAck connect(String clientId) throws IOException {
        send(connectPacket(version, clientId, 0, null));
        return receive(ConnAck.class);
    }

    void subscribe(String filter, QoS qos) throws IOException {
        send(subscribePacket(filter, qos));
        receive(SubAck.class);
    }

    static Subscribe subscribePacket(String filter, QoS qos) {
        var request = new Subscribe.Request(filter, qos, false, false, RetainHandling.SEND);
        return new Subscribe(1, 0, List.of(), List.of(request));
    }

    static Publish publishPacket(String topic, byte[] payload, QoS qos, int packetId) {
        return new Publish(
                TopicName.of(topic),
                Payload.copyOf(payload),
                qos,
                false,
                false,
                packetId,
                0,
                List.of(),
                PublishProperties.NONE);
    }

    void publish(String topic, String payload) throws IOException {
        send(publishPacket(topic, payload.getBytes(StandardCharsets.UTF_8), QoS.AT_MOST_ONCE, 0));
    }

    void leave() throws IOException {
        send(Disconnect.NORMAL);
        close();
    }

    /// Goes away with a reset, as a system does that has lost its memory of the connection.
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
