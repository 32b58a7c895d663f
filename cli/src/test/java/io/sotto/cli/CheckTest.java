package io.sotto.cli;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.cli.BrokerCheck.Login;
import io.sotto.cli.BrokerCheck.Outcome;
import io.sotto.cli.BrokerCheck.Request;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CheckTest {
    @TempDir Path directory = Path.of("");

    private final Recorder suite = new Recorder();
    private final StringWriter errors = new StringWriter();

    /// Notes what is asked of it, and answers as it is told.
    private static final class Recorder implements BrokerCheck {
        private final List<Request> requests = new ArrayList<>();
        private Outcome outcome = Outcome.PASSED;
        private boolean reachable = true;

        @Override
        public Outcome run(Request request, PrintWriter out) throws IOException {
            requests.add(request);
            if (!reachable) {
                throw new IOException("cannot reach it");
            }
            out.println("report");
            return outcome;
        }
    }

    private int check(String... arguments) {
        return new CommandLine(new Check(suite))
                .setErr(new PrintWriter(errors, true))
                .setOut(new PrintWriter(new StringWriter()))
                .execute(arguments);
    }

    private Request request(String... arguments) {
        assertThat(check(arguments)).as(errors.toString()).isZero();
        return suite.requests.getLast();
    }

    @Test
    void without_options_everything_is_tested_without_a_login() {
        assertThat(request("localhost"))
                .isEqualTo(
                        new Request(
                                new InetSocketAddress("localhost", 1883),
                                null,
                                List.of(),
                                null,
                                false,
                                null,
                                List.of(),
                                false,
                                false));
    }

    @Test
    void what_is_asked_for_reaches_the_suite() {
        Request request =
                request(
                        "[::1]:1884",
                        "--only=MQTT-3.1.2-*",
                        "--only=WillTest",
                        "--strict",
                        "--disk-full",
                        "--websocket=9001",
                        "--json",
                        "--scram=SCRAM-SHA-256",
                        "--other-user=bob",
                        "--other-password=geheim",
                        "-u=ada",
                        "-P=secret");

        assertThat(request.broker().getAddress().isLoopbackAddress()).isTrue();
        assertThat(request.broker().getPort()).isEqualTo(1884);
        assertThat(request.only()).containsExactly("MQTT-3.1.2-*", "WillTest");
        assertThat(request.strict()).isTrue();
        assertThat(request.json()).isTrue();
        assertThat(request.scram()).isEqualTo("SCRAM-SHA-256");
        assertThat(requireNonNull(request.webSocket()).getPort()).isEqualTo(9001);
        assertThat(request.diskFull()).isTrue();
        assertThat(request.logins())
                .containsExactly(new Login("ada", "secret"), new Login("bob", "geheim"));
    }

    @Test
    void a_password_may_stand_in_a_file() throws IOException {
        Path file = Files.writeString(directory.resolve("password"), "from a file\n");

        Request request = request("localhost", "-u=ada", "--password-file=" + file);

        assertThat(request.logins()).containsExactly(new Login("ada", "from a file"));
    }

    @Test
    void tls_has_its_own_port_and_checks_the_name_unless_told_otherwise() {
        Request named = request("localhost", "--tls");
        Request any = request("localhost:4711", "--insecure");

        assertThat(named.broker().getPort()).isEqualTo(8883);
        assertThat(named.tls()).isNotNull().matches(BrokerCheck.Tls::named);
        assertThat(any.broker().getPort()).isEqualTo(4711);
        assertThat(any.tls()).isNotNull().matches(tls -> !tls.named());
    }

    @Test
    void the_exit_status_tells_what_came_of_it() {
        suite.outcome = Outcome.FAILED;
        assertThat(check("localhost")).isEqualTo(1);

        suite.outcome = Outcome.NOTHING_TO_RUN;
        assertThat(check("localhost", "--only=nothing")).isEqualTo(2);
        assertThat(errors.toString()).contains("no test is meant by that");

        suite.reachable = false;
        assertThat(check("localhost")).isEqualTo(2);
        assertThat(errors.toString()).contains("cannot reach it");
    }

    @Test
    void what_does_not_fit_together_is_refused_and_nothing_is_run() {
        assertThat(check()).isEqualTo(2);
        assertThat(check("host:port")).isEqualTo(2);
        assertThat(check("localhost", "--websocket=65536")).isEqualTo(2);
        assertThat(check("localhost", "-P=secret")).isEqualTo(2);
        assertThat(check("localhost", "--scram=SCRAM-SHA-256")).isEqualTo(2);
        assertThat(check("localhost", "--cert=there-is-none.pem")).isEqualTo(2);
        assertThat(check("localhost", "--cafile=there-is-none.pem")).isEqualTo(2);
        assertThat(check("localhost", "-u=ada", "--password-file=there-is-none")).isEqualTo(2);

        assertThat(suite.requests).isEmpty();
    }
}
