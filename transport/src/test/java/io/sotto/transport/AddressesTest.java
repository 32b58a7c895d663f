package io.sotto.transport;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AddressesTest {
    private static final long NOW = 1_000_000;

    @Test
    void nothing_is_remembered_when_nothing_is_bounded() {
        Addresses addresses = new Addresses(0, 0);

        for (int i = 0; i < 1_000; i++) {
            assertThat(addresses.admit("10.0.0." + i, NOW)).isNull();
        }

        assertThat(addresses.size()).isZero();
    }

    @Test
    void an_address_has_its_number_and_its_rate() {
        Addresses addresses = new Addresses(2, 3);

        assertThat(addresses.admit("a", NOW)).isNull();
        assertThat(addresses.admit("a", NOW)).isNull();
        assertThat(addresses.admit("a", NOW)).isEqualTo("limits.connections-per-address");
        addresses.left("a", NOW);
        assertThat(addresses.admit("a", NOW)).isNull();
        addresses.left("a", NOW);
        assertThat(addresses.admit("a", NOW)).isEqualTo("limits.connect-rate-per-address");
        assertThat(addresses.admit("b", NOW)).isNull();
        assertThat(addresses.admit("a", NOW + 334)).isNull();
    }

    @Test
    void who_is_gone_and_was_quiet_is_forgotten() {
        Addresses addresses = new Addresses(0, 3);
        for (int i = 0; i < 1_000; i++) {
            addresses.admit("address-" + i, NOW);
        }
        for (int i = 0; i < 900; i++) {
            addresses.left("address-" + i, NOW);
        }

        addresses.sweep(NOW);
        assertThat(addresses.size()).isEqualTo(1_000);
        addresses.sweep(NOW + 1_000);

        assertThat(addresses.size()).isEqualTo(100);
    }
}
