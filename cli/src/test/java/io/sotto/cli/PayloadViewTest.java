package io.sotto.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sotto.mqtt.Payload;
import io.sotto.mqtt.Publish;
import io.sotto.mqtt.PublishProperties;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.TopicName;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class PayloadViewTest {
    // RFC 8949: {"a": 1, "b": [2, 3], "c": h'0102', "d": 1.5}
    private static final String CBOR = "a4 6161 01 6162 820203 6163 420102 6164 f93e00";

    private static Publish message(byte[] payload) {
        return new Publish(
                TopicName.of("a"),
                Payload.copyOf(payload),
                QoS.AT_MOST_ONCE,
                false,
                false,
                0,
                0,
                List.of(),
                PublishProperties.NONE);
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits.replace(" ", ""));
    }

    /// What the options make of a payload, as `sotto sub` prints it.
    private static String printed(byte[] payload, String... options) throws IOException {
        OutputOptions parsed = new OutputOptions();
        new CommandLine(parsed).parseArgs(options);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        parsed.settle(out, false).print(message(payload));
        return out.toString(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource({"raw, hi?", "hex, 68693f", "base64, aGk/"})
    void bytes_are_written_in_digits(String view, String expected) throws IOException {
        assertThat(printed("hi?".getBytes(StandardCharsets.UTF_8), "--view", view))
                .isEqualTo(expected + "\n");
    }

    @Test
    void cbor_becomes_json() throws IOException {
        assertThat(printed(hex(CBOR), "--view", "cbor", "-v"))
                .isEqualTo("a {\"a\":1,\"b\":[2,3],\"c\":\"AQI=\",\"d\":1.5}\n");
    }

    @Test
    void pretty_takes_several_lines() throws IOException {
        String expected = "{\n  \"a\" : 1.50\n}\n";

        assertThat(
                        printed(
                                "{\"a\":1.50}".getBytes(StandardCharsets.UTF_8),
                                "--view",
                                "json",
                                "--pretty"))
                .isEqualTo(expected);
        assertThat(printed(hex("a1 6161 01"), "--view", "cbor", "--pretty"))
                .isEqualTo("{\n  \"a\" : 1\n}\n");
    }

    @Test
    void a_view_counts_in_formats_too() throws IOException {
        assertThat(printed(hex("0aff"), "--view", "base64", "-F", "%l %p")).isEqualTo("2 Cv8=\n");
        assertThat(printed(hex("0aff"), "--view", "hex", "-F", "%j"))
                .contains("\"payload\":\"0aff\"");
        assertThat(printed(hex("a1 6161 01"), "--view", "cbor", "-F", "%J"))
                .contains("\"payload\":{\"a\":1}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a1 6161", "01 02", "ff", "1c"})
    void what_is_no_cbor_is_told(String digits) {
        assertThatThrownBy(() -> PayloadView.CBOR.of(message(hex(digits)), false))
                .isInstanceOf(PayloadView.Unreadable.class)
                .hasMessage("the payload on a is no CBOR");
    }

    @Test
    void what_is_nested_without_end_is_no_reason_to_fall_over() {
        byte[] deep = new byte[100_000];
        Arrays.fill(deep, (byte) 0x81);

        assertThatThrownBy(() -> PayloadView.CBOR.of(message(deep), false))
                .isInstanceOf(PayloadView.Unreadable.class);
    }

    @Test
    void what_is_no_json_is_told_and_leaves_an_empty_line() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        OutputOptions options = new OutputOptions();
        options.view = PayloadView.JSON;

        assertThatThrownBy(() -> options.settle(out, false).print(message(hex("7b"))))
                .hasMessage("the payload on a is no JSON");

        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("\n");
    }
}
