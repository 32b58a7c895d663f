package io.sotto.server;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/// What `sotto serve` makes of its arguments with and without picocli.
class ServeTest {
    private static @Nullable Serve plain(String line, Map<String, String> environment) {
        return Serve.plain(line.isEmpty() ? List.of() : List.of(line.split(" ", -1)), environment);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "--port 1884",
                "--config /etc/sotto/sotto.yaml --data /var/lib/sotto",
                "--host ::1 --port 0",
                "--data data-1"
            })
    void plain_arguments_are_what_picocli_reads(String line) {
        Serve plain = requireNonNull(plain(line, Map.of()));
        Serve full = new Serve();
        CommandLine picocli = new CommandLine(full);
        if (line.isEmpty()) {
            picocli.parseArgs();
        } else {
            picocli.parseArgs(line.split(" ", -1));
        }

        assertThat(plain.config).isEqualTo(full.config);
        assertThat(plain.host).isEqualTo(full.host);
        assertThat(plain.port).isEqualTo(full.port);
        assertThat(plain.data).isEqualTo(full.data);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--help",
                "--port",
                "--port 65536",
                "--port 99999",
                "--port -1",
                "--port x",
                "--port 1 --port 2",
                "--port=1884",
                "--colour blue",
                "--data --port",
                "here",
                "--host "
            })
    void whatever_else_is_picocli_s(String line) {
        assertThat(plain(line, Map.of())).isNull();
    }

    @Test
    void the_environment_is_looked_at_where_nothing_is_given() {
        Map<String, String> environment =
                Map.of("SOTTO_PORT", "1885", "SOTTO_DATA", "/srv/data", "SOTTO_HOST", "here");

        Serve plain = requireNonNull(plain("--port 1886", environment));

        assertThat(plain.port).isEqualTo(1886);
        assertThat(plain.data).isEqualTo(Path.of("/srv/data"));
        assertThat(plain.host).isEqualTo("here");
        assertThat(plain.config).isNull();
        assertThat(plain("", Map.of("SOTTO_PORT", ""))).isNull();
    }
}
