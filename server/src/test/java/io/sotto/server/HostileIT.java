package io.sotto.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import io.sotto.conformance.Suite;
import io.sotto.conformance.Target;
import io.sotto.conformance.Verdict;
import io.sotto.conformance.Vigil;
import io.sotto.conformance.WallTime;
import io.sotto.conformance.hostile.ScarceMemorySiege;
import io.sotto.conformance.hostile.Sieges;
import io.sotto.testkit.login.TestKeys;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/// Lays siege to a Sotto of its own: behind each one the process must hold no more than before, and
/// during each one a bystander must notice nothing.
///
/// It takes minutes and its measurements want a quiet machine, so it has a command of its own:
/// `-Dsotto.sieges=short`, or `full`.
@EnabledIfSystemProperty(named = "sotto.sieges", matches = "short|full")
@Timeout(120)
class HostileIT {
    private static final List<String> NOTHING = List.of();

    /// What the store holds in files and caches is no leak, and would hide one.
    private static final String IN_MEMORY = "durability: memory\n";

    private static final List<String> FLAGS = List.of(Footprint.FLAG, "-Xmx256m");
    private static final long DIRECT_MEMORY = 64 << 20;
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(20);
    private static final HexFormat HEX = HexFormat.of();
    // CONNECT: MQTT 3.1.1, clean session, keep alive 60, client id "lamp"
    private static final String CONNECT = "101000044d5154540402003c00046c616d70";

    private final Path jar = Path.of(System.getProperty("sotto.jar"));

    @TestFactory
    @Timeout(300)
    Stream<DynamicTest> a_siege_leaves_nothing_behind() throws Exception {
        BrokerProcess broker =
                BrokerProcess.start(jar, IN_MEMORY + Sieges.SETTINGS, NOTHING, FLAGS);
        Target target = Target.anonymous(broker.address());
        Suite sieges = Suite.of(Sieges.ALL);
        // What stays because it was there once: classes, compiled code, the first buffers.
        sieges.only("PublishSiege").run(target);
        Footprint before = Footprint.of(broker.pid());
        Stream<DynamicTest> tests =
                sieges.scenarios().stream()
                        .map(siege ->
                                DynamicTest.dynamicTest(
                                        siege.name(),
                                        () -> {
                                            judge(sieges.only(siege.name()).run(target));
                                            awaitNoMoreThan(before, broker);
                                        }));
        return tests.onClose(() -> stop(broker));
    }

    private static void judge(List<Verdict> verdicts) {
        for (Verdict verdict : verdicts) {
            if (verdict.strict().outcome() != Verdict.Outcome.PASSED) {
                fail(verdict.reason() + "\n" + verdict.transcript());
            }
        }
    }

    private static void awaitNoMoreThan(Footprint before, BrokerProcess broker) throws Exception {
        long last = System.nanoTime() + PATIENCE;
        List<String> growth = Footprint.of(broker.pid()).growthSince(before);
        while (!growth.isEmpty() && System.nanoTime() < last) {
            WallTime.pass(500);
            growth = Footprint.of(broker.pid()).growthSince(before);
        }
        assertThat(growth).isEmpty();
    }

    private static void stop(BrokerProcess broker) {
        try {
            broker.stop();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Connections from an address of the loopback network.
    private static List<Socket> connections(int count, String from, InetSocketAddress to)
            throws IOException {
        List<Socket> sockets = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            sockets.add(new Socket(to.getAddress(), to.getPort(), InetAddress.getByName(from), 0));
        }
        return sockets;
    }

    private static void close(List<Socket> sockets) throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    @Test
    void what_is_held_is_seen() throws Exception {
        BrokerProcess broker = BrokerProcess.start(jar, IN_MEMORY + "", NOTHING, FLAGS);
        Footprint before = Footprint.of(broker.pid());

        List<Socket> sockets = connections(600, "127.0.0.1", broker.address());
        for (Socket socket : sockets) {
            // 60 KB of a CONNECT of 60 KB and one byte
            socket.getOutputStream().write(HEX.parseHex("10e2d403"));
            socket.getOutputStream().write(new byte[60_000]);
        }
        WallTime.pass(500);
        List<String> growth = Footprint.of(broker.pid()).growthSince(before);
        close(sockets);

        assertThat(growth).anyMatch(line -> line.contains("descriptors"));
        assertThat(growth).anyMatch(line -> line.contains("network buffers"));
        awaitNoMoreThan(before, broker);
        broker.stop();
    }

    @Test
    @Hostile({"H-TCP-06"})
    void one_address_that_floods_is_slowed_and_others_are_served() throws Exception {
        String settings = "limits: {connect-rate-per-address: 50}\n";
        BrokerProcess broker = BrokerProcess.start(jar, IN_MEMORY + settings, NOTHING, FLAGS);
        Footprint before = Footprint.of(broker.pid());

        try (Vigil _ = Vigil.over(Target.anonymous(broker.address()))) {
            for (int i = 0; i < Sieges.many(1_500); i++) {
                close(connections(1, "127.0.0.2", broker.address()));
            }
            int served = 0;
            for (int i = 0; i < 50; i++) {
                served += isServed("127.0.0.3", broker.address()) ? 1 : 0;
            }
            assertThat(served).isEqualTo(50);
        }

        assertThat(broker.log())
                .contains("connection from 127.0.0.2 closed: more than may be")
                .contains("limits.connect-rate-per-address")
                .doesNotContain("connection from 127.0.0.3 closed");
        awaitNoMoreThan(before, broker);
        broker.stop();
    }

    private static boolean isServed(String from, InetSocketAddress to) throws IOException {
        try (Socket socket = connections(1, from, to).getFirst()) {
            socket.setSoTimeout(5_000);
            socket.getOutputStream().write(HEX.parseHex(CONNECT));
            return HEX.formatHex(socket.getInputStream().readNBytes(4)).equals("20020000");
        }
    }

    @Test
    @Hostile({"H-TCP-07"})
    void without_descriptors_those_who_are_there_are_served_and_others_later() throws Exception {
        List<String> few = List.of("sh", "-c", "ulimit -n 200; exec \"$@\"", "sh");
        BrokerProcess broker = BrokerProcess.start(jar, IN_MEMORY + "", few, FLAGS);
        InetSocketAddress address = broker.address();

        try (Vigil _ = Vigil.over(Target.anonymous(address))) {
            List<Socket> sockets = connections(300, "127.0.0.1", address);
            WallTime.pass(1_500);
            close(sockets);
            WallTime.pass(1_500);
            assertThat(isServed("127.0.0.1", address)).isTrue();
        }

        List<String> lines =
                broker.log().lines().filter(line -> line.contains("cannot accept")).toList();
        assertThat(lines).hasSizeBetween(1, 10);
        broker.stop();
    }

    @Test
    @Hostile({"H-TCP-12"})
    void urgent_data_and_single_bytes_disturb_nothing() throws Exception {
        BrokerProcess broker = BrokerProcess.start(jar, IN_MEMORY + "");
        try (Socket socket = connections(1, "127.0.0.1", broker.address()).getFirst()) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(5_000);
            for (byte one : HEX.parseHex(CONNECT)) {
                socket.getOutputStream().write(one);
            }
            InputStream in = socket.getInputStream();
            assertThat(HEX.formatHex(in.readNBytes(4))).isEqualTo("20020000");

            socket.sendUrgentData('!');
            socket.getOutputStream().write(HEX.parseHex("c000"));

            assertThat(HEX.formatHex(in.readNBytes(2))).isEqualTo("d000");
        }
        broker.stop();
    }

    /// At most 5,000 a second; who sends them leaves each one with the answer unread.
    @Test
    @Hostile({"H-TLS-02"})
    void handshakes_that_are_left_hold_up_nobody() throws Exception {
        InetSocketAddress secure = BrokerProcess.freeAddress();
        String listeners =
                """
                listeners:
                  - {name: plain, port: 0}
                  - {name: secure, port: %d, tls: {%s}}
                """
                        .formatted(secure.getPort(), TestKeys.server());
        BrokerProcess broker = BrokerProcess.start(jar, IN_MEMORY + listeners, NOTHING, FLAGS);
        awaitLine(broker, "ready after");
        beginAndLeave(1_000, secure);
        Footprint before = Footprint.of(broker.pid());

        try (Vigil _ = Vigil.over(Target.anonymous(broker.address()))) {
            beginAndLeave(Sieges.many(50_000), secure);
        }

        try (Socket socket =
                TestKeys.client(null)
                        .getSocketFactory()
                        .createSocket(secure.getAddress(), secure.getPort())) {
            socket.setSoTimeout(5_000);
            socket.getOutputStream().write(HEX.parseHex(CONNECT));
            assertThat(HEX.formatHex(socket.getInputStream().readNBytes(4))).isEqualTo("20020000");
        }
        awaitNoMoreThan(before, broker);
        broker.stop();
    }

    @Test
    @Hostile({"H-TLS-11"})
    void a_certificate_is_swapped_below_all_who_are_there(@TempDir Path directory)
            throws Exception {
        InetSocketAddress secure = BrokerProcess.freeAddress();
        Path certificate = directory.resolve("cert.pem");
        Path key = directory.resolve("key.pem");
        copy("server", certificate, key);
        String listeners =
                """
                listeners:
                  - {name: plain, port: 0}
                  - {name: secure, port: %d, tls: {certificate: %s, key: %s, watch: 1s}}
                """
                        .formatted(secure.getPort(), certificate, key);
        BrokerProcess broker =
                BrokerProcess.start(jar, IN_MEMORY + listeners, NOTHING, List.of("-Xmx1g"));
        awaitLine(broker, "ready after");
        SSLSocketFactory clients = TestKeys.client(null).getSocketFactory();
        List<SSLSocket> there = new ArrayList<>();
        for (int i = 0; i < Sieges.many(10_000); i++) {
            there.add(secured(clients, secure, i));
        }

        copy("second", certificate, key);
        awaitLine(broker, "were read anew");
        there.add(secured(clients, secure, there.size()));
        assertThat(there.getLast().getSession().getPeerPrincipal().getName())
                .isEqualTo("CN=second");
        Files.writeString(certificate, "broken");
        awaitLine(broker, "stay as they were");
        there.add(secured(clients, secure, there.size()));
        assertThat(there.getLast().getSession().getPeerPrincipal().getName())
                .isEqualTo("CN=second");

        for (Socket socket : there) {
            socket.getOutputStream().write(HEX.parseHex("c000"));
            assertThat(HEX.formatHex(socket.getInputStream().readNBytes(2))).isEqualTo("d000");
        }
        close(List.copyOf(there));
        broker.stop();
    }

    private static void copy(String pair, Path certificate, Path key) throws IOException {
        StandardCopyOption over = StandardCopyOption.REPLACE_EXISTING;
        Files.copy(TestKeys.file(pair + ".key"), key, over);
        Files.copy(TestKeys.file(pair + ".pem"), certificate, over);
    }

    private static void awaitLine(BrokerProcess broker, String words) throws Exception {
        long last = System.nanoTime() + PATIENCE;
        while (!broker.log().contains(words)) {
            assertThat(System.nanoTime()).as(words).isLessThan(last);
            WallTime.pass(20);
        }
    }

    /// A client that is logged in, whose id is a number.
    private static SSLSocket secured(SSLSocketFactory clients, InetSocketAddress to, int number)
            throws IOException {
        SSLSocket socket = (SSLSocket) clients.createSocket(to.getAddress(), to.getPort());
        socket.setSoTimeout(20_000);
        socket.setTcpNoDelay(true);
        String id = HEX.formatHex("%05d".formatted(number).getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().write(HEX.parseHex("101100044d5154540402ffff0005" + id));
        assertThat(HEX.formatHex(socket.getInputStream().readNBytes(4))).isEqualTo("20020000");
        return socket;
    }

    private static void beginAndLeave(int count, InetSocketAddress to) throws Exception {
        SSLEngine engine = TestKeys.client(null).createSSLEngine("localhost", to.getPort());
        engine.setUseClientMode(true);
        ByteBuffer hello = ByteBuffer.allocate(1 << 15);
        engine.wrap(ByteBuffer.allocate(0), hello);
        Queue<Socket> left = new ArrayDeque<>();
        long begin = System.nanoTime();
        for (int i = 0; i < count; i++) {
            Socket socket = new Socket(to.getAddress(), to.getPort());
            left.add(socket);
            socket.getOutputStream().write(hello.array(), 0, hello.position());
            if (left.size() > 1_000) {
                left.remove().close();
            }
            long due = begin + i * TimeUnit.SECONDS.toNanos(1) / 5_000;
            LockSupport.parkNanos(due - System.nanoTime());
        }
        Socket last = List.copyOf(left).getLast();
        last.setSoTimeout(5_000);
        assertThat(last.getInputStream().read()).as("a record of the handshake").isEqualTo(22);
        close(List.copyOf(left));
    }

    @Test
    void without_memory_for_what_is_to_be_sent_those_pay_who_do_not_read() throws Exception {
        List<String> flags =
                List.of(Footprint.FLAG, "-Xmx256m", "-XX:MaxDirectMemorySize=" + DIRECT_MEMORY);
        // The system would hold all of it on some machines.
        BrokerProcess broker =
                BrokerProcess.start(jar, IN_MEMORY + "limits.send-buffer: 16KiB\n", NOTHING, flags);
        Footprint before = Footprint.of(broker.pid());

        judge(Suite.of(List.of(ScarceMemorySiege.class)).run(Target.anonymous(broker.address())));

        assertThat(broker.log()).contains("little waits for slow connections");
        assertThat(broker.log()).doesNotContain("internal error");
        // The pool of network buffers keeps what it once had, within its bound.
        Footprint pooled =
                new Footprint(before.descriptors(), before.threads(), before.heap(), DIRECT_MEMORY);
        awaitNoMoreThan(pooled, broker);
        broker.stop();
    }
}
