package io.sotto.transport;

import static io.sotto.transport.RunningBroker.settings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.Socket;
import io.sotto.mqtt.PingReq;
import io.sotto.mqtt.PingResp;
import io.sotto.mqtt.ReasonCode;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What of it cannot be seen from the other end of a connection.
@Timeout(60)
class EpollListeningTest {
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    @BeforeEach
    void there_is_epoll() {
        assumeTrue(Epoll.isAvailable());
    }

    @Test
    void connections_inherit_what_is_asked_of_their_listener() throws IOException {
        TransportSettings small =
                new TransportSettings(1, 1 << 18, 30, 10, 0, 0, 1 << 20, 120, 32 * 1024);
        try (RunningBroker broker = new RunningBroker(small, Carriers.PLAIN);
                Peer peer = broker.peer()) {
            peer.connect("peer");

            Socket accepted = accepted(peer.socket().getLocalPort());

            assertThat(accepted.isTcpNoDelay()).isTrue();
            assertThat(accepted.isKeepAlive()).isTrue();
            // Linux counts its own book-keeping as well.
            assertThat(accepted.getSendBufferSize()).isEqualTo(2 * 32 * 1024);
        }
    }

    /// The end of a connection in this process whose other end has this port.
    private static Socket accepted(int port) throws IOException {
        try (Stream<Path> all = Files.list(DESCRIPTORS)) {
            return all.filter(EpollListeningTest::isSocket)
                    .map(file -> new Socket(Integer.parseInt(file.getFileName().toString())))
                    .filter(socket -> {
                        InetSocketAddress other = socket.remoteAddress();
                        return other != null && other.getPort() == port;
                    })
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static boolean isSocket(Path file) {
        try {
            return Files.readSymbolicLink(file).toString().startsWith("socket:");
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void what_is_spoken_may_change_and_who_is_there_stays() throws IOException {
        try (RunningBroker broker = new RunningBroker(settings(30, 1000, 0), Carriers.PLAIN);
                Peer before = broker.peer()) {
            before.connect("before");
            Endpoint endpoint = new Endpoint.Port("127.0.0.1", broker.listener().port());

            for (Carriers carriers : List.of(EachWire.NETTY.carriers(), Carriers.PLAIN)) {
                broker.listener().prepare(RunningBroker.place("test", endpoint, carriers)).apply();
                try (Peer peer = broker.peer()) {
                    assertThat(peer.connect("after").reason()).isEqualTo(ReasonCode.SUCCESS);
                }
            }

            before.send(PingReq.INSTANCE);
            assertThat(before.receive()).isEqualTo(PingResp.INSTANCE);
        }
    }
}
