package io.sotto.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `sotto tree` and `sotto top`, whose output is no terminal here.
@Timeout(30)
class WatchTest {
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final StringWriter errors = new StringWriter();
    private final List<String> asked = new CopyOnWriteArrayList<>();

    private int run(String name, String line) {
        Streams streams = new Streams(new ByteArrayInputStream(new byte[0]), printed);
        Watch command = name.equals("tree") ? new Tree(streams) : new Top(streams, this::answer);
        return Commands.client(command)
                .setErr(new PrintWriter(errors, true))
                .execute(line.split(" ", -1));
    }

    private List<String> answer(Path folder, String command) throws IOException {
        if (!folder.equals(Path.of("here"))) {
            throw new IOException("no broker answers");
        }
        asked.add(command);
        return List.of(
                "2", "1.00 20.00 2048.0 lamp%1B%5B2J ada 10.0.0.7%3A1", "0.00 0.00 0.0 b - c");
    }

    private String printed() {
        return printed.toString(StandardCharsets.UTF_8);
    }

    @Test
    void a_pipe_gets_one_tree_without_what_a_terminal_obeys() throws IOException {
        try (ObedientServer server =
                new ObedientServer("31 06 0003 612f62 31" + "30 06 0003 612f63 32", true)) {
            int status = run("tree", "-h 127.0.0.1 -W 1 -p " + server.port());

            assertThat(status).as(errors.toString()).isZero();
            assertThat(printed())
                    .isEqualTo("2 topics, 1 message, 1.0/s\na\n├─ b  1\n└─ c  2  1.0/s\n");
        }
    }

    @Test
    void top_is_one_table() throws IOException {
        try (ObedientServer server = new ObedientServer("30 06 0003 612f63 32", true)) {
            int status = run("top", "-h 127.0.0.1 --once -W 1 -p " + server.port());

            assertThat(status).as(errors.toString()).isZero();
            assertThat(printed()).contains("1.0/s").endsWith("  a/c\n");
        }
    }

    @Test
    void top_shows_the_clients_of_a_broker_that_is_ours() throws IOException {
        try (ObedientServer server = new ObedientServer("30 06 0003 612f63 32", true)) {
            int status =
                    run("top", "-h 127.0.0.1 --once -W 1 -n 7 --data here -p " + server.port());

            assertThat(status).as(errors.toString()).isZero();
            assertThat(asked).containsExactly("clients 7 1000");
            assertThat(printed())
                    .contains("client, of 2\n")
                    .contains("    1.0/s      20/s    2.0 kB/s   lamp?[2J as ada from 10.0.0.7:1\n")
                    .contains("        -         -           -   b from c\n")
                    .endsWith("  a/c\n");
        }
    }

    @Test
    void top_goes_on_without_clients_where_no_broker_answers() throws IOException {
        try (ObedientServer server = new ObedientServer("30 06 0003 612f63 32", true)) {
            int status = run("top", "-h 127.0.0.1 --once -W 1 --data away -p " + server.port());

            assertThat(status).as(errors.toString()).isZero();
            assertThat(printed())
                    .contains("clients of away: no broker answers\n")
                    .endsWith("  a/c\n");
        }
    }

    @Test
    void a_subscription_that_is_refused_is_told() throws IOException {
        try (StubbornServer server = new StubbornServer()) {
            server.answer(List.of(List.of("20 02 0000", "90 04 0001 80 80")));

            int status = run("top", "-h 127.0.0.1 -W 1 -p " + server.port());

            assertThat(status).isEqualTo(1);
            assertThat(printed()).isEmpty();
            assertThat(errors.toString()).contains("refused the subscription to # with");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-t a/#/b", "--interval 0", "-W -1", "--max-topics 0", "--depth 0"})
    void what_makes_no_sense_is_refused_before_connecting(String line) {
        assertThat(run("tree", line)).isEqualTo(1);
        assertThat(errors.toString()).isNotEmpty().doesNotContain("cannot reach");
    }

    @Test
    void the_size_of_a_terminal_is_what_stty_says() {
        assertThat(Terminal.parse("50 132\n")).isEqualTo(new Terminal(50, 132));
        assertThat(Terminal.parse("0 0\n")).isEqualTo(new Terminal(24, 80));
        assertThat(Terminal.parse("no tty")).isEqualTo(new Terminal(24, 80));
    }
}
