package io.sotto.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.mqtt.ConnAck;
import io.sotto.mqtt.Connect;
import io.sotto.mqtt.Packet;
import io.sotto.mqtt.Payload;
import io.sotto.mqtt.ProtocolVersion;
import io.sotto.mqtt.Publish;
import io.sotto.mqtt.PublishProperties;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.ReasonCode;
import io.sotto.mqtt.TopicLimits;
import io.sotto.mqtt.TopicName;
import io.sotto.mqtt.TopicNames;
import io.sotto.mqtt.codec.Decoder;
import io.sotto.mqtt.codec.DecoderLimits;
import io.sotto.mqtt.codec.Encoder;
import io.sotto.mqtt.codec.Sender;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// A server on a loopback socket that does just what the test says, lawful or not.
final class ScriptedServer implements AutoCloseable {
    /// How long anything may take before the test gives up.
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private final ServerSocket listening;

    ScriptedServer() throws IOException {
        listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        listening.setSoTimeout(Math.toIntExact(PATIENCE.toMillis()));
    }

    ClientOptions options() {
        return ClientOptions.of(
                        listening.getInetAddress().getHostAddress(), listening.getLocalPort())
                .clientId("c")
                .keepAlive(Duration.ZERO)
                .limits(ClientLimits.DEFAULT.timeout(PATIENCE));
    }

    /// The next connection.
    Peer accept() throws IOException {
        return new Peer(listening.accept());
    }

    /// A client and its connection, accepted with these properties.
    Pair connect(ClientOptions options, ConnAck.Properties properties) throws IOException {
        return connect(options, new ConnAck(false, ReasonCode.SUCCESS, properties));
    }

    Pair connect(ClientOptions options, ConnAck connAck) throws IOException {
        CompletableFuture<Client> client = async(() -> Client.connect(options));
        Peer peer = accept();
        Connect connect = peer.expect(Connect.class);
        peer.send(connAck);
        return new Pair(get(client), peer, connect);
    }

    Pair connect(ClientOptions options) throws IOException {
        return connect(options, ConnAck.Properties.DEFAULT);
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }

    /// Both ends of a connection.
    record Pair(Client client, Peer peer, Connect connect) implements AutoCloseable {
        @Override
        public void close() {
            peer.close();
            client.close();
        }
    }

    static <T> CompletableFuture<T> async(Callable<T> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread.ofVirtual()
                .start(() -> {
                    try {
                        result.complete(work.call());
                    } catch (Exception | AssertionError failed) {
                        result.completeExceptionally(failed);
                    }
                });
        return result;
    }

    static <T> T get(CompletableFuture<T> future) {
        return future.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    }

    static Publish publish(String topic, QoS qos, int packetId) {
        return publish(topic, qos, packetId, false, 0);
    }

    static Publish publish(String topic, QoS qos, int packetId, boolean dup, int alias) {
        return new Publish(
                topic.isEmpty() ? TopicName.ABSENT : TopicName.of(topic),
                Payload.of("p"),
                qos,
                false,
                dup,
                packetId,
                alias,
                List.of(),
                PublishProperties.NONE);
    }

    /// The server's end of one connection.
    static final class Peer implements AutoCloseable {
        private final Socket socket;
        private final Decoder decoder =
                new Decoder(
                        Sender.CLIENT, DecoderLimits.DEFAULT, new TopicNames(16, TopicLimits.NONE));
        private final ByteBuffer buffer = ByteBuffer.allocate(1 << 20).flip();
        private ProtocolVersion version = ProtocolVersion.MQTT_5;

        private Peer(Socket socket) throws IOException {
            this.socket = socket;
            socket.setSoTimeout(Math.toIntExact(PATIENCE.toMillis()));
        }

        /// The next packet, which is of this type.
        <T extends Packet> T expect(Class<T> type) throws IOException {
            Packet packet = read();
            assertThat(packet).isInstanceOf(type);
            return type.cast(packet);
        }

        /// The bytes of the next packet, which is a short one.
        byte[] raw() throws IOException {
            while (buffer.remaining() < 2
                    || buffer.remaining() < 2 + buffer.get(buffer.position() + 1)) {
                assertThat(fill()).as("the client ended the connection").isTrue();
            }
            byte[] packet = new byte[2 + buffer.get(buffer.position() + 1)];
            buffer.get(packet);
            return packet;
        }

        private Packet read() throws IOException {
            while (true) {
                Packet packet = decoder.read(buffer);
                if (packet != null) {
                    ProtocolVersion known = decoder.version();
                    version = known == null ? version : known;
                    return packet;
                }
                assertThat(fill()).as("the client ended the connection").isTrue();
            }
        }

        @SuppressWarnings("ByteBufferBackingArray") // it is allocated here
        private boolean fill() throws IOException {
            buffer.compact();
            int count = 0;
            try {
                count =
                        socket.getInputStream()
                                .read(buffer.array(), buffer.position(), buffer.remaining());
            } finally {
                buffer.position(buffer.position() + Math.max(count, 0)).flip();
            }
            return count >= 0;
        }

        /// The client ends the connection and sends nothing more.
        void expectEnd() throws IOException {
            assertThat(decoder.read(buffer)).isNull();
            assertThat(fill()).as("no more bytes").isFalse();
        }

        /// For this time nothing comes.
        void expectNothingFor(Duration time) throws IOException {
            assertThat(decoder.read(buffer)).isNull();
            socket.setSoTimeout(Math.toIntExact(time.toMillis()));
            try {
                fill();
                assertThat(decoder.read(buffer)).as("no packet").isNull();
            } catch (SocketTimeoutException silent) {
                socket.setSoTimeout(Math.toIntExact(PATIENCE.toMillis()));
            }
        }

        void send(Packet... packets) throws IOException {
            for (Packet packet : packets) {
                socket.getOutputStream().write(bytes(packet));
            }
        }

        /// Each byte in a segment of its own, as far as the socket can be told.
        void sendByteByByte(Packet packet) throws IOException {
            socket.setTcpNoDelay(true);
            for (byte one : bytes(packet)) {
                socket.getOutputStream().write(one);
            }
        }

        private byte[] bytes(Packet packet) {
            ByteBuffer out = ByteBuffer.allocate(Encoder.size(packet, version));
            Encoder.write(packet, version, out);
            return out.array();
        }

        void sendBytes(String hex) throws IOException {
            socket.getOutputStream().write(HexFormat.of().parseHex(hex.replace(" ", "")));
        }

        @Override
        public void close() {
            try {
                socket.close();
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }
    }
}
