package io.sotto.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.sotto.broker.spi.EventLog.Severity;
import io.sotto.server.config.LogConfig.Format;
import org.junit.jupiter.api.Test;

class LogLineTest {
    private static String text(String sentence) {
        return new LogLine(0, Severity.WARNING, sentence).text(Format.TEXT);
    }

    @Test
    void a_line_is_time_severity_and_sentence() {
        assertThat(text("it rains")).isEqualTo("1970-01-01T00:00:00.000Z WARNING it rains\n");
    }

    @Test
    void what_could_act_on_a_terminal_is_only_shown() {
        assertThat(text("a\nb\u001b[2Jc\u202ed\ud800e"))
                .endsWith(" a\\u000ab\\u001b[2Jc\\u202ed\\ud800e\n");
    }

    @Test
    void other_languages_stay_readable() {
        assertThat(text("Küche 厨房 🍵")).endsWith(" Küche 厨房 🍵\n");
    }

    @Test
    void a_long_sentence_is_cut() {
        assertThat(text("x".repeat(5_000))).hasSizeLessThan(1_100).contains("4000 more characters");
    }

    @Test
    void as_json_quotes_are_escaped_too() {
        assertThat(new LogLine(0, Severity.INFO, "a \"b\" \\\n").text(Format.JSON))
                .isEqualTo(
                        "{\"time\":\"1970-01-01T00:00:00.000Z\",\"severity\":\"INFO\","
                                + "\"message\":\"a \\\"b\\\" \\\\\\u000a\"}\n");
    }
}
