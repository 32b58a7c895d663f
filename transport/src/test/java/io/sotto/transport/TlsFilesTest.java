package io.sotto.transport;

import static io.sotto.transport.TestKeys.file;
import static io.sotto.transport.TestKeys.pair;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sotto.transport.TlsSettings.Clients;
import io.sotto.transport.TlsSettings.Engine;
import io.sotto.transport.TlsSettings.Handshakes;
import io.sotto.transport.TlsSettings.Identity;
import io.sotto.transport.TlsSettings.Need;
import io.sotto.transport.TlsSettings.Pair;
import io.sotto.transport.TlsSettings.Upkeep;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsFilesTest {
    private static final int DAY = 24 * 3600;

    private final List<String> events = new ArrayList<>();

    private static TlsSettings settings(Clients clients, Pair pair) {
        return new TlsSettings(
                List.of(pair),
                clients,
                false,
                true,
                Engine.JDK,
                Handshakes.DEFAULT,
                new Upkeep(DAY, 30 * DAY),
                TlsSettings.CIPHERS);
    }

    private TlsFiles open(Clients clients, Pair pair) throws IOException {
        return TlsFiles.open(
                "door",
                settings(clients, pair),
                (severity, text) -> events.add(severity + " " + text),
                new Certified());
    }

    @Test
    void the_log_warns_once_a_day_before_a_certificate_ends() throws IOException {
        Instant end = Credentials.read(pair("server")).certificate().getNotAfter().toInstant();
        try (TlsFiles files = open(Clients.NONE, pair("server"))) {
            files.look(end.minus(Duration.ofDays(31)));
            assertThat(events).isEmpty();

            files.look(end.minus(Duration.ofDays(29)));
            files.look(end.minus(Duration.ofDays(29)).plusSeconds(3600));
            assertThat(events)
                    .containsExactly(
                            "WARNING listener door: the certificate in %s ends at %s"
                                    .formatted(file("server.pem"), end));

            files.look(end.plusSeconds(1));
            assertThat(events.getLast())
                    .startsWith("ERROR")
                    .contains("is out of date since " + end);
        }
    }

    @Test
    void a_reload_has_the_files_looked_at_without_waiting_for_the_next_watch(
            @TempDir Path directory) throws Exception {
        Path certificate = Files.copy(file("server.pem"), directory.resolve("own.pem"));
        Path key = Files.copy(file("server.key"), directory.resolve("own.key"));
        BlockingQueue<String> told = new LinkedBlockingQueue<>();
        TlsSettings settings = settings(Clients.NONE, new Pair(certificate, key, null));
        try (TlsFiles files =
                TlsFiles.open(
                        "door", settings, (severity, text) -> told.add(text), new Certified())) {
            TlsContexts before = files.current();
            Files.copy(file("second.pem"), certificate, StandardCopyOption.REPLACE_EXISTING);
            Files.copy(file("second.key"), key, StandardCopyOption.REPLACE_EXISTING);

            files.renew();

            assertThat(told.poll(10, TimeUnit.SECONDS)).contains("were read anew");
            assertThat(files.current()).isNotSameAs(before);
        }
    }

    @Test
    void a_certificate_that_has_ended_is_told_at_once() throws IOException {
        try (TlsFiles files = open(Clients.NONE, pair("expired"))) {
            assertThat(files.current().hasOne()).isTrue();
            assertThat(events).singleElement().asString().contains("out of date since 2021-01-01");
        }
    }

    @Test
    void a_directory_in_the_place_of_a_file_is_named(@TempDir Path directory) {
        Pair pair = new Pair(directory, file("server.key"), null);

        assertThatThrownBy(() -> open(Clients.NONE, pair))
                .isInstanceOf(IOException.class)
                .hasMessage("'" + directory + "' is a directory");
    }

    @Test
    void h_tls_06_without_its_revocation_list_a_listener_does_not_open() {
        Path missing = Path.of("no-such.crl");
        Clients clients =
                new Clients(
                        Need.REQUIRED,
                        List.of(file("ca.pem")),
                        List.of(missing),
                        Identity.COMMON_NAME);

        assertThatThrownBy(() -> open(clients, pair("server")))
                .isInstanceOf(IOException.class)
                .hasMessage("no-such.crl is not there");
    }
}
