package io.sotto.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class QuantityTest {
    @Test
    void units_multiply() {
        assertThat(Quantity.bytes(0, Long.MAX_VALUE).parse("64KiB")).isEqualTo(65_536);
        assertThat(Quantity.bytes(0, Long.MAX_VALUE).parse("512")).isEqualTo(512);
        assertThat(Quantity.seconds(0, Long.MAX_VALUE).parse("7d")).isEqualTo(604_800);
        assertThat(Quantity.count(0, 9_999).parse("1_000")).isEqualTo(1_000);
    }

    @Test
    void a_duration_needs_its_unit() {
        assertThatThrownBy(() -> Quantity.seconds(1, 60).parse("30"))
                .hasMessageContaining("10s, 5m, 2h or 7d");
    }

    @Test
    void what_is_out_of_range_is_refused_with_the_range() {
        assertThatThrownBy(() -> Quantity.bytes(128, 1 << 20).parse("2MiB"))
                .hasMessage("is to be within 128B to 1MiB");
        assertThatThrownBy(() -> Quantity.bytes(0, 1 << 20).parse("999999999999999999GiB"))
                .hasMessageContaining("within");
        assertThatThrownBy(() -> Quantity.count(1, 5).parse("-1")).hasMessageContaining("number");
    }

    @Test
    void a_word_stands_for_a_value_and_is_shown_for_it() {
        Quantity quantity = Quantity.seconds(1, 60).or("unlimited", 0);

        assertThat(quantity.parse("unlimited")).isZero();
        assertThat(quantity.show(0)).isEqualTo("unlimited");
        assertThat(quantity.range()).isEqualTo("1s to 1m, or unlimited");
    }
}
