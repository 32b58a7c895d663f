package io.sotto.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

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
        assertThat(errors.toString()).isEqualTo("sotto: the server has not kept the session\n");
    }
}
