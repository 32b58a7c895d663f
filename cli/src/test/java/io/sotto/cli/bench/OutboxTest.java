package io.sotto.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sotto.client.Wire;
import io.sotto.mqtt.ProtocolVersion;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutboxTest {
    private final Narrow wire = new Narrow();
    private final List<Boolean> told = new ArrayList<>();
    private final Outbox outbox = new Outbox(ProtocolVersion.MQTT_5, wire, told::add);

    /// Takes as many bytes as the test says, and keeps them.
    private static final class Narrow implements Wire {
        private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
        private int room;

        Narrow() {}

        @Override
        public boolean write(ByteBuffer from) {
            while (from.hasRemaining() && room > 0) {
                taken.write(from.get());
                room--;
            }
            return !from.hasRemaining();
        }

        @Override
        public SocketChannel channel() {
            throw new UnsupportedOperationException("nobody selects here");
        }

        @Override
        public int read(ByteBuffer to) {
            return 0;
        }

        @Override
        public void finish() {
            room = 0;
        }

        @Override
        public void close() {
            room = 0;
        }
    }

    private void put(int size, int value) {
        outbox.put(
                size,
                to -> {
                    for (int i = 0; i < size; i++) {
                        to.put((byte) value);
                    }
                });
    }

    @Test
    void what_has_no_room_stays_and_goes_in_its_order() throws IOException {
        put(10, 1);
        wire.room = 4;

        assertThat(outbox.flush()).isFalse();
        put(2, 2);
        assertThat(outbox.flush()).isFalse();
        wire.room = 100;
        assertThat(outbox.flush()).isTrue();

        assertThat(wire.taken.toByteArray()).containsExactly(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2);
        assertThat(told).containsExactly(true, false);
    }

    @Test
    void who_can_wait_sees_that_much_is_left() throws IOException {
        put(100_000, 1);
        assertThat(outbox.hasRoom()).isFalse();

        wire.room = 99_000;
        outbox.flush();

        assertThat(outbox.hasRoom()).isTrue();
    }

    @Test
    void nothing_goes_after_the_end() {
        put(1, 1);
        wire.room = 100;
        outbox.end("the server is gone");

        assertThatThrownBy(outbox::flush)
                .isInstanceOf(IOException.class)
                .hasMessage("the server is gone");
        assertThat(wire.taken.size()).isZero();
    }
}
