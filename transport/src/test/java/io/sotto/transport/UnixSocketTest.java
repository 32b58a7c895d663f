package io.sotto.transport;

import static io.sotto.transport.RunningBroker.settings;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sotto.mqtt.ProtocolVersion;
import io.sotto.transport.Endpoint.UnixSocket;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
@ParameterizedClass
@EnumSource(EachWire.class)
class UnixSocketTest {
    @TempDir Path directory = Path.of("");
    private final EachWire wire;

    UnixSocketTest(EachWire wire) {
        this.wire = wire;
    }

    private Path path() {
        return directory.resolve("mqtt.sock");
    }

    private RunningBroker broker(int mode, @Nullable ProxySettings proxy) throws IOException {
        return new RunningBroker(
                settings(30, 1000, 0),
                new UnixSocket(path(), mode),
                proxy == null
                        ? wire.carriers()
                        : new Carriers(true, WebSocketSettings.DEFAULT, null, proxy));
    }

    /// The first byte that comes back for a CONNECT of this id.
    private int answer(String clientId, byte[] before) throws IOException {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(path()))) {
            var connect = Peer.connectPacket(ProtocolVersion.MQTT_5, clientId, 0, null);
            channel.write(ByteBuffer.wrap(before));
            channel.write(ByteBuffer.wrap(Peer.bytes(connect, ProtocolVersion.MQTT_5)));
            return Channels.newInputStream(channel).read();
        }
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    @Test
    void clients_are_served_and_find_the_loop_of_their_session() throws IOException {
        try (RunningBroker broker = broker(0660, null)) {
            for (int i = 0; i < 20; i++) {
                assertThat(answer("client-" + i, new byte[0])).isEqualTo(0x20);
            }
            assertThat(broker.events())
                    .anyMatch(event -> event.contains("client-3 connected from unix:" + path()));
        }
    }

    @Test
    void the_file_has_its_mode_and_nothing_else_is_left() throws IOException {
        try (RunningBroker broker = broker(0640, null)) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path())))
                    .isEqualTo("rw-r-----");
            assertThat(files()).containsExactly("mqtt.sock");
            assertThat(broker.listener().port()).isZero();
        }
        assertThat(files()).isEmpty();
    }

    @Test
    void a_socket_that_nobody_listens_to_is_replaced() throws IOException {
        try (ServerSocketChannel left = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            left.bind(UnixDomainSocketAddress.of(path()));
        }

        try (RunningBroker broker = broker(0600, null)) {
            assertThat(answer("client", new byte[0])).isEqualTo(0x20);
            assertThat(broker.loops().count()).isEqualTo(4);
        }
    }

    @Test
    void what_belongs_to_somebody_else_is_left_alone() throws IOException {
        try (RunningBroker first = broker(0600, null)) {
            assertThatThrownBy(() -> broker(0600, null))
                    .isInstanceOf(IOException.class)
                    .hasMessage("another program has that socket");
            assertThat(first.loops().count()).isEqualTo(4);
        }
        Files.writeString(path(), "mine");
        assertThatThrownBy(() -> broker(0600, null))
                .hasMessage("something else is there that is no socket");
        assertThat(path()).hasContent("mine");
    }

    @Test
    void a_path_that_cannot_be_is_told() {
        Path deep = directory.resolve("x".repeat(100)).resolve("s");
        Path longest = directory.resolve("x".repeat(100));

        assertThatThrownBy(() -> SocketFile.begin(new UnixSocket(deep, 0600)))
                .hasMessage("its directory is not there");
        assertThatThrownBy(() -> SocketFile.begin(new UnixSocket(longest, 0600)))
                .hasMessage("the path is too long for a socket");
    }

    @Test
    void a_proxy_on_this_machine_may_pass_connections_on() throws IOException {
        ProxySettings proxy = new ProxySettings(Networks.of(List.of("10.0.0.1")), false);
        try (RunningBroker broker = broker(0600, proxy)) {
            byte[] header = "PROXY TCP4 192.0.2.7 10.0.0.1 4711 1883\r\n".getBytes(US_ASCII);

            assertThat(answer("far", header)).isEqualTo(0x20);

            assertThat(broker.events())
                    .anyMatch(event -> event.contains("far connected from 192.0.2.7:4711 "));
        }
    }
}
