package io.sotto.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sotto.mqtt.Payload;
import io.sotto.mqtt.Publish;
import io.sotto.mqtt.PublishProperties;
import io.sotto.mqtt.QoS;
import io.sotto.mqtt.TopicName;
import io.sotto.mqtt.UserProperty;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OutputFormatTest {
    private static final ZonedDateTime TIME =
            ZonedDateTime.of(2026, 11, 3, 9, 7, 5, 12_345_678, ZoneId.of("Europe/Berlin"));

    private static final PublishProperties PROPERTIES =
            new PublishProperties(
                    1,
                    100,
                    "text/plain",
                    "answers",
                    Payload.of("no 7"),
                    List.of(
                            new UserProperty("room", "kitchen"),
                            new UserProperty("room", "pantry")));

    private static String format(String format, String payload, PublishProperties properties) {
        Publish message =
                new Publish(
                        TopicName.of("home/oven"),
                        Payload.of(payload),
                        QoS.AT_LEAST_ONCE,
                        true,
                        false,
                        7,
                        0,
                        properties.equals(PublishProperties.NONE) ? List.of() : List.of(3),
                        properties);
        byte[] bytes =
                OutputFormat.parse(format, PayloadView.RAW, false)
                        .apply(new Arrival(message, TIME, true));
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static String plain(String format) {
        return format(format, "hi", PublishProperties.NONE);
    }

    @ParameterizedTest
    @CsvSource(
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "%t,home/oven",
                "%p,hi",
                "%q%r,11",
                "%l,2",
                "%m,7",
                "%x,6869",
                "%X,6869",
                "%%,%",
                "%12t|,   home/oven|",
                "%-12t|,home/oven   |",
                "%.4t,home",
                "%6.4t,  home",
                "%5p|,   hi|",
                "%-5p|,hi   |",
                "%.1p,hi",
                "%05l,00002",
                "%-05l|,2    |",
                "%08x,00006869",
                "%0t,home/oven",
                "%A%C%D%E%F%P%R%S,''",
                "%04S,0000",
                "a %q b %r c,a 1 b 1 c"
            })
    void a_part_of_the_message_stands_for_its_letter(String format, String expected) {
        assertThat(plain(format)).isEqualTo(expected);
    }

    @Test
    void properties_have_letters_too() {
        assertThat(format("%C|%D|%E|%F|%P|%R|%S", "hi", PROPERTIES))
                .isEqualTo("text/plain|no 7|100|1|room:kitchen room:pantry|answers|3");
    }

    @ParameterizedTest
    @CsvSource(
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "%I,2026-11-03T09:07:05+0100",
                "%U,1793693225.012345678",
                "@Y-@m-@d @H:@M:@S,2026-11-03 09:07:05",
                "@@,@",
                "@N,012345678",
                "@a @A @b @B @h,Tue Tuesday Nov November Nov",
                "@c,Tue Nov  3 09:07:05 2026",
                "@C @y @g @G,20 26 26 2026",
                "@D @F @x,11/03/26 2026-11-03 11/03/26",
                "@e|@k|@l|@I,' 3| 9| 9|09'",
                "@j @u @w @U @W @V,307 2 2 44 44 45",
                "@p @P @r @R @T @X,AM am 09:07:05 AM 09:07 09:07:05 09:07:05",
                "@s @z @Z,1793693225 +0100 CET",
                "@q @%,%q %"
            })
    void the_time_is_written_as_c_does_it(String format, String expected) {
        assertThat(plain(format)).isEqualTo(expected);
    }

    @Test
    void characters_that_are_hard_to_type_have_escapes() {
        assertThat(plain("\\\\\\0\\a\\e\\n\\r\\t\\v")).isEqualTo("\\\0\u0007\u001b\n\r\t\u000b");
        assertThat(plain("@n@t")).isEqualTo("\n\t");
    }

    @Test
    void json_quotes_the_payload_and_names_the_properties() {
        assertThat(format("%j", "a \"b\"\n", PROPERTIES))
                .isEqualTo(
                        "{\"tst\":\"2026-11-03T09:07:05.012345+0100\",\"topic\":\"home/oven\","
                                + "\"qos\":1,\"retain\":1,\"payloadlen\":6,\"mid\":7,"
                                + "\"properties\":{\"subscription-identifier\":3,"
                                + "\"payload-format-indicator\":1,\"message-expiry-interval\":100,"
                                + "\"content-type\":\"text/plain\",\"response-topic\":\"answers\","
                                + "\"correlation-data\":\"no 7\",\"user-properties\":"
                                + "{\"room\":\"kitchen\",\"room\":\"pantry\"}},"
                                + "\"payload\":\"a \\\"b\\\"\\n\"}");
    }

    @Test
    void json_of_an_empty_message_has_no_payload() {
        assertThat(format("%j", "", PublishProperties.NONE))
                .endsWith(",\"mid\":7,\"payload\":null}");
    }

    @Test
    void json_may_contain_the_payload_as_json() {
        assertThat(format("%J", " {\"a\": 1.50, \"b\": [1, \"ä\"]} ", PublishProperties.NONE))
                .endsWith(",\"payload\":{\"a\":1.50,\"b\":[1,\"ä\"]}}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "1 2", "hello"})
    void what_is_no_json_is_told(String payload) {
        assertThatThrownBy(() -> format("%J", payload, PublishProperties.NONE))
                .isInstanceOf(PayloadView.Unreadable.class)
                .hasMessage("the payload on home/oven is no JSON");
    }

    @ParameterizedTest
    @ValueSource(strings = {"%", "%5", "%-", "%.", "@", "\\", "%z", "\\q", "%123456t"})
    void what_means_nothing_is_refused(String format) {
        assertThatThrownBy(() -> OutputFormat.parse(format, PayloadView.RAW, false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("-F: ");
    }

    @Test
    void bytes_go_through_as_they_are() {
        byte[] bytes = {0, (byte) 0xFF, 'a', '\n'};
        Publish message =
                new Publish(
                        TopicName.of("t"),
                        Payload.copyOf(bytes),
                        QoS.AT_MOST_ONCE,
                        false,
                        false,
                        0,
                        0,
                        List.of(),
                        PublishProperties.NONE);

        assertThat(
                        OutputFormat.parse("%p", PayloadView.RAW, false)
                                .apply(new Arrival(message, TIME, false)))
                .isEqualTo(bytes);
    }
}
