package io.sotto.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.RandomAccessFile;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class PubTest {
    private static final String CONNACK_OF_5 = "20 03 00 00 00";

    private final StringWriter errors = new StringWriter();
    private final StubbornServer server;

    PubTest() throws IOException {
        server = new StubbornServer();
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    private int pub(String line) {
        Pub command =
                new Pub(
                        new Streams(
                                new ByteArrayInputStream(new byte[0]),
                                new ByteArrayOutputStream()));
        String where = "-h 127.0.0.1 -p " + server.port() + " ";
        return Commands.client(command)
                .setErr(new PrintWriter(errors, true))
                .execute((where + line).split(" ", -1));
    }

    @Test
    void what_is_acknowledged_is_done() {
        server.answer(List.of(List.of(CONNACK_OF_5, "40 02 0001")));

        assertThat(pub("-V 5 -t a -m 1 -q 1 -d")).isZero();
        assertThat(errors.toString()).contains("connected as", "published to the broker: SUCCESS");
    }

    @Test
    void a_message_that_is_refused_ends_with_the_reason_code() {
        server.answer(List.of(List.of(CONNACK_OF_5, "40 04 0001 87 00")));

        assertThat(pub("-V 5 -t a -m 1 -q 1")).isEqualTo(135);
        assertThat(errors.toString())
                .startsWith("sotto: the server refused a message with NOT_AUTHORIZED");
    }

    @Test
    void a_message_that_is_lost_with_its_session_is_told() {
        server.answer(List.of(List.of("20 02 0000", ""), List.of("20 02 0000")));

        assertThat(pub("-t a -m 1 -q 1")).isEqualTo(1);
        assertThat(errors.toString())
                .isEqualTo(
                        """
                        sotto: the connection is lost; trying again
                        sotto: the server has not kept the session
                        """);
    }

    @Test
    void a_message_of_qos_0_is_sent_to_its_end_however_slowly_it_is_read(@TempDir Path folder)
            throws Exception {
        Path large = Files.write(folder.resolve("large"), new byte[16 << 20]);
        try (ServerSocket slow = new ServerSocket()) {
            slow.setReceiveBufferSize(8 * 1024);
            slow.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            CompletableFuture<Integer> status =
                    CompletableFuture.supplyAsync(
                            () -> pub("-p " + slow.getLocalPort() + " -t a -f " + large));
            try (Socket client = slow.accept()) {
                StubbornServer.skipPacket(client.getInputStream());
                client.getOutputStream().write(new byte[] {0x20, 2, 0, 0});

                // Longer than a farewell may take.
                assertThat(status).failsWithin(Duration.ofSeconds(3));
                int read = client.getInputStream().readAllBytes().length;

                assertThat(read).isGreaterThan(16 << 20);
                assertThat(status).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(0);
            }
        }
    }

    @Test
    void what_no_message_can_hold_is_refused_by_name(@TempDir Path folder) throws IOException {
        Path large = folder.resolve("large");
        try (RandomAccessFile sparse = new RandomAccessFile(large.toFile(), "rw")) {
            sparse.setLength(3L << 30);
        }

        assertThat(pub("-t a -f " + large)).isEqualTo(1);
        assertThat(errors.toString())
                .isEqualTo(
                        "sotto: %s is larger than a message can be, 268,435,455 bytes\n"
                                .formatted(large));
    }
}
