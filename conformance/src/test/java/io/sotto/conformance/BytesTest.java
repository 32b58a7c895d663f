package io.sotto.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BytesTest {
    @Test
    void hexadecimal_strings_text_and_comments_become_bytes() {
        Bytes bytes =
                Bytes.of(
                        """
                        10 0C          # CONNECT, 12 bytes
                        <MQTT> 04 02   # name, level, flags
                        003C           # keep alive
                        'ab'           # and two letters
                        """);

        assertThat(bytes).hasToString("10 0C 00 04 4D 51 54 54 04 02 00 3C 61 62");
    }

    @Test
    void a_packet_gets_its_remaining_length() {
        Bytes packet = Bytes.packet(0x30, "<%s>".formatted("x".repeat(300)));

        assertThat(packet.first(5)).hasToString("30 AE 02 01 2C");
        assertThat(packet.size()).isEqualTo(3 + 302);
    }

    @Test
    void a_hash_inside_a_string_is_no_comment() {
        assertThat(Bytes.of("<a/#>")).hasToString("00 03 61 2F 23");
    }

    @Test
    void a_property_list_begins_with_its_length() {
        assertThat(Bytes.of(Property.list(Property.sessionExpiry(60), Property.topicAlias(1))))
                .hasToString("08 11 00 00 00 3C 23 00 01");
    }
}
