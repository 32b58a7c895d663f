package io.sotto.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sotto.cli.BrokerUrl.Scheme;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BrokerUrlTest {
    @ParameterizedTest
    @CsvSource({
        "mqtt://h, MQTT, h, 1883, ''",
        "mqtts://h, MQTTS, h, 8883, ''",
        "ws://h, WS, h, 80, ''",
        "ws://h:8080/mqtt?a=b, WS, h, 8080, 'mqtt?a=b'",
        "wss://u:p@[::1]:1/x/y, WSS, ::1, 1, x/y",
        "unix:/run/sotto.sock, UNIX, '', 0, /run/sotto.sock",
        "unix:///run/sotto.sock, UNIX, '', 0, /run/sotto.sock",
        "unix:sotto.sock, UNIX, '', 0, sotto.sock"
    })
    void each_scheme_has_its_parts(String text, Scheme scheme, String host, int port, String rest) {
        BrokerUrl url = BrokerUrl.parse(text);

        assertThat(url.scheme()).isEqualTo(scheme);
        assertThat(url.address().host()).isEqualTo(host);
        assertThat(url.port(scheme.isSecure())).isEqualTo(port);
        assertThat(url.rest()).isEqualTo(rest);
    }

    @Test
    void only_mqtt_has_a_topic_in_its_path() {
        assertThat(BrokerUrl.parse("mqtts://h/a/b").topic()).isEqualTo("a/b");
        assertThat(BrokerUrl.parse("mqtt://h").topic()).isNull();
        assertThat(BrokerUrl.parse("ws://h/a/b").topic()).isNull();
        assertThat(BrokerUrl.parse("unix:/a/b").topic()).isNull();
    }

    @Test
    void a_broker_may_be_short() {
        BrokerUrl.ShortConverter converter = new BrokerUrl.ShortConverter();

        assertThat(converter.convert("h:1")).isEqualTo(BrokerUrl.of("h", 1));
        assertThat(converter.convert("h")).isEqualTo(BrokerUrl.of("h", 0));
        assertThat(converter.convert("ws://h").scheme()).isEqualTo(Scheme.WS);
        assertThat(converter.convert("unix:x").scheme()).isEqualTo(Scheme.UNIX);
    }

    @Test
    void text_for_people_holds_no_secret() {
        assertThat(BrokerUrl.parse("wss://ada:secret@h:1/mqtt")).hasToString("wss://h:1");
        assertThat(BrokerUrl.parse("unix:/x")).hasToString("unix:/x");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"http://ada:secret@h", "mqtt://", "ws:/h", "unix:", "mqtt://ada:secret@h:0"})
    void what_is_none_is_refused_without_its_secret(String text) {
        assertThatThrownBy(() -> BrokerUrl.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .doesNotContain("secret");
    }
}
