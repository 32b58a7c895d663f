package io.sotto.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class NetworksTest {
    @Test
    void a_block_has_the_addresses_that_begin_alike() {
        Networks addresses =
                Networks.of(List.of("10.0.0.0/8", "192.0.2.7", "2001:db8::/33", "172.16.0.0/12"));

        assertThat(addresses.contains("10.255.1.2")).isTrue();
        assertThat(addresses.contains("11.0.0.1")).isFalse();
        assertThat(addresses.contains("192.0.2.7")).isTrue();
        assertThat(addresses.contains("192.0.2.8")).isFalse();
        assertThat(addresses.contains("172.31.0.1")).isTrue();
        assertThat(addresses.contains("172.32.0.1")).isFalse();
        assertThat(addresses.contains("2001:db8:7fff::1")).isTrue();
        assertThat(addresses.contains("2001:db8:8000::1")).isFalse();
        assertThat(addresses.contains("localhost")).isFalse();
        assertThat(addresses.contains("unix")).isFalse();
    }

    @Test
    void a_block_of_nothing_in_common_has_all_of_its_kind() {
        assertThat(Networks.of(List.of("0.0.0.0/0")).contains("1.2.3.4")).isTrue();
        assertThat(Networks.of(List.of("0.0.0.0/0")).contains("::1")).isFalse();
        assertThat(Networks.NONE.contains("1.2.3.4")).isFalse();
    }

    @Test
    void what_is_no_block_is_refused() {
        for (String wrong :
                List.of("10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/x", "example.com", "", "1.2.3/8")) {
            assertThatThrownBy(() -> Networks.of(List.of(wrong)))
                    .as(wrong)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("'" + wrong + "'");
        }
    }
}
