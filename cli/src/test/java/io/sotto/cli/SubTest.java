package io.sotto.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// `sotto sub` against a server that says what it is told to, whatever it is asked.
@Timeout(30)
class SubTest {
    private static final String CONNACK = "20 02 0000";
    private static final String GRANTED = "90 03 0001 00";

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final StringWriter errors = new StringWriter();
    private final StubbornServer server;

    SubTest() throws IOException {
        server = new StubbornServer();
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    private int sub(String line) {
        Sub command = new Sub(new Streams(new ByteArrayInputStream(new byte[0]), printed));
        String where = "-h 127.0.0.1 -p " + server.port() + " ";
        return Commands.client(command)
                .setErr(new PrintWriter(errors, true))
                .execute((where + line).split(" ", -1));
    }

    private String printed() {
        return printed.toString(StandardCharsets.UTF_8);
    }

    @Test
    void a_connection_that_is_lost_is_made_again() {
        server.answer(
                List.of(
                        List.of(CONNACK, GRANTED, "30 04 0001 61 31"),
                        List.of(CONNACK, GRANTED.replace("0001", "0002"), "30 04 0001 61 32")));

        assertThat(sub("-t a -C 2")).as(errors.toString()).isZero();
        assertThat(printed()).isEqualTo("1\n2\n");
    }

    @Test
    void a_message_before_the_answer_is_printed_too() {
        server.answer(List.of(List.of(CONNACK + "30 04 0001 61 31", GRANTED + "30 04 0001 61 32")));

        assertThat(sub("-t a -C 2")).as(errors.toString()).isZero();
        assertThat(printed()).isEqualTo("1\n2\n");
    }

    @Test
    void what_was_refused_is_told() {
        server.answer(List.of(List.of(CONNACK, "90 03 0001 80")));

        assertThat(sub("-t a")).isEqualTo(1);
        assertThat(errors.toString())
                .isEqualTo(
                        "sotto: the server refused the subscription to a with UNSPECIFIED_ERROR\n");
    }

    @Test
    void one_that_is_granted_is_enough() {
        server.answer(List.of(List.of(CONNACK, "90 04 0001 80 00", "30 04 0001 62 31")));

        assertThat(sub("-t a -t b -C 1 -v")).isZero();
        assertThat(printed()).isEqualTo("b 1\n");
        assertThat(errors.toString()).contains("refused the subscription to a with");
    }

    @Test
    void the_time_is_over_some_day() {
        server.answer(List.of(List.of(CONNACK, GRANTED)));

        assertThat(sub("-t a -W 1")).isEqualTo(27);
        assertThat(printed()).isEmpty();
        assertThat(errors.toString()).isEqualTo("sotto: timed out\n");
    }

    @Test
    void a_login_that_is_refused_ends_with_its_code() {
        server.answer(List.of(List.of("20 02 0005")));

        assertThat(sub("-t a")).isEqualTo(5);
        assertThat(errors.toString())
                .startsWith("sotto: the server refused to connect with NOT_AUTHORIZED");
    }
}
