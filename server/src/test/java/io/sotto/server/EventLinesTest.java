package io.sotto.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.broker.spi.EventLog.Severity;
import io.sotto.server.config.LogConfig;
import io.sotto.server.config.LogConfig.Format;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventLinesTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private long now = 1_000_000;

    private EventLines log(Severity level) {
        return new EventLines(new LogConfig(Format.TEXT, level), out, () -> now);
    }

    private List<String> written() {
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }

    @Test
    void what_is_less_severe_than_the_level_is_left_out() {
        EventLines log = log(Severity.WARNING);

        log.event(Severity.INFO, "one");
        log.event(Severity.WARNING, "two");
        log.event(Severity.ERROR, "three");
        log.writeTheRest();

        assertThat(written()).hasSize(2);
        assertThat(written().getFirst()).endsWith("WARNING two");
    }

    @Test
    void beyond_so_many_lines_in_a_second_the_rest_is_counted() {
        EventLines log = log(Severity.INFO);

        for (int i = 0; i < EventLines.LINES_PER_SECOND + 50; i++) {
            log.event(Severity.INFO, "connected");
        }
        log.event(Severity.WARNING, "a warning has its own budget");
        log.writeTheRest();

        assertThat(written()).hasSize(EventLines.LINES_PER_SECOND + 2);
        assertThat(written().getLast()).endsWith("50 more lines of this severity were left out");
    }

    @Test
    void the_next_second_has_lines_again() {
        EventLines log = log(Severity.INFO);
        for (int i = 0; i < EventLines.LINES_PER_SECOND; i++) {
            log.event(Severity.INFO, "connected");
        }

        now += 1_000;
        log.event(Severity.INFO, "later");
        log.writeTheRest();

        assertThat(written()).hasSize(EventLines.LINES_PER_SECOND + 1);
        assertThat(written().getLast()).endsWith("later");
    }
}
