package io.sotto.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BrokerAddressTest {
    @ParameterizedTest
    @CsvSource({
        "localhost, localhost, 0",
        "broker.lan:1884, broker.lan, 1884",
        "192.0.2.1:1, 192.0.2.1, 1",
        "[::1]:8883, ::1, 8883",
        "[fe80::1%eth0], fe80::1%eth0, 0"
    })
    void a_host_stands_before_its_port(String text, String host, int port) {
        assertThat(BrokerAddress.parse(text)).isEqualTo(new BrokerAddress(host, port));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ":1883", "::1:1883", "host:", "host:x", "mqtt://host", "[::1"})
    void what_is_no_address_is_refused(String text) {
        assertThatThrownBy(() -> BrokerAddress.parse(text)).hasMessageContaining("no HOST:PORT");
    }

    @Test
    void a_port_has_its_range() {
        assertThatThrownBy(() -> BrokerAddress.parse("host:0")).hasMessageContaining("1 to 65,535");
        assertThatThrownBy(() -> BrokerAddress.parse("host:65536"))
                .hasMessageContaining("1 to 65,535");
    }
}
