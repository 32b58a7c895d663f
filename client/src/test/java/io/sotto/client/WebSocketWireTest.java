package io.sotto.client;

import static io.sotto.client.WebSocketServer.AGREES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sotto.client.WebSocketServer.Frame;
import io.sotto.client.WebSocketServer.Peer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A WebSocket that nobody waits on but a selector.
@Timeout(30)
class WebSocketWireTest {
    private final WebSocketServer server;

    WebSocketWireTest() throws IOException {
        server = new WebSocketServer();
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    private record Both(Wire client, Peer peer, Selector selector) implements AutoCloseable {
        /// What the server sends until it has sent so many bytes, or has said Close.
        String reads(int count) throws IOException {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            ByteBuffer to = ByteBuffer.allocate(3);
            while (all.size() < count) {
                int got = client.read(to.clear());
                if (got < 0) {
                    return HexFormat.of().formatHex(all.toByteArray()) + " end";
                }
                all.write(to.array(), 0, got);
                if (to.hasRemaining()) {
                    selector.select();
                }
            }
            return HexFormat.of().formatHex(all.toByteArray());
        }

        @Override
        public void close() throws IOException {
            client.close();
            peer.close();
            selector.close();
        }
    }

    /// Both ends, after the server has sent these bytes behind its answer.
    private Both open(String hex) throws Exception {
        CompletableFuture<Wire> client =
                ScriptedServer.async(() -> server.opener().open(Duration.ofSeconds(10)));
        Peer peer = server.accept(AGREES, hex);
        Wire wire = ScriptedServer.get(client);
        Selector selector = Selector.open();
        wire.channel().configureBlocking(false);
        wire.channel().register(selector, SelectionKey.OP_READ);
        return new Both(wire, peer, selector);
    }

    @Test
    void what_comes_right_behind_the_handshake_is_not_lost() throws Exception {
        try (Both both = open("8203 010203")) {
            assertThat(both.reads(3)).isEqualTo("010203");
        }
    }

    @Test
    void frames_fragments_and_pings_are_one_stream() throws Exception {
        try (Both both = open("")) {
            both.peer.send("0202 0102 8901aa 8003 030405 8201 06");

            assertThat(both.reads(6)).isEqualTo("010203040506");
            assertThat(both.peer.frame().hex()).isEqualTo("8aaa");
        }
    }

    @Test
    void nothing_to_read_is_no_end() throws Exception {
        try (Both both = open("")) {
            assertThat(both.client.read(ByteBuffer.allocate(10))).isZero();
        }
    }

    @Test
    void close_is_the_end_and_is_answered() throws Exception {
        try (Both both = open("8201 01 8802 03e8")) {
            assertThat(both.reads(10)).isEqualTo("01 end");
            assertThat(both.peer.frame().hex()).isEqualTo("8803e8");
        }
    }

    @Test
    void a_broken_rule_ends_it() throws Exception {
        try (Both both = open("8101 61")) {
            assertThatThrownBy(() -> both.reads(1)).hasMessageContaining("a text frame");
        }
    }

    /// Far more than the system's buffers hold: it is taken as the server reads, and not before.
    @Test
    void what_has_no_room_goes_when_there_is() throws Exception {
        try (Both both = open("")) {
            ByteBuffer much = ByteBuffer.allocate(16_000_000);
            both.client.channel().register(both.selector, SelectionKey.OP_WRITE);
            boolean all = both.client.write(much);
            assertThat(all).isFalse();

            CompletableFuture<Integer> reading =
                    ScriptedServer.async(() -> {
                        int size = 0;
                        while (size < much.capacity()) {
                            Frame frame = both.peer.frame();
                            size += frame.payload().size();
                        }
                        return size;
                    });
            while (!all) {
                both.selector.select();
                all = both.client.write(much);
            }

            assertThat(ScriptedServer.get(reading)).isEqualTo(much.capacity());
        }
    }

    @Test
    void a_farewell_is_close() throws Exception {
        try (Both both = open("")) {
            both.client.finish();

            assertThat(both.peer.frame().hex()).isEqualTo("8803e8");
        }
    }
}
