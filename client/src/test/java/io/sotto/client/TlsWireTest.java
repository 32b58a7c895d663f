package io.sotto.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// TLS that nobody waits on but a selector, with a server of the JDK's own.
@Timeout(60)
class TlsWireTest {
    private static final char[] PASSWORD = "secret".toCharArray();
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir static Path directory = Path.of("");
    private static SSLContext trusting;
    private static SSLContext distrustful;

    private final ServerSocket listening;

    TlsWireTest() throws IOException {
        listening = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        listening.setSoTimeout(Math.toIntExact(PATIENCE.toMillis()));
    }

    @AfterEach
    void close() throws IOException {
        listening.close();
    }

    /// A key with a certificate of its own making, from the JDK's tool.
    @BeforeAll
    static void makeKeys() throws Exception {
        Path store = directory.resolve("own.p12");
        Process made =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "keytool")
                                        .toString(),
                                "-genkeypair",
                                "-alias",
                                "own",
                                "-keyalg",
                                "EC",
                                "-dname",
                                "CN=broker",
                                "-storepass",
                                "secret",
                                "-keystore",
                                store.toString())
                        .redirectErrorStream(true)
                        .start();
        String said = new String(made.getInputStream().readAllBytes(), UTF_8);
        assertThat(made.waitFor()).as(said).isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD);
        }
        KeyManagerFactory own = KeyManagerFactory.getInstance("PKIX");
        own.init(keys, PASSWORD);
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("broker", keys.getCertificate("own"));
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(trusted);
        trusting = SSLContext.getInstance("TLS");
        trusting.init(own.getKeyManagers(), trust.getTrustManagers(), null);
        distrustful = SSLContext.getInstance("TLS");
        distrustful.init(null, null, null);
    }

    private record Both(Wire client, Socket plain, SSLSocket server, Selector selector)
            implements AutoCloseable {
        /// So many bytes of what the server sends, or all until the end; a few at a time.
        byte[] reads(int count) throws IOException {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            ByteBuffer to = ByteBuffer.allocate(7000);
            while (all.size() < count) {
                int got = client.read(to.clear().limit(Math.min(7000, count - all.size())));
                if (got < 0) {
                    break;
                }
                all.write(to.array(), 0, got);
                if (to.hasRemaining()) {
                    selector.select();
                }
            }
            return all.toByteArray();
        }

        void writes(byte[] bytes) throws IOException {
            ByteBuffer from = ByteBuffer.wrap(bytes);
            while (!client.write(from)) {
                client.channel().register(selector, SelectionKey.OP_WRITE);
                selector.select();
            }
            client.channel().register(selector, SelectionKey.OP_READ);
        }

        @Override
        public void close() throws IOException {
            client.close();
            server.close();
            selector.close();
        }
    }

    private SocketChannel connect(int port) throws IOException {
        return SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    private static SSLEngine engine(SSLContext context, String protocol) {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(true);
        engine.setEnabledProtocols(new String[] {protocol});
        return engine;
    }

    private static SSLSocket accept(Socket plain) throws IOException {
        SSLSocket server = (SSLSocket) trusting.getSocketFactory().createSocket(plain, null, true);
        server.setSoTimeout(Math.toIntExact(PATIENCE.toMillis()));
        server.startHandshake();
        return server;
    }

    private Both open(String protocol) throws Exception {
        return open(protocol, listening.getLocalPort());
    }

    private Both open(String protocol, int port) throws Exception {
        CompletableFuture<Socket> plain = ScriptedServer.async(listening::accept);
        CompletableFuture<SSLSocket> server =
                ScriptedServer.async(() -> accept(ScriptedServer.get(plain)));
        Wire wire = Wire.tls(connect(port), engine(trusting, protocol), PATIENCE);
        Selector selector = Selector.open();
        wire.channel().configureBlocking(false);
        wire.channel().register(selector, SelectionKey.OP_READ);
        return new Both(wire, ScriptedServer.get(plain), ScriptedServer.get(server), selector);
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    /// Passes on what comes from one end to the other, a byte at a time, until it ends.
    private static void crumble(Socket from, Socket to) {
        try {
            to.setTcpNoDelay(true);
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int next = in.read(); next >= 0; next = in.read()) {
                out.write(next);
            }
            to.shutdownOutput();
        } catch (IOException over) {
            // So is the test.
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void what_is_written_is_read_on_both_sides(String protocol) throws Exception {
        try (Both both = open(protocol)) {
            byte[] there = random(1_000);
            both.writes(there);
            assertThat(both.server.getInputStream().readNBytes(1_000)).isEqualTo(there);

            both.server.getOutputStream().write("here".getBytes(UTF_8));
            assertThat(both.reads(4)).asString(UTF_8).isEqualTo("here");
        }
    }

    @Test
    void nothing_to_read_is_no_end() throws Exception {
        try (Both both = open("TLSv1.2")) {
            assertThat(both.client.read(ByteBuffer.allocate(10))).isZero();
        }
    }

    /// What is left of a record is read although the channel has nothing more.
    @Test
    void a_record_is_read_in_as_many_pieces_as_there_is_room_for() throws Exception {
        try (Both both = open("TLSv1.2")) {
            both.server.getOutputStream().write(new byte[] {1, 2, 3, 4, 5});
            byte[] first = both.reads(2);
            ByteBuffer second = ByteBuffer.allocate(2);
            ByteBuffer third = ByteBuffer.allocate(2);

            assertThat(first).containsExactly(1, 2);
            assertThat(both.client.read(second)).isEqualTo(2);
            assertThat(both.client.read(third)).isEqualTo(1);
            assertThat(second.array()).containsExactly(3, 4);
            assertThat(third.array()).containsExactly(5, 0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void records_that_come_byte_by_byte_are_put_together(String protocol) throws Exception {
        byte[] much = random(20_000);
        try (ServerSocket between = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual()
                    .start(() -> {
                        try {
                            Socket client = between.accept();
                            Socket server =
                                    new Socket(
                                            listening.getInetAddress(), listening.getLocalPort());
                            Thread.ofVirtual().start(() -> crumble(client, server));
                            crumble(server, client);
                        } catch (IOException over) {
                            // The wait for a server ends the test.
                        }
                    });
            try (Both both = open(protocol, between.getLocalPort())) {
                both.server.getOutputStream().write(much);

                assertThat(both.reads(much.length)).isEqualTo(much);
            }
        }
    }

    /// Far more than the system's buffers hold: it is taken as the server reads, and not before.
    @Test
    void what_has_no_room_goes_when_there_is() throws Exception {
        byte[] much = random(16_000_000);
        try (Both both = open("TLSv1.3")) {
            ByteBuffer from = ByteBuffer.wrap(much);
            both.client.channel().register(both.selector, SelectionKey.OP_WRITE);
            boolean all = both.client.write(from);
            assertThat(all).isFalse();

            CompletableFuture<byte[]> reading =
                    ScriptedServer.async(
                            () -> both.server.getInputStream().readNBytes(much.length));
            while (!all) {
                both.selector.select();
                all = both.client.write(from);
            }

            assertThat(Arrays.equals(ScriptedServer.get(reading), much)).isTrue();
        }
    }

    /// In TLS 1.3 new keys in both directions, in 1.2 a handshake amid the stream.
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void new_keys_on_the_way_change_nothing(String protocol) throws Exception {
        byte[] before = random(50_000);
        byte[] after = random(60_000);
        try (Both both = open(protocol)) {
            CompletableFuture<byte[]> serving =
                    ScriptedServer.async(() -> {
                        both.server.getOutputStream().write(before);
                        both.server.startHandshake();
                        both.server.getOutputStream().write(after);
                        return both.server.getInputStream().readNBytes(5);
                    });
            byte[] all = both.reads(before.length + after.length);
            both.writes("there".getBytes(UTF_8));

            assertThat(Arrays.copyOf(all, before.length)).isEqualTo(before);
            assertThat(Arrays.copyOfRange(all, before.length, all.length)).isEqualTo(after);
            assertThat(ScriptedServer.get(serving)).asString(UTF_8).isEqualTo("there");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void a_farewell_is_the_end_behind_all_that_came_before(String protocol) throws Exception {
        try (Both both = open(protocol)) {
            both.server.getOutputStream().write("last words".getBytes(UTF_8));
            both.server.shutdownOutput();

            assertThat(both.reads(100)).asString(UTF_8).isEqualTo("last words");
            assertThat(both.client.read(ByteBuffer.allocate(1))).isEqualTo(-1);
        }
    }

    /// The head of a record of 80 bytes, and three of these.
    @Test
    void a_channel_that_ends_within_a_record_is_an_end_too() throws Exception {
        try (Both both = open("TLSv1.3")) {
            both.server.getOutputStream().write("first".getBytes(UTF_8));
            both.plain.getOutputStream().write(new byte[] {0x17, 3, 3, 0, 80, 1, 2, 3});
            both.plain.shutdownOutput();

            assertThat(both.reads(100)).asString(UTF_8).isEqualTo("first");
            assertThat(both.client.read(ByteBuffer.allocate(1))).isEqualTo(-1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void finishing_says_farewell_behind_what_was_written(String protocol) throws Exception {
        try (Both both = open(protocol)) {
            both.writes("bye".getBytes(UTF_8));
            both.client.finish();

            assertThat(both.server.getInputStream().readAllBytes())
                    .asString(UTF_8)
                    .isEqualTo("bye");
        }
    }

    @Test
    void a_certificate_that_is_not_trusted_ends_it() throws Exception {
        CompletableFuture<SSLSocket> server =
                ScriptedServer.async(() -> accept(listening.accept()));
        SocketChannel channel = connect(listening.getLocalPort());

        assertThatThrownBy(() -> Wire.tls(channel, engine(distrustful, "TLSv1.3"), PATIENCE))
                .isInstanceOf(SSLHandshakeException.class)
                .hasMessageContaining("unable to find valid certification path");
        assertThat(channel.isOpen()).isFalse();
        assertThat(server).failsWithin(PATIENCE);
    }

    @Test
    void a_server_that_does_not_answer_is_not_waited_for() throws Exception {
        SocketChannel channel = connect(listening.getLocalPort());

        assertThatThrownBy(() ->
                        Wire.tls(channel, engine(trusting, "TLSv1.3"), Duration.ofMillis(100)))
                .isInstanceOf(IOException.class)
                .hasMessage("the server does not answer in TLS in time");
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void a_server_that_leaves_within_the_handshake_is_told() throws Exception {
        CompletableFuture<Integer> server =
                ScriptedServer.async(() -> {
                    try (Socket socket = listening.accept()) {
                        int size = socket.getInputStream().readNBytes(100).length;
                        socket.shutdownOutput();
                        return size + socket.getInputStream().readAllBytes().length;
                    }
                });
        SocketChannel channel = connect(listening.getLocalPort());

        assertThatThrownBy(() -> Wire.tls(channel, engine(trusting, "TLSv1.3"), PATIENCE))
                .isInstanceOf(IOException.class)
                .hasMessage("the server closed the connection within the TLS handshake");
        assertThat(channel.isOpen()).isFalse();
        assertThat(ScriptedServer.get(server)).isGreaterThan(100);
    }

    @Test
    void what_is_no_tls_ends_it() throws Exception {
        CompletableFuture<Integer> server =
                ScriptedServer.async(() -> {
                    try (Socket socket = listening.accept()) {
                        int size = socket.getInputStream().readNBytes(100).length;
                        socket.getOutputStream()
                                .write("HTTP/1.1 400 Bad Request\r\n".getBytes(UTF_8));
                        return size;
                    }
                });
        SocketChannel channel = connect(listening.getLocalPort());

        assertThatThrownBy(() -> Wire.tls(channel, engine(trusting, "TLSv1.3"), PATIENCE))
                .isInstanceOf(IOException.class);
        assertThat(channel.isOpen()).isFalse();
        assertThat(ScriptedServer.get(server)).isEqualTo(100);
    }
}
